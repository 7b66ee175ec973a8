package io.lilio.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DigestStageTest {

    private static final ThreadFactory THREADS = Thread.ofVirtual().factory();

    @Test
    void digestsEverythingInOrderAndReleasesEveryPieceOnce() throws Exception {
        byte[] bytes = new byte[1_000_000];
        new Random(3).nextBytes(bytes);
        AtomicInteger released = new AtomicInteger();
        int pieces = 0;
        byte[] md5;
        try (DigestStage stage = stage(3)) {
            for (int from = 0; from < bytes.length; from += 10_000) {
                stage.submit(ByteBuffer.wrap(bytes, from, 10_000), released::incrementAndGet);
                pieces++;
            }
            md5 = stage.finish().get(DigestAlgorithm.MD5);
        }
        assertThat(md5).isEqualTo(MessageDigest.getInstance("MD5").digest(bytes));
        assertThat(released).hasValue(pieces);
    }

    @Test
    void nothingSubmittedGivesTheDigestOfNothing() throws Exception {
        try (DigestStage stage = stage(1)) {
            assertThat(stage.finish().get(DigestAlgorithm.MD5))
                    .isEqualTo(MessageDigest.getInstance("MD5").digest());
        }
    }

    @Test
    void closingReleasesWhatWasNotDigestedAndWaitsForWhatIs() throws Exception {
        AtomicInteger released = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        DigestStage stage =
                new DigestStage(
                        new DigestSet(Set.of(DigestAlgorithm.MD5)),
                        5,
                        task ->
                                Thread.ofVirtual()
                                        .unstarted(
                                                () -> {
                                                    await(go);
                                                    task.run();
                                                }));
        for (int i = 0; i < 5; i++) {
            stage.submit(ByteBuffer.allocate(100), released::incrementAndGet);
        }
        assertThat(released).hasValue(0);
        stage.close();
        assertThat(released).hasValue(5);
        assertThatThrownBy(() -> stage.submit(ByteBuffer.allocate(1), released::incrementAndGet))
                .isInstanceOf(IllegalStateException.class);
        assertThat(released).as("a piece that came too late is released too").hasValue(6);
        go.countDown();
        stage.close();
    }

    @Test
    void theSubmitterWaitsWhileTheQueueIsFull() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger submitted = new AtomicInteger();
        try (DigestStage stage = stage(2)) {
            Thread submitter =
                    THREADS.newThread(
                            () -> {
                                for (int i = 0; i < 10; i++) {
                                    stage.submit(ByteBuffer.allocate(10), () -> await(go));
                                    submitted.incrementAndGet();
                                }
                            });
            submitter.start();
            submitter.join(50);
            assertThat(submitted.get()).as("one in work, two queued").isLessThanOrEqualTo(3);
            go.countDown();
            submitter.join();
            assertThat(submitted).hasValue(10);
        }
    }

    private static DigestStage stage(int capacity) {
        return new DigestStage(new DigestSet(Set.of(DigestAlgorithm.MD5)), capacity, THREADS);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
