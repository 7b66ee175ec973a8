package io.lilio.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.cluster.LilioCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The objects as a reviewer reads them: what a change of the code does to them is seen in the
 * change of these files, which {@code -Dlilio.golden=write} brings up to date.
 */
class GoldenFilesTest {

    private static final Path RESOURCES = Path.of("src/test/resources/dependent");

    enum Sample {
        SMALL("small", Samples::small),
        FULL("full", Samples::full);

        private final Path directory;
        private final Supplier<LilioCluster> cluster;

        Sample(String name, Supplier<LilioCluster> cluster) {
            this.directory = RESOURCES.resolve(name);
            this.cluster = cluster;
        }
    }

    @ParameterizedTest
    @EnumSource
    void objectsAreThoseOfTheFiles(Sample sample) throws IOException {
        Map<String, String> objects = written(sample.cluster.get());
        if ("write".equals(System.getProperty("lilio.golden"))) {
            write(sample.directory, objects);
        }
        assertThat(files(sample.directory)).isEqualTo(objects);
    }

    /** By the names of files. */
    private static Map<String, String> written(LilioCluster cluster) {
        KubernetesSerialization yaml = new KubernetesSerialization();
        Map<String, String> texts = new TreeMap<>();
        for (HasMetadata object : AllObjects.of(cluster)) {
            String name =
                    object.getKind()
                            + object.getMetadata()
                                    .getName()
                                    .substring(cluster.getMetadata().getName().length());
            String before =
                    texts.put(
                            name + ".yaml",
                            yaml.asYaml(FieldOrder.of(yaml.convertValue(object, Map.class))));
            assertThat(before).describedAs("two are called %s", name).isNull();
        }
        return texts;
    }

    private static Map<String, String> files(Path directory) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return texts;
    }

    private static void write(Path directory, Map<String, String> objects) throws IOException {
        Files.createDirectories(directory);
        for (String old : files(directory).keySet()) {
            Files.delete(directory.resolve(old));
        }
        for (Map.Entry<String, String> each : objects.entrySet()) {
            Files.writeString(directory.resolve(each.getKey()), each.getValue());
        }
    }
}
