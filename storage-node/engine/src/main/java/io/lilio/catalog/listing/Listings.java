package io.lilio.catalog.listing;

import io.lilio.catalog.bucket.Bucket;

/**
 * Lists what a bucket holds. Each page shows one revision, which includes everything whose commit
 * had returned before the call. The cost follows what is shown: rolled-up keys are skipped over by
 * seeking. Thread-safe.
 *
 * <p>All throw {@link io.lilio.ObjectStoreException} {@code NO_SUCH_BUCKET}.
 */
public interface Listings {

    /** A page of current objects; a key whose current version is a delete marker is not shown. */
    Listed<ObjectPage> objects(String bucket, ObjectQuery query);

    /** A page of versions and delete markers. */
    Listed<VersionPage> versions(String bucket, VersionQuery query);

    /** A page of open uploads. */
    Listed<UploadPage> uploads(String bucket, UploadQuery query);

    /** A page, and the bucket as it was at the page's revision. */
    record Listed<P>(Bucket bucket, P page) {}
}
