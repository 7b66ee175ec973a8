package io.lilio.catalog.bucket;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Records;
import io.lilio.catalog.record.BucketRecord;
import io.lilio.catalog.record.VersioningState;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import java.time.Instant;

/** The stored form of buckets. */
public final class BucketRecords {

    private BucketRecords() {}

    static Bytes encode(Bucket bucket) {
        return Records.bytes(
                BucketRecord.newBuilder()
                        .setId(Records.id(bucket.id()))
                        .setCreatedMillis(bucket.created().toEpochMilli())
                        .setVersioning(encode(bucket.versioning()))
                        .setChunkSize(bucket.chunkSize())
                        .setOwner(bucket.owner())
                        .setManagedBy(bucket.managedBy())
                        .build());
    }

    static Bucket decode(KeyValue stored) {
        BucketRecord record = Records.parse(BucketRecord.parser(), stored);
        return new Bucket(
                Records.uuid(record.getId()),
                Keys.bucketName(stored.key()),
                Instant.ofEpochMilli(record.getCreatedMillis()),
                decode(record.getVersioning()),
                record.getChunkSize(),
                record.getOwner(),
                record.getManagedBy(),
                stored.createRevision(),
                stored.modRevision());
    }

    public static VersioningState encode(Versioning versioning) {
        return switch (versioning) {
            case OFF -> VersioningState.VERSIONING_OFF;
            case ENABLED -> VersioningState.VERSIONING_ENABLED;
            case SUSPENDED -> VersioningState.VERSIONING_SUSPENDED;
        };
    }

    /**
     * @throws IllegalStateException when it is one that this version does not know
     */
    public static Versioning decode(VersioningState state) {
        return switch (state) {
            case VERSIONING_OFF -> Versioning.OFF;
            case VERSIONING_ENABLED -> Versioning.ENABLED;
            case VERSIONING_SUSPENDED -> Versioning.SUSPENDED;
            case UNRECOGNIZED ->
                    throw new IllegalStateException("a versioning state that is not known here");
        };
    }
}
