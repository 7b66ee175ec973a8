package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.metadata.MetadataUnavailableException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Deletes many objects, some at a time. Thread-safe. */
public final class DeleteObjects {

    /** The most that one request may name. */
    public static final int MAX_OBJECTS = 1_000;

    /** Deletes under way at once; they share the metadata's group commit. */
    private static final int AT_ONCE = 16;

    private final Buckets buckets;
    private final DeleteObject delete;
    private final ThreadFactory threads;

    DeleteObjects(Buckets buckets, DeleteObject delete, ThreadFactory threads) {
        this.buckets = buckets;
        this.delete = delete;
        this.threads = threads;
    }

    /**
     * Deletes each object by itself: some may fail while others are deleted.
     *
     * @param bucket the one that all requests name
     * @param requests at most {@link #MAX_OBJECTS}
     * @return one outcome for each request, in their order
     * @throws ObjectStoreException NO_SUCH_BUCKET, INVALID_REQUEST for too many
     */
    public List<Outcome> delete(String bucket, List<DeleteRequest> requests) {
        if (requests.size() > MAX_OBJECTS) {
            throw new ObjectStoreException(
                    Kind.INVALID_REQUEST, "More than " + MAX_OBJECTS + " objects to delete");
        }
        requireBucket(bucket);
        Outcome[] outcomes = new Outcome[requests.size()];
        AtomicInteger next = new AtomicInteger();
        int workers = Math.min(AT_ONCE, requests.size());
        CountDownLatch done = new CountDownLatch(workers);
        for (int i = 0; i < workers; i++) {
            threads.newThread(
                            () -> {
                                try {
                                    work(requests, outcomes, next);
                                } finally {
                                    done.countDown();
                                }
                            })
                    .start();
        }
        awaitUninterruptibly(done);
        return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
    }

    private void requireBucket(String bucket) {
        try {
            buckets.get(bucket);
        } catch (MetadataUnavailableException e) {
            throw Failures.unavailable(e);
        }
    }

    private void work(List<DeleteRequest> requests, Outcome[] outcomes, AtomicInteger next) {
        for (int i = next.getAndIncrement(); i < outcomes.length; i = next.getAndIncrement()) {
            outcomes[i] = deleteOne(requests.get(i));
        }
    }

    private Outcome deleteOne(DeleteRequest request) {
        try {
            return new Deleted(request, delete.delete(request));
        } catch (ObjectStoreException e) {
            return new Failed(request, e);
        } catch (RuntimeException e) {
            return new Failed(
                    request, new ObjectStoreException(Kind.INTERNAL, "The delete failed", e));
        }
    }

    private static void awaitUninterruptibly(CountDownLatch done) {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // every delete has a deadline of its own
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What became of one of them. */
    public sealed interface Outcome {
        DeleteRequest request();
    }

    /** It is gone. */
    public record Deleted(DeleteRequest request, DeleteResult result) implements Outcome {}

    /** It is not. */
    public record Failed(DeleteRequest request, ObjectStoreException cause) implements Outcome {}
}
