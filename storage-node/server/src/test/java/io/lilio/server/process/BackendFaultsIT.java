package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * One of three backends fails while clients write and read: no client sees it, health and metrics
 * name it, and the server brings it level by itself when it is back.
 */
class BackendFaultsIT extends FaultCase {

    /** One byte is flipped in so many: some in every chunk that has more. */
    private static final int SEGMENT_STRETCH = 16 << 10;

    private static final int FILE_STRETCH = 256 << 10;

    /** As often as a server may: what no read comes across is found by then. */
    private static final Map<String, String> SCRUBBED =
            Map.of(
                    "LILIO_MAINTENANCE_SCRUB_INTERVAL", "1m",
                    "LILIO_MAINTENANCE_SCRUB_MAX_BYTES_PER_SECOND", "1G",
                    "LILIO_MAINTENANCE_SCRUB_MAX_ITEMS_PER_SECOND", "1000000");

    /** How long clients work before, during and after a fault. */
    Duration phase() {
        return Duration.ofMillis(1_500);
    }

    @Test
    void aDeletedDirectoryIsInvisibleToClientsAndBroughtLevel() throws Exception {
        start(Map.of());
        runLoadThrough(
                () -> {
                    disks.get(1).deleteEverything();
                    awaitOnlyUnwell(Map.of("disk1", "FAILED"));
                    Thread.sleep(phase());
                    Files.createDirectories(chunks(1));
                    return null;
                });
        awaitLevel();
        awaitOnlyUnwell(Map.of());
        stopAndCompare();
    }

    @Test
    void aReadOnlyDiskIsInvisibleToClientsAndBroughtLevel() throws Exception {
        startOnRealDisks();
        runLoadThrough(
                () -> {
                    disks.get(1).readOnly();
                    awaitOnlyUnwell(Map.of("disk1", "READ_ONLY"));
                    Thread.sleep(phase());
                    disks.get(1).readWrite();
                    return null;
                });
        awaitLevel();
        awaitOnlyUnwell(Map.of());
        stopAndCompare();
    }

    @Test
    void aFullDiskIsInvisibleToClientsAndBroughtLevel() throws Exception {
        startOnRealDisks();
        runLoadThrough(
                () -> {
                    Path filler = disks.get(1).fill();
                    awaitOnlyUnwell(Map.of("disk1", "FULL"));
                    Thread.sleep(phase());
                    Files.delete(filler);
                    return null;
                });
        awaitLevel();
        awaitOnlyUnwell(Map.of());
        stopAndCompare();
    }

    /** What no read has come across is found by scrubs that an administrator asks for. */
    @Test
    void flippedBytesAreNeverServedTheirBackendIsNamedAndAScrubMendsThem() throws Exception {
        start(SCRUBBED);
        runLoadThrough(this::flipBytesUntilNoticed);
        RingAdmin admin = RingAdmin.of(server);
        admin.run("scrub");
        admin.run("scrub");
        awaitLevel();
        stopAndCompare();
    }

    /** Waits for two scrubs, of which a server begins one a minute at most. */
    @Test
    @Tag("faults")
    void flippedBytesAreMendedByTheServerItself() throws Exception {
        start(SCRUBBED);
        runLoadThrough(this::flipBytesUntilNoticed);
        awaitScrub();
        awaitLevel();
        stopAndCompare();
    }

    /** No client reads: the scrub alone comes across them. */
    @Test
    @Tag("faults")
    void filesThatCannotBeReadAreReplacedByTheScrub() throws Exception {
        start(SCRUBBED);
        byte[] large = Payload.random(new Random(5), 2_000_000);
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            for (int i = 0; i < 10; i++) {
                String key = "large" + i;
                s3.putObject(b -> b.bucket("faults").key(key), RequestBody.fromBytes(large));
            }
        }
        awaitLevel();
        List<Path> unreadable = disks.get(1).makeUnreadable();
        assertThat(unreadable).hasSizeGreaterThanOrEqualTo(10);
        awaitScrub();
        assertThat(corruptInMetrics("disk1")).isGreaterThanOrEqualTo(unreadable.size());
        assertThat(server.health().damaged()).containsOnlyKeys("disk1");
        assertThat(unreadable).as("replaced by files of other names").noneMatch(Files::exists);
        awaitLevel();
        awaitOnlyUnwell(Map.of());
        stopAndCompare();
    }

    private Void flipBytesUntilNoticed() throws Exception {
        eventually(
                "chunks of both kinds lie on disk1",
                () ->
                        disks.get(1).segmentBytes() > 40 * SEGMENT_STRETCH
                                && disks.get(1).fileBytes() > 40 * FILE_STRETCH);
        assertThat(disks.get(1).flipInSegments(SEGMENT_STRETCH, 0)).isGreaterThan(20);
        assertThat(disks.get(1).flipInFiles(FILE_STRETCH, 0)).isGreaterThan(20);
        AtomicInteger rounds = new AtomicInteger();
        eventually(
                "health and metrics count damaged copies on disk1",
                () -> {
                    // Clients replace damaged objects before long, read or not.
                    disks.get(1).flipInSegments(SEGMENT_STRETCH, rounds.incrementAndGet());
                    disks.get(1).flipInFiles(FILE_STRETCH, rounds.get());
                    return corruptInMetrics("disk1") > 0 && !server.health().damaged().isEmpty();
                });
        Thread.sleep(phase());
        double before = corruptInMetrics("disk1");
        Health health = server.health();
        double after = corruptInMetrics("disk1");
        assertThat(health.damaged()).as("%s", health).containsOnlyKeys("disk1");
        assertThat(health.damaged().get("disk1").doubleValue()).isBetween(before, after);
        assertThat(corruptInMetrics("disk0") + corruptInMetrics("disk2")).isZero();
        awaitOnlyUnwell(Map.of());
        return null;
    }

    private double corruptInMetrics(String backend) throws Exception {
        return server.metrics().sum("lilio_corrupt_replicas_total", "node", backend);
    }

    /** No client sees any of it: not an error, not a wrong byte. */
    private void runLoadThrough(Callable<Void> fault) throws Exception {
        try (RecordedLoad running = load) {
            running.start();
            Thread.sleep(phase());
            fault.call();
            Thread.sleep(phase());
        }
        assertThat(load.readEverything()).as("objects read at the end").isPositive();
        assertThat(load.surprises())
                .as(() -> "what clients saw, while the server said\n" + server.lastLog())
                .isEmpty();
        load.assertLinearizable();
    }

    /** One that began after now. */
    private void awaitScrub() throws Exception {
        double before = scrubs();
        eventually("one scrub has ended that may have begun before", () -> scrubs() > before);
        eventually("and another one", () -> scrubs() > before + 1);
    }

    private double scrubs() throws Exception {
        return server.metrics().sum("lilio_maintenance_runs_seconds_count", "kind", "scrub");
    }
}
