package io.lilio.catalog.listing;

import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.BucketReads;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ViewExpiredException;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Lists what a bucket holds. Each page shows one revision, which includes everything whose commit
 * had returned before the call. The cost follows what is shown: rolled-up keys are skipped over by
 * seeking. Thread-safe.
 *
 * <p>All throw {@link io.lilio.ObjectStoreException} {@code NO_SUCH_BUCKET}, and {@link
 * io.lilio.metadata.MetadataUnavailableException} when the metadata do not answer.
 */
public final class Listings {

    private final MetadataStore store;
    private final BucketReads reads;

    public Listings(MetadataStore store, BucketReads reads) {
        this.store = store;
        this.reads = reads;
    }

    /** A page, and the bucket as it was at the page's revision. */
    public record Listed<P>(Bucket bucket, P page) {}

    /**
     * A page of current objects; a key whose current version is a delete marker is not shown. Looks
     * at 50,000 of these at most, and then ends truncated.
     */
    public Listed<ObjectPage> objects(String bucket, ObjectQuery query) {
        return list(bucket, (view, found) -> new ObjectLister(view, found.id(), query).list());
    }

    /**
     * A page of versions and delete markers.
     *
     * @throws io.lilio.ObjectStoreException {@code INVALID_ARGUMENT} for a version marker that no
     *     version could have
     */
    public Listed<VersionPage> versions(String bucket, VersionQuery query) {
        return list(bucket, (view, found) -> new VersionLister(view, found.id(), query).list());
    }

    /** A page of open uploads. */
    public Listed<UploadPage> uploads(String bucket, UploadQuery query) {
        return list(bucket, (view, found) -> new UploadLister(view, found.id(), query).list());
    }

    private <P> Listed<P> list(String bucket, BiFunction<ReadView, Bucket, P> lister) {
        try (ReadView view = store.view()) {
            Bucket found = reads.read(view, bucket, id -> List.of()).bucket();
            return new Listed<>(found, lister.apply(view, found));
        } catch (ViewExpiredException e) {
            throw new MetadataUnavailableException("a page of a listing took too long", e);
        }
    }
}
