package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.faults.LoopbackPorts;
import io.lilio.metadata.etcd.EtcdProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** One storage node whose metadata are in a real etcd. */
@Timeout(180)
class EtcdIT {

    private static final String BUCKET = "bucket";
    private static final int QUOTA = 24 << 20;

    /** Much more than a refusal needs, and less than a call to etcd may take. */
    private static final Duration AT_ONCE = Duration.ofSeconds(4);

    @TempDir private Path directory;

    private final byte[] small = Payload.random(new Random(1), 400);
    private final byte[] large = Payload.random(new Random(2), 3_000_000);

    @Test
    void whileEtcdIsAwayEveryRequestIsAnswered503AtOnceAndTheNodeStaysReady() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(directory);
                ServerProcess server =
                        ServerProcess.start(directory.resolve("data"), settings(etcd));
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(to -> to.bucket(BUCKET));
            put(s3, "small", small);
            put(s3, "large", large);
            assertThat(etcd(server)).isEqualTo("UP");
            assertThat(server.health().data("metadata").get("space")).contains("bytes are in use");

            etcd.kill();
            assertRefused(503, () -> get(s3, "small")); // which finds out
            for (int i = 0; i < 10; i++) {
                long began = System.nanoTime();
                assertRefused(503, () -> get(s3, "small"));
                assertRefused(503, () -> put(s3, "small", large));
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(AT_ONCE);
            }
            assertThat(etcd(server)).startsWith("DOWN since ");
            assertThat(server.isReady()).as("an etcd takes no endpoint away").isTrue();
            assertThat(server.health().status("process")).isEqualTo("UP");
            assertThat(server.metrics().value("lilio_metadata_away")).isEqualTo(1);

            etcd.start();
            eventually(() -> servedOr(503, () -> get(s3, "small")));
            assertThat(get(s3, "small")).isEqualTo(small);
            assertThat(get(s3, "large")).isEqualTo(large);
            eventually(() -> servedOr(503, () -> put(s3, "after", small)));
            assertThat(etcd(server)).isEqualTo("UP");
            assertThat(server.terminate()).isIn(0, 143);
        }
    }

    /** An etcd that forgets nothing by itself: the node makes it, what is older than any view. */
    @Test
    @Tag("faults")
    @Timeout(900)
    void whoHasFilledEtcdMakesRoomByDeletingAndStoresAgain() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("LILIO_METADATA_ETCD_QUOTA", "24M");
        settings.put("LILIO_OBJECTS_INLINE_MAX", "16K"); // so that few objects fill it
        byte[] filling = Payload.random(new Random(3), 16 * 1024);
        try (EtcdProcess etcd = EtcdProcess.start(directory, "--quota-backend-bytes=" + QUOTA)) {
            settings.putAll(settings(etcd));
            settings.putAll(ClusterProcesses.PATIENT);
            try (ServerProcess server = ServerProcess.start(directory.resolve("data"), settings);
                    S3Client s3 = Clients.withoutRetries(server.endpoint())) {
                s3.createBucket(to -> to.bucket(BUCKET));
                List<String> stored = new ArrayList<>();
                while (servedOr(507, () -> put(s3, "full" + stored.size(), filling))) {
                    stored.add("full" + stored.size());
                    if (stored.size() % 32 == 0) {
                        // One so small would be full before it is looked at again.
                        long written = stored.size() * 16L * 1024;
                        eventually(() -> used(server) > written - QUOTA / 50);
                    }
                }
                assertThat(stored).as("to 80 % of 24 MiB").hasSizeBetween(600, 1536);
                assertRefused(507, () -> put(s3, "one more", small));
                assertRefused(507, () -> s3.createBucket(to -> to.bucket("another")));
                assertThat(get(s3, stored.getFirst())).isEqualTo(filling);
                assertThat(etcd(server)).as("nothing is wrong with it").isEqualTo("UP");

                stored.forEach(key -> s3.deleteObject(of -> of.bucket(BUCKET).key(key)));
                eventually(() -> servedOr(507, () -> put(s3, "again", filling)));
                assertThat(server.log()).contains("etcd forgets its history up to revision");
                assertThat(get(s3, "again")).isEqualTo(filling);
            }
        }
    }

    private static double used(ServerProcess server) throws Exception {
        return server.metrics().value("lilio_metadata_used_bytes");
    }

    @Test
    @Tag("faults")
    void aNodeWithoutItsEtcdWaitsForItAliveAndNotReady() throws Exception {
        EtcdProcess etcd = EtcdProcess.start(directory);
        etcd.stop();
        try (ServerProcess server =
                ServerProcess.begin(directory.resolve("data"), settings(etcd))) {
            server.logWith("waiting for etcd at " + etcd.endpoint());
            assertThat(server.isReady()).isFalse();
            assertThat(server.health().status("process")).as("alive").isEqualTo("UP");
            long began = System.nanoTime();
            assertThat(server.terminate()).isIn(1, 143);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("it has nothing to bring to an end")
                    .isLessThan(Duration.ofSeconds(20));
        }
        try (ServerProcess server =
                ServerProcess.begin(directory.resolve("data"), settings(etcd))) {
            server.logWith("waiting for etcd at " + etcd.endpoint());
            etcd.start();
            server.awaitReady();
            assertThat(server.terminate()).isIn(0, 143);
        } finally {
            etcd.close();
        }
    }

    @Test
    void aNodeThatWaitsForTheOtherFoundersEndsWhenItIsAsked() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(directory)) {
            Map<String, String> oneOfTwo = settings(etcd);
            oneOfTwo.put("LILIO_CLUSTER_INITIAL_NODES", "alone,another");
            try (ServerProcess server =
                    ServerProcess.begin(directory.resolve("waiting"), oneOfTwo)) {
                server.logWith("the cluster is not founded yet; waiting for [another]");
                long began = System.nanoTime();
                assertThat(server.terminate()).isIn(1, 143);
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .as("not until its time to end is over, 50 s")
                        .isLessThan(Duration.ofSeconds(30));
            }
        }
    }

    private static Map<String, String> settings(EtcdProcess etcd) {
        Map<String, String> settings = new HashMap<>();
        settings.put("LILIO_METADATA_TYPE", "etcd");
        settings.put("LILIO_METADATA_ETCD_ENDPOINTS", etcd.endpoint());
        settings.put("LILIO_RPC_PORT", String.valueOf(LoopbackPorts.next()));
        settings.put("LILIO_RPC_SECRET", "a secret of this test's cluster, long enough");
        settings.put("LILIO_NODE_NAME", "alone");
        settings.put("LILIO_CLUSTER_INITIAL_NODES", "alone");
        settings.put("LILIO_REPLICATION_FACTOR", "1");
        return settings;
    }

    private static String etcd(ServerProcess server) throws Exception {
        return server.health().data("metadata").get("etcd");
    }

    private static void put(S3Client s3, String key, byte[] body) {
        s3.putObject(to -> to.bucket(BUCKET).key(key), RequestBody.fromBytes(body));
    }

    private static byte[] get(S3Client s3, String key) {
        return s3.getObjectAsBytes(of -> of.bucket(BUCKET).key(key)).asByteArray();
    }

    private static void assertRefused(int status, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(status));
    }

    private static boolean servedOr(int refusal, Runnable call) {
        try {
            call.run();
            return true;
        } catch (S3Exception e) {
            assertThat(e.statusCode()).isEqualTo(refusal);
            return false;
        }
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(50);
        }
    }
}
