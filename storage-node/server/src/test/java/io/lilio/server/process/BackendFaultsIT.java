package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.server.process.RecordedLoad.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * One of three backends fails while clients write and read: no client sees it, and the server
 * brings it level by itself when it is back. With two of three gone it says so at once.
 */
class BackendFaultsIT {

    private static final Duration SOON = Duration.ofMinutes(3);

    /** Half of what a single replica write may take, and much more than a refusal needs. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    @TempDir Path directory;
    private final List<Disk> disks = new ArrayList<>();
    private ServerProcess server;
    private RecordedLoad load;

    /** How long clients work before, during and after a fault. */
    Duration phase() {
        return Duration.ofMillis(1_500);
    }

    private void start(Map<String, String> more) throws Exception {
        boolean mounts = Disk.canMount(directory);
        Map<String, String> settings = new HashMap<>(more);
        settings.put("LILIO_REPLICATION_FACTOR", "3");
        settings.put("LILIO_MAINTENANCE_UNCONFIRMED_AGE", "1s");
        settings.put("LILIO_MAINTENANCE_ORPHANS_INTERVAL", "500ms");
        settings.put("LILIO_MAINTENANCE_TRASH_INTERVAL", "300ms");
        for (int i = 0; i < 3; i++) {
            Path path = directory.resolve("disk" + i);
            disks.add(mounts ? Disk.mount(path, i == 1 ? 256 : 1024) : Disk.directory(path));
            settings.put("LILIO_BACKENDS_" + i + "__NAME", "disk" + i);
            settings.put("LILIO_BACKENDS_" + i + "__TYPE", "local");
            settings.put("LILIO_BACKENDS_" + i + "__PATH", chunks(i).toString());
        }
        server = ServerProcess.start(directory.resolve("data"), settings);
        load =
                new RecordedLoad(
                        server.endpoint(), "faults", new Shape(6, 12, false, 3_000_000, false), 3);
        load.createBucket();
    }

    private Path chunks(int disk) {
        return directory.resolve("disk" + disk).resolve("chunks");
    }

    private void startOnRealDisks() throws Exception {
        Assumptions.assumeTrue(
                Disk.canMount(directory), "real full and read-only disks need the right to mount");
        start(Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        for (Disk disk : disks) {
            disk.close();
        }
    }

    @Test
    void aDeletedDirectoryIsInvisibleToClientsAndBroughtLevel() throws Exception {
        start(Map.of());
        runLoadThrough(
                () -> {
                    disks.get(1).deleteEverything();
                    eventually("disk1 is known to be gone", () -> !backendIsUp("disk1"));
                    assertThat(server.health()).contains("disk1");
                    Thread.sleep(phase());
                    Files.createDirectories(chunks(1));
                    return null;
                });
        stopAndCompare();
    }

    @Test
    void aReadOnlyDiskIsInvisibleToClientsAndBroughtLevel() throws Exception {
        startOnRealDisks();
        runLoadThrough(
                () -> {
                    disks.get(1).readOnly();
                    eventually("disk1 is known to be read-only", () -> !backendIsUp("disk1"));
                    assertThat(server.health()).contains("disk1");
                    Thread.sleep(phase());
                    disks.get(1).readWrite();
                    return null;
                });
        stopAndCompare();
    }

    @Test
    void aFullDiskIsInvisibleToClientsAndBroughtLevel() throws Exception {
        startOnRealDisks();
        runLoadThrough(
                () -> {
                    Path filler = disks.get(1).fill();
                    eventually("disk1 is known to be full", () -> !backendIsUp("disk1"));
                    Thread.sleep(phase());
                    Files.delete(filler);
                    return null;
                });
        stopAndCompare();
    }

    /** Waits for two scrubs, of which a server begins one a minute at most. */
    @Test
    @Tag("faults")
    void flippedBytesAreNeverServedAndMended() throws Exception {
        start(
                Map.of(
                        "LILIO_MAINTENANCE_SCRUB_INTERVAL", "1m",
                        "LILIO_MAINTENANCE_SCRUB_MAX_BYTES_PER_SECOND", "1G",
                        "LILIO_MAINTENANCE_SCRUB_MAX_ITEMS_PER_SECOND", "1000000"));
        runLoadThrough(
                () -> {
                    int flipped = disks.get(1).flipBytes(200, new Random(1));
                    assertThat(flipped).isGreaterThan(50);
                    Thread.sleep(phase());
                    return null;
                });
        awaitScrub();
        stopAndCompare();
    }

    @Test
    void whileTwoOfThreeBackendsAreReadOnlyWritesAreAnswered503AtOnce() throws Exception {
        startOnRealDisks();
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            byte[] body = new byte[2_000_000];
            put(s3, "before", body);
            disks.get(0).readOnly();
            disks.get(1).readOnly();
            assertWritesAreRefusedAtOnce(s3, body);
            assertThat(get(s3, "before")).isEqualTo(body);
            assertThat(s3.listObjectsV2(b -> b.bucket("faults")).contents()).hasSize(1);
            disks.get(0).readWrite();
            disks.get(1).readWrite();
            eventually("writes work again", () -> succeeds(() -> put(s3, "after", body)));
        }
        awaitLevel();
        stopAndCompare();
    }

