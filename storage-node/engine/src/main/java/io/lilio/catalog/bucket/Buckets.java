package io.lilio.catalog.bucket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The buckets. Thread-safe. */
public interface Buckets {

    /**
     * Creates a bucket.
     *
     * @param owner who asks
     * @param chunkSize bytes per chunk of its blobs, 64 KiB to 64 MiB
     * @throws io.lilio.ObjectStoreException {@code INVALID_BUCKET_NAME} (S3's naming rules), {@code
     *     BUCKET_ALREADY_EXISTS} (whoever owns it: the edge compares {@link #find owners} where the
     *     answer differs), {@code INVALID_ARGUMENT} (chunk size), {@code UNKNOWN_OUTCOME}
     */
    Bucket create(String name, String owner, int chunkSize);

    /**
     * The bucket, linearizable: never from a cache.
     *
     * @throws io.lilio.ObjectStoreException {@code NO_SUCH_BUCKET}
     */
    Bucket get(String name);

    /**
     * A page of buckets in order of their names.
     *
     * @param after the last name of the page before, or null
     * @param limit 1 to 10,000
     */
    List<Bucket> list(@Nullable String after, int limit);

    /**
     * Removes an empty bucket: no object, no version, no delete marker, no open upload.
     *
     * @throws io.lilio.ObjectStoreException {@code NO_SUCH_BUCKET}, {@code BUCKET_NOT_EMPTY},
     *     {@code UNKNOWN_OUTCOME}
     */
    void delete(String name);

    /**
     * Enables or suspends versioning. Commits under way notice and decide again.
     *
     * @param versioning not {@code OFF}
     * @throws io.lilio.ObjectStoreException {@code NO_SUCH_BUCKET}, {@code INVALID_ARGUMENT},
     *     {@code UNKNOWN_OUTCOME}
     */
    Bucket setVersioning(String name, Versioning versioning);
}
