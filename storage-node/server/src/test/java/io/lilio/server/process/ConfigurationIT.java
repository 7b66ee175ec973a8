package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The configuration as an operator writes it: a file, the environment, JVM properties. */
class ConfigurationIT {

    @TempDir Path directory;

    @Test
    void theFileThatReadmeShowsPutsChunksOnItsThreeDisks() throws Exception {
        Path mnt = directory.resolve("mnt");
        String yaml = yamlOfReadme().replace("/mnt/", mnt + "/");
        assertThat(yaml).contains(mnt + "/disk1/lilio", mnt + "/disk2/lilio", mnt + "/disk3/lilio");
        try (ServerProcess server =
                        ServerProcess.start(directory.resolve("data"), configuredBy(yaml));
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(b -> b.bucket("configured"));
            s3.putObject(
                    b -> b.bucket("configured").key("k"), RequestBody.fromBytes(new byte[100_000]));
            assertThat(server.health().states())
                    .isEqualTo(Map.of("disk1", "UP", "disk2", "UP", "disk3", "UP"));
            assertThat(server.terminate()).isIn(0, 143);
            StoppedStore.assertHoldsExactlyWhatRecordsName(
                    server.data(),
                    Stream.of("disk1", "disk2", "disk3")
                            .map(disk -> mnt.resolve(disk).resolve("lilio"))
                            .toList());
            assertThat(server.data().resolve("disk1")).doesNotExist();
        }
    }

    private static String yamlOfReadme() throws IOException {
        String readme = Files.readString(ServerProcess.repository().resolve("README.md"));
        int begin = readme.indexOf("```yaml\n") + "```yaml\n".length();
        return readme.substring(begin, readme.indexOf("```", begin));
    }

    @Test
    void aWriteQuorumOfOneStartsWithAWarningAsLongAsItIsInForce() throws Exception {
        String warning = "write quorum 1 with replication factor 3";
        Map<String, String> settings = configuredBy("lilio: { replication: { factor: 3 } }\n");
        settings.put("LILIO_REPLICATION_WRITE_QUORUM", "1");
        assertThat(warningsOfAStart(settings)).hasSize(1).first().asString().contains(warning);

        assertThat(warningsOfAStart(Map.of())).hasSize(1).first().asString().contains(warning);

        settings.put("LILIO_REPLICATION_WRITE_QUORUM", "2");
        assertThat(warningsOfAStart(settings))
                .hasSize(2)
                .anyMatch(line -> line.contains(warning))
                .anyMatch(
                        line ->
                                line.contains(
                                        "lilio.replication.write-quorum is 2, but 1 is in force"));
    }

    private List<String> warningsOfAStart(Map<String, String> settings) throws Exception {
        try (ServerProcess server = ServerProcess.start(directory.resolve("data"), settings)) {
            assertThat(server.terminate()).isIn(0, 143);
            List<String> warnings =
                    server.log().lines().filter(line -> line.contains(" WARN ")).toList();
            Files.delete(directory.resolve("data.log"));
            return warnings;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lilio: { s3: { prot: 9000 } }|lilio.s3.prot|is not a setting",
                "lilio: { backends: [ { name: A, path: /x } ] }|lilio.backends[0].name is"
                        + " \"A\"|small letters",
                "lilio: { s3: [|lilio.yaml|cannot be read"
            })
    void aFileThatIsWrongStopsTheStart(String yaml, String setting, String why) throws Exception {
        ServerProcess.startInVain(directory.resolve("data"), configuredBy(yaml))
                .saying(setting, why);
    }

    @ParameterizedTest
    @CsvSource({
        "LILIO_CONFIG, /no/such/lilio.yaml, LILIO_CONFIG, that can be read",
        "LILIO_REPLICATION_READ_QUORUM, 1, lilio.replication.read-quorum, has to be more than",
        "LILIO_JAVA_OPTS, -Dlilio.s3.prot=9000, lilio.s3.prot, is not a setting",
        "LILIO_MEMORY_BUFFERS, 1G, lilio.memory.buffers, -XX:MaxDirectMemorySize"
    })
    void aVariableThatIsWrongStopsTheStart(String name, String value, String setting, String why)
            throws Exception {
        ServerProcess.startInVain(directory.resolve("data"), Map.of(name, value))
                .saying(setting, why);
    }

    private Map<String, String> configuredBy(String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("lilio.yaml"), yaml);
        return new HashMap<>(Map.of("LILIO_CONFIG", file.toString()));
    }
}
