package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.replication.ReplicationSettings;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Two of three backends are gone: what needs a quorum is answered 503 without a wait, nothing of it
 * becomes visible, and the server recovers by itself.
 */
class QuorumLossIT extends FaultCase {

    /**
     * Who waited for the deadline of a single replica write could not answer in that time. Also for
     * a request that is the first to find out that backends are gone.
     */
    private static final Duration WITHOUT_DEADLINES =
            ReplicationSettings.defaults().putDeadline().minusMillis(1);

    /** Half of that, and much more than a refusal needs. */
    private static final Duration AT_ONCE = WITHOUT_DEADLINES.dividedBy(2);

    /** Two chunks, both large enough for files of their own. */
    private final byte[] body = Payload.random(new Random(9), 2_000_000);

    @Test
    void whileTwoOfThreeBackendsAreReadOnlyWritesAreAnswered503AtOnce() throws Exception {
        startOnRealDisks();
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            put(s3, "before");
            disks.get(0).readOnly();
            disks.get(1).readOnly();
            assertWritesAreRefusedAtOnce(s3);
            awaitOnlyUnwell(Map.of("disk0", "READ_ONLY", "disk1", "READ_ONLY"));
            assertThat(get(s3, "before")).isEqualTo(body);
            assertOnlyBeforeIsVisible(s3);
            disks.get(0).readWrite();
            disks.get(1).readWrite();
            assertServesAgain(s3);
        }
        awaitLevel();
        stopAndCompare();
    }

    @Test
    void whileTwoOfThreeDirectoriesAreGoneWritesAndStrictReadsAreAnswered503AtOnce()
            throws Exception {
        start(Map.of("LILIO_REPLICATION_STRICT_READS", "true"));
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            put(s3, "before");
            assertThat(get(s3, "before")).isEqualTo(body);
            awaitLevel();
            deleteTwo();
            assertWritesAreRefusedAtOnce(s3);
            assertReadsAreRefusedAtOnce(s3);
            assertOnlyBeforeIsVisible(s3);
            Files.createDirectories(chunks(0));
            Files.createDirectories(chunks(1));
            assertServesAgain(s3);
        }
        awaitLevel();
        stopAndCompare();
    }

    /**
     * In the default mode a read needs one verified copy. Where the last one is damaged too, nobody
     * can say that there is nothing: 503, and no byte of it.
     */
    @Test
    void whileTwoOfThreeDirectoriesAreGoneReadsThatFindNoGoodCopyAreAnswered503AtOnce()
            throws Exception {
        start(Map.of());
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            put(s3, "before");
            awaitLevel();
            deleteTwo();
            assertWritesAreRefusedAtOnce(s3);
            assertWhatNeedsNoBackendGoesOn(s3);
            assertThat(get(s3, "before")).isEqualTo(body);
            int stretch = 256 << 10;
            assertThat(disks.get(2).flipInFiles(stretch, 0)).isGreaterThanOrEqualTo(6);
            assertReadsAreRefusedAtOnce(s3);
            assertOnlyBeforeIsVisible(s3);
            disks.get(2).flipInFiles(stretch, 0); // as they were
            eventually("reads work again", () -> succeeds(() -> get(s3, "before")));
            Files.createDirectories(chunks(0));
            Files.createDirectories(chunks(1));
            assertServesAgain(s3);
        }
        awaitLevel();
        stopAndCompare();
    }

    private void deleteTwo() throws Exception {
        disks.get(0).deleteEverything();
        disks.get(1).deleteEverything();
        awaitOnlyUnwell(Map.of("disk0", "FAILED", "disk1", "FAILED"));
    }

    private void assertWritesAreRefusedAtOnce(S3Client s3) {
        assertRefusedWithin(WITHOUT_DEADLINES, () -> put(s3, "refused"));
        for (int i = 0; i < 5; i++) {
            String key = "refused" + i;
            assertRefusedWithin(AT_ONCE, () -> put(s3, key));
        }
    }

    /** Objects that ride in their record. */
    private static void assertWhatNeedsNoBackendGoesOn(S3Client s3) {
        byte[] small = Payload.random(new Random(10), 1_000);
        s3.putObject(b -> b.bucket("faults").key("small"), RequestBody.fromBytes(small));
        assertThat(get(s3, "small")).isEqualTo(small);
        s3.deleteObject(b -> b.bucket("faults").key("small"));
    }

    private static void assertReadsAreRefusedAtOnce(S3Client s3) {
        for (int i = 0; i < 3; i++) {
            assertRefusedWithin(AT_ONCE, () -> get(s3, "before"));
        }
    }

    private static void assertRefusedWithin(Duration bound, ThrowingCallable request) {
        long begin = System.nanoTime();
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(503));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(bound);
    }

    private static void assertOnlyBeforeIsVisible(S3Client s3) {
        assertThat(s3.listObjectsV2(b -> b.bucket("faults")).contents())
                .as("nothing that was refused is visible")
                .singleElement()
                .satisfies(object -> assertThat(object.key()).isEqualTo("before"));
    }

    private void assertServesAgain(S3Client s3) throws Exception {
        eventually("writes work again", () -> succeeds(() -> put(s3, "after")));
        eventually("reads work again", () -> succeeds(() -> get(s3, "before")));
        assertThat(get(s3, "before")).isEqualTo(body);
        assertThat(get(s3, "after")).isEqualTo(body);
        awaitOnlyUnwell(Map.of());
    }

    private void put(S3Client s3, String key) {
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
}
