package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** One upload of one part that is completed, aborted and uploaded to at the same instant. */
final class UploadRace {

    /** Whose request took effect first. */
    enum Winner {
        COMPLETE,
        ABORT,
        /** Complete came too late for the part that it named. */
        PART
    }

    static final Set<Winner> MUST_OCCUR = EnumSet.of(Winner.COMPLETE, Winner.ABORT);

    private static final int PART_BYTES = 100_000;

    private final S3Client s3;
    private final String bucket;
    private final String key;
    private final Random random;
    private final String upload;
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final CountDownLatch go = new CountDownLatch(1);

    UploadRace(S3Client s3, String bucket, String key, Random random) {
        this.s3 = s3;
        this.bucket = bucket;
        this.key = key;
        this.random = random;
        this.upload = s3.createMultipartUpload(b -> b.bucket(bucket).key(key)).uploadId();
    }

    /** Runs it, and asserts that what is there afterwards is what the winner promised. */
    Winner run(boolean withAbort) throws Exception {
        byte[] part = Payload.random(random, PART_BYTES);
        CompletedPart listed = CompletedPart.builder().partNumber(1).eTag(uploadPart(part)).build();
        FutureTask<Boolean> complete = racer(() -> complete(listed));
        List<FutureTask<Boolean>> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            byte[] other = Payload.random(random, PART_BYTES);
            others.add(racer(() -> uploadPart(other)));
        }
        FutureTask<Boolean> abort = withAbort ? racer(this::abort) : null;
        go.countDown();
        boolean completed = complete.get();
        for (FutureTask<Boolean> other : others) {
            other.get();
        }
        boolean aborted = abort != null && abort.get();
        assertThat(completed && aborted).as("completed and aborted").isFalse();
        if (completed) {
            assertThat(get()).isEqualTo(part);
        } else {
            assertNothingIsThere();
            assertThat(attempt(this::abort)).as("it was open until now").isEqualTo(!aborted);
        }
        assertThat(surprises).isEmpty();
        return completed ? Winner.COMPLETE : aborted ? Winner.ABORT : Winner.PART;
    }

    private FutureTask<Boolean> racer(Runnable request) {
        FutureTask<Boolean> task =
                new FutureTask<>(
                        () -> {
                            go.await();
                            return attempt(request);
                        });
        Thread.startVirtualThread(task);
        return task;
    }

    /** True when it was done; false when it lost the race in a way that S3 has a word for. */
    private boolean attempt(Runnable request) {
        try {
            request.run();
            return true;
        } catch (S3Exception e) {
            if (!Clients.lostRace(e)) {
                surprises.add(e.toString());
            }
            return false;
        }
    }

    private String uploadPart(byte[] bytes) {
        return s3.uploadPart(
                        b -> b.bucket(bucket).key(key).uploadId(upload).partNumber(1),
                        RequestBody.fromBytes(bytes))
                .eTag();
    }

    private void complete(CompletedPart part) {
        s3.completeMultipartUpload(
                b ->
                        b.bucket(bucket)
                                .key(key)
                                .uploadId(upload)
                                .multipartUpload(m -> m.parts(part)));
    }

    private void abort() {
        s3.abortMultipartUpload(b -> b.bucket(bucket).key(key).uploadId(upload));
    }

    private byte[] get() {
        return s3.getObjectAsBytes(b -> b.bucket(bucket).key(key)).asByteArray();
    }

    private void assertNothingIsThere() {
        try {
            get();
        } catch (NoSuchKeyException expected) {
            return;
        }
        throw new AssertionError("Complete failed, and the object is there");
    }
}
