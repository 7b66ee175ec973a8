package io.lilio.catalog.upload;

import io.lilio.catalog.Keys;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.BucketRead;
import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.object.Stored;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A bucket, an upload in it, how the upload ended if it did, and other keys, all at one revision.
 *
 * @param stored empty when it is not open (any more)
 * @param completed empty unless it was completed
 * @param others what the other keys held, in the order asked for
 */
record UploadLook(
        Bucket bucket,
        Optional<StoredUpload> stored,
        Optional<Stored> completed,
        List<Optional<KeyValue>> others) {

    /** Which upload. */
    record Address(Bucket bucket, String key, UUID upload) {

        Bytes recordKey() {
            return Keys.upload(bucket.id(), key, upload);
        }
    }

    /** Looks; empty when the bucket is there no more. */
    static Optional<UploadLook> at(BucketReads reads, Address address, Bytes... others) {
        List<Bytes> keys = new ArrayList<>(others.length + 2);
        keys.add(address.recordKey());
        keys.add(Keys.completed(address.upload()));
        keys.addAll(List.of(others));
        return reads.readSame(address.bucket(), keys).map(read -> of(read, address));
    }

    private static UploadLook of(BucketRead read, Address address) {
        return new UploadLook(
                read.bucket(),
                read.get(0).map(UploadRecords::decode),
                read.get(1)
                        .flatMap(
                                stored ->
                                        UploadRecords.completed(
                                                stored, read.bucket().id(), address.key())),
                read.values().subList(2, read.values().size()));
    }

    /** That the bucket has the same identity still. */
    Compare sameBucket() {
        return new Compare.CreateRevision(Keys.bucket(bucket.name()), bucket.createRevision());
    }

    /** That the upload's record is what it was here, its seal included. */
    static Compare unchanged(Address address, StoredUpload stored) {
        return new Compare.ModRevision(address.recordKey(), stored.modRevision());
    }
}
