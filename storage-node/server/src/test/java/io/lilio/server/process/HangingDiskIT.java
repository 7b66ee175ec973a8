package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** One of three disks does not answer when files are read, and holds threads up. */
class HangingDiskIT extends FaultCase {

    private static final int OBJECTS = 12;
    private static final int CLIENTS = 8;
    private static final Duration HANGING = Duration.ofMinutes(1);

    /** Chunks in files of their own. */
    private final byte[] large = Payload.random(new Random(5), 2_000_000);

    private final byte[] small = Payload.random(new Random(6), 1_000);

    @Test
    void readsAreServedByTheOthersAndEverybodyElseGoesOn() throws Exception {
        start(Map.of());
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            for (int i = 0; i < OBJECTS; i++) {
                put(s3, "large" + i, large);
            }
            put(s3, "small", small);
            awaitLevel();
            assertThat(disks.get(1).hang()).isGreaterThanOrEqualTo(OBJECTS);
            List<FutureTask<byte[]>> reads = new ArrayList<>();
            for (int i = 0; i < OBJECTS; i++) {
                String key = "large" + i;
                FutureTask<byte[]> read = new FutureTask<>(() -> get(s3, key));
                reads.add(read);
                Thread.startVirtualThread(read);
            }
            put(s3, "meanwhile", large);
            assertThat(get(s3, "small")).isEqualTo(small);
            assertThat(get(s3, "meanwhile")).isEqualTo(large);
            assertThat(server.isReady()).isTrue();
            for (FutureTask<byte[]> read : reads) {
                assertThat(read.get()).isEqualTo(large);
            }
            assertThat(server.metrics().sum("lilio_hedged_reads_total"))
                    .as("reads that did not come back from the disk in time")
                    .isPositive();
            disks.get(1).answer();
            for (int i = 0; i < OBJECTS; i++) {
                assertThat(get(s3, "large" + i)).isEqualTo(large);
            }
        }
        awaitOnlyUnwell(Map.of());
        assertThat(server.terminate()).isIn(0, 143);
        StoppedStore.assertIsLevelAfterScrub(
                server.data(), List.of(chunks(0), chunks(1), chunks(2)));
    }

    /** However long it takes: what hangs holds no more than a few buffers and threads. */
    @Test
    @Tag("faults")
    void readsGoOnForAMinuteWhileTheDiskHangs() throws Exception {
        start(Map.of());
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            for (int i = 0; i < OBJECTS; i++) {
                put(s3, "large" + i, large);
            }
            awaitLevel();
            assertThat(disks.get(1).hang()).isGreaterThanOrEqualTo(OBJECTS);
            long end = System.nanoTime() + HANGING.toNanos();
            List<FutureTask<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int first = i;
                FutureTask<Integer> client = new FutureTask<>(() -> readUntil(end, s3, first));
                clients.add(client);
                Thread.startVirtualThread(client);
            }
            eventually(
                    "health and metrics tell that it hangs",
                    () ->
                            server.health().backends().get("disk1").contains("calls that hang")
                                    && server.metrics()
                                                    .value("lilio_backend_health", "node", "disk1")
                                            == 0);
            for (FutureTask<Integer> client : clients) {
                assertThat(client.get()).as("reads of one client").isGreaterThan(OBJECTS);
            }
            assertThat(server.isReady()).isTrue();
            assertThat(server.metrics().value("lilio_buffers_refused")).isZero();
            disks.get(1).answer();
            awaitOnlyUnwell(Map.of());
            for (int i = 0; i < OBJECTS; i++) {
                assertThat(get(s3, "large" + i)).isEqualTo(large);
            }
        }
        assertThat(server.terminate()).isIn(0, 143);
        StoppedStore.assertIsLevelAfterScrub(
                server.data(), List.of(chunks(0), chunks(1), chunks(2)));
    }

    private int readUntil(long end, S3Client s3, int first) {
        int reads = 0;
        while (System.nanoTime() - end < 0) {
            assertThat(get(s3, "large" + (first + reads) % OBJECTS)).isEqualTo(large);
            reads++;
        }
        return reads;
    }

    private static void put(S3Client s3, String key, byte[] body) {
        s3.putObject(b -> b.bucket("faults").key(key), RequestBody.fromBytes(body));
    }

    private static byte[] get(S3Client s3, String key) {
        return s3.getObjectAsBytes(b -> b.bucket("faults").key(key)).asByteArray();
    }
}
