package io.lilio.metadata.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.Txn;
import io.lilio.rocks.RocksMemory;
import io.lilio.time.SystemTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own commits and says so; it is killed at a random moment. */
class KillTest {

    @TempDir Path directory;

    @Test
    void everyAcknowledgedTransactionSurvivesKill() throws Exception {
        killAndLook(3);
    }

    @Test
    @Tag("faults")
    void everyAcknowledgedTransactionSurvivesThirtyKills() throws Exception {
        killAndLook(30);
    }

    private void killAndLook(int kills) throws Exception {
        Random random = new Random(17);
        Map<String, Long> acknowledged = new HashMap<>();
        Map<String, Long> values = new HashMap<>();
        long lastRevision = 0;
        for (int i = 0; i < kills; i++) {
            Process child = start();
            int lines = 50 + random.nextInt(2_000);
            try (BufferedReader out =
                    new BufferedReader(
                            new InputStreamReader(
                                    child.getInputStream(), StandardCharsets.UTF_8))) {
                String line;
                // What is still in the pipe after the kill was acknowledged as well.
                while ((line = out.readLine()) != null) {
                    String[] said = line.split(" ");
                    if (said.length != 4 || !said[0].equals("ok") || !said[3].endsWith(".")) {
                        continue;
                    }
                    acknowledged.merge(said[1], Long.parseLong(said[2]), Math::max);
                    values.merge(
                            said[1],
                            Long.parseLong(said[3].substring(0, said[3].length() - 1)),
                            Math::max);
                    lastRevision = Math.max(lastRevision, Long.parseLong(said[2]));
                    if (--lines == 0) {
                        child.toHandle().destroyForcibly(); // the pipe stays open
                    }
                }
            }
            assertThat(child.waitFor()).as("it was killed").isEqualTo(128 + 9);
            look(acknowledged, values, lastRevision);
        }
    }

    private void look(Map<String, Long> acknowledged, Map<String, Long> values, long lastRevision) {
        try (SystemTime time = new SystemTime();
                RocksMemory memory = RocksMemory.withDefaults();
                RocksMetadataStore store =
                        new RocksMetadataStore(RocksMetadataSettings.of(directory), memory, time)) {
            assertThat(store.revision()).isGreaterThanOrEqualTo(lastRevision);
            acknowledged.forEach(
                    (writer, revision) -> {
                        KeyValue own =
                                store.read(List.of(Bytes.ofUtf8(writer))).get(0).orElseThrow();
                        KeyValue twin =
                                store.read(List.of(Bytes.ofUtf8("twin of " + writer)))
                                        .get(0)
                                        .orElseThrow();
                        assertThat(own.modRevision()).isGreaterThanOrEqualTo(revision);
                        assertThat(number(own)).isGreaterThanOrEqualTo(values.get(writer));
                        assertThat(twin.modRevision())
                                .as("all of a transaction or nothing")
                                .isEqualTo(own.modRevision());
                        assertThat(twin.value()).isEqualTo(own.value());
                    });
        }
    }

    private static long number(KeyValue found) {
        return Long.parseLong(new String(found.value().array(), StandardCharsets.UTF_8));
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The process: writers that count up, each in two keys at once, and say so once committed. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws InterruptedException {
            RocksMetadataStore store =
                    new RocksMetadataStore(
                            new RocksMetadataSettings(
                                    Path.of(args[0]), Duration.ofSeconds(10), 2, 0),
                            RocksMemory.withDefaults(),
                            new SystemTime());
            for (int i = 0; i < 8; i++) {
                String key = "writer" + i;
                Thread.ofVirtual().start(() -> write(store, key));
            }
            Thread.sleep(Duration.ofMinutes(5));
        }

        private static void write(RocksMetadataStore store, String key) {
            Bytes own = Bytes.ofUtf8(key);
            long n = store.read(List.of(own)).get(0).map(found -> number(found) + 1).orElse(0L);
            while (true) {
                Bytes value = Bytes.ofUtf8(String.valueOf(n));
                CommitResult result =
                        store.commit(
                                Txn.grow()
                                        .put(own, value)
                                        .put(Bytes.ofUtf8("twin of " + key), value)
                                        .build());
                if (result instanceof CommitResult.Committed(long revision)) {
                    System.out.println("ok " + key + " " + revision + " " + n + ".");
                }
                n++;
            }
        }
    }
}
