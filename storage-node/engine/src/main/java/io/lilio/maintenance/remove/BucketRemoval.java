package io.lilio.maintenance.remove;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.Catalog;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.maintenance.run.Parallel;
import io.lilio.metadata.session.Sessions;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * Removes buckets for those whom they belong to, and what is in them, if they say so. A removal
 * that takes longer than a request may is left off, and goes on when it is asked for again: what is
 * left is in the bucket itself, so nothing else has to be remembered. Thread-safe.
 */
public final class BucketRemoval {

    /** How long a removal goes on before it is left off: less than clients wait for an answer. */
    private static final Duration STINT = Duration.ofSeconds(5);

    /** Deletes under way at once; they share the metadata's group commit. */
    private static final int AT_ONCE = 16;

    private final Catalog catalog;
    private final Sessions sessions;
    private final Time time;
    private final Parallel parallel;

    public BucketRemoval(Catalog catalog, Sessions sessions, Time time, ThreadFactory threads) {
        this.catalog = catalog;
        this.sessions = sessions;
        this.time = time;
        this.parallel = new Parallel(threads, AT_ONCE);
    }

    /**
     * How far a removal is.
     *
     * @param gone whether the bucket is; if not, ask again
     * @param removed versions, delete markers and uploads that this call removed
     */
    public record Progress(boolean gone, long removed) {}

    /**
     * Removes a bucket that holds nothing.
     *
     * @param manager whom it belongs to
     * @throws ObjectStoreException {@code NO_SUCH_BUCKET}, {@code BUCKET_OWNED_BY_ANOTHER}, {@code
     *     BUCKET_NOT_EMPTY}, {@code UNKNOWN_OUTCOME}, {@code UNAVAILABLE}
     */
    public Progress removeEmpty(String name, String manager) {
        catalog.buckets().delete(name, manager);
        return new Progress(true, 0);
    }

    /**
     * Removes all versions, delete markers and uploads of a bucket, then the bucket. Clients who
     * write meanwhile keep it from becoming empty: take their keys first.
     *
     * @param manager whom it belongs to
     * @throws ObjectStoreException as {@link #removeEmpty}, but {@code BUCKET_NOT_EMPTY}; also
     *     {@code SLOW_DOWN}. What was removed before stays removed
     */
    public Progress removeWithContents(String name, String manager) {
        long end = time.nanos() + STINT.toNanos();
        Bucket bucket = catalog.buckets().get(name);
        bucket.requireManagedBy(manager);
        var emptying = new Emptying(catalog, sessions, bucket, parallel);
        do {
            if (!emptying.removeSome() && deleted(bucket)) {
                return new Progress(true, emptying.removed());
            }
        } while (time.nanos() - end < 0);
        return new Progress(false, emptying.removed());
    }

    /** Whether it held nothing, as it seemed, and is gone. */
    private boolean deleted(Bucket bucket) {
        try {
            catalog.buckets().delete(bucket.name(), bucket.managedBy());
            return true;
        } catch (ObjectStoreException refused) {
            if (refused.kind() == Kind.BUCKET_NOT_EMPTY) {
                return false; // somebody has put something into it meanwhile
            }
            throw refused;
        }
    }
}
