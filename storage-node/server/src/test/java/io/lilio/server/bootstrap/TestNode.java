package io.lilio.server.bootstrap;

import io.lilio.server.bootstrap.config.LilioConfig;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.bootstrap.config.SettingsReader;
import io.lilio.server.metrics.NodeMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;

/** Nodes in this process, with little memory and on any free port. */
final class TestNode {

    private TestNode() {}

    /** What is configured by so many pairs of a setting and its value, without {@code lilio.}. */
    static NodeSettings settings(Path data, String... keysAndValues) {
        Map<String, String> values = new HashMap<>();
        values.put("lilio.data-dir", data.toString());
        values.put("lilio.s3.port", "0");
        values.put("lilio.memory.buffers", "16M");
        values.put("lilio.memory.rocksdb", "16M");
        values.put("lilio.maintenance.trash.interval", "100ms");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put("lilio." + keysAndValues[i], keysAndValues[i + 1]);
        }
        return SettingsReader.read(
                new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(values, "test", 100))
                        .withMapping(LilioConfig.class)
                        .build()
                        .getConfigMapping(LilioConfig.class));
    }

    /** Starts a node that is configured so, with its meters in this registry. */
    static StorageNode start(Path data, MeterRegistry registry, String... keysAndValues)
            throws IOException {
        return new StorageNode(
                settings(data, keysAndValues),
                StorageNode.Duty.SERVE,
                RootCredentials.given("root", "root-secret", Map.of()),
                new SecretKeySpec(new byte[32], "AES"),
                NodeMetrics.in(registry));
    }

    /** Removes a directory and all that is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