    /** A read needs one verified copy; with strict reads, R members that answer. */
    @Test
    void whileTwoOfThreeDirectoriesAreGoneWritesAndStrictReadsAreAnswered503AtOnce()
            throws Exception {
        start(Map.of("LILIO_REPLICATION_STRICT_READS", "true"));
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            byte[] body = new byte[2_000_000];
            put(s3, "before", body);
            assertThat(get(s3, "before")).isEqualTo(body);
            disks.get(0).deleteEverything();
            disks.get(1).deleteEverything();
            eventually("both are gone", () -> !backendIsUp("disk0") && !backendIsUp("disk1"));
            assertWritesAreRefusedAtOnce(s3, body);
            for (int i = 0; i < 3; i++) {
                assertRefusedWithin(AT_ONCE, () -> get(s3, "before"));
            }
            assertThat(s3.listObjectsV2(b -> b.bucket("faults")).contents())
                    .as("nothing that was refused is visible")
                    .singleElement()
                    .satisfies(object -> assertThat(object.key()).isEqualTo("before"));
            Files.createDirectories(chunks(0));
            Files.createDirectories(chunks(1));
            eventually("writes work again", () -> succeeds(() -> put(s3, "after", body)));
            eventually("reads work again", () -> succeeds(() -> get(s3, "before")));
            assertThat(get(s3, "before")).isEqualTo(body);
            assertThat(get(s3, "after")).isEqualTo(body);
        }
        awaitLevel();
        stopAndCompare();
    }

    /** The first may still find out that backends are gone. */
    private static void assertWritesAreRefusedAtOnce(S3Client s3, byte[] body) {
        assertRefusedWithin(SOON, () -> put(s3, "refused", body));
        for (int i = 0; i < 5; i++) {
            String key = "refused" + i;
            assertRefusedWithin(AT_ONCE, () -> put(s3, key, body));
        }
    }

    private static void assertRefusedWithin(Duration bound, ThrowingCallable request) {
        long begin = System.nanoTime();
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(503));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(bound);
    }

    private static void put(S3Client s3, String key, byte[] body) {
        s3.putObject(b -> b.bucket("faults").key(key), RequestBody.fromBytes(body));
    }

    private static byte[] get(S3Client s3, String key) {
        return s3.getObjectAsBytes(b -> b.bucket("faults").key(key)).asByteArray();
    }

    private static boolean succeeds(Runnable request) {
        try {
            request.run();
            return true;
        } catch (S3Exception e) {
            assertThat(e.statusCode()).isEqualTo(503);
            return false;
        }
    }

    private void runLoadThrough(Callable<Void> fault) throws Exception {
        load.start();
        Thread.sleep(phase());
        fault.call();
        Thread.sleep(phase());
        load.stop();
        load.readEverything();
        assertThat(load.surprises()).as("what clients saw").isEmpty();
        load.assertLinearizable();
        awaitLevel();
    }

    /** By the server itself, while it runs. */
    private void awaitLevel() throws Exception {
        eventually(
                "all backends are level",
                () -> {
                    for (int i = 0; i < 4; i++) {
                        if (!looksLevel(server.metrics())) {
                            return false;
                        }
                        Thread.sleep(400);
                    }
                    return true;
                });
    }

    private static boolean looksLevel(String metrics) {
        return values(metrics, "lilio_backend_health{").allMatch(value -> value == 1)
                && values(metrics, "lilio_backend_chunks{").distinct().count() == 1
                && values(metrics, "lilio_unconfirmed_chunks{").allMatch(value -> value == 0)
                && values(metrics, "lilio_trash_records ").allMatch(value -> value == 0);
    }

    /** One that began after now. */
    private void awaitScrub() throws Exception {
        double before = scrubs();
        eventually("one scrub has ended that may have begun before", () -> scrubs() > before);
        eventually("and another one", () -> scrubs() > before + 1);
    }

    private double scrubs() throws Exception {
        return values(server.metrics(), "lilio_maintenance_runs_seconds_count{kind=\"scrub\"")
                .sum();
    }

    private void stopAndCompare() throws Exception {
        assertThat(server.terminate()).isIn(0, 143);
        StoppedStore.assertIsLevel(server.data(), List.of(chunks(0), chunks(1), chunks(2)));
    }

    private boolean backendIsUp(String name) throws Exception {
        return server.metrics()
                .lines()
                .anyMatch(
                        line ->
                                line.startsWith("lilio_backend_health{")
                                        && line.contains("\"" + name + "\"")
                                        && line.endsWith(" 1.0"));
    }

    private static DoubleStream values(String metrics, String beginning) {
        return metrics.lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))));
    }

    private void eventually(String what, Callable<Boolean> holds) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (!holds.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still not: " + what + "\n" + state());
            }
            Thread.sleep(200);
        }
    }

    private String state() throws Exception {
        String gauges =
                server.metrics()
                        .lines()
                        .filter(line -> line.matches("lilio_(backend|unconfirmed|trash|maint).*"))
                        .collect(Collectors.joining("\n"));
        return gauges + "\n" + server.lastLog();
    }
}
