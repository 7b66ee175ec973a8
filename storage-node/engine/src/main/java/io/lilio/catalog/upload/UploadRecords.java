package io.lilio.catalog.upload;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Records;
import io.lilio.catalog.bucket.BucketRecords;
import io.lilio.catalog.content.ContentRecords;
import io.lilio.catalog.object.ObjectRecords;
import io.lilio.catalog.object.Stored;
import io.lilio.catalog.record.CompletedRecord;
import io.lilio.catalog.record.SealRecord;
import io.lilio.catalog.record.UploadRecord;
import io.lilio.digest.Checksum;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The stored forms of uploads and of how they ended. */
public final class UploadRecords {

    private UploadRecords() {}

    static Bytes encode(StoredUpload stored) {
        Upload upload = stored.upload();
        UploadRecord.Builder record =
                UploadRecord.newBuilder()
                        .setInitiatedMillis(upload.initiated().toEpochMilli())
                        .setInitiator(upload.initiator())
                        .setAttributes(ObjectRecords.encode(upload.attributes()));
        upload.checksum()
                .ifPresent(
                        plan ->
                                record.setHasChecksum(true)
                                        .setChecksumAlgorithm(
                                                ContentRecords.encode(plan.algorithm()))
                                        .setChecksumComposite(
                                                plan.type() == Checksum.Type.COMPOSITE));
        stored.seal()
                .ifPresent(
                        seal ->
                                record.setSeal(
                                        SealRecord.newBuilder()
                                                .setTag(seal.tag())
                                                .setSessionKey(Records.wrap(seal.sessionKey()))
                                                .setIncarnation(seal.incarnation())
                                                .setSealedMillis(seal.since().toEpochMilli())));
        return Records.bytes(record.build());
    }

    static StoredUpload decode(KeyValue stored) {
        UploadRecord record = Records.parse(UploadRecord.parser(), stored);
        Upload upload =
                new Upload(
                        Keys.uploadOf(stored.key()),
                        Keys.bucketOf(stored.key()),
                        Keys.keyOf(stored.key()),
                        Instant.ofEpochMilli(record.getInitiatedMillis()),
                        record.getInitiator(),
                        ObjectRecords.decode(record.getAttributes()),
                        plan(record));
        Optional<Seal> seal =
                record.hasSeal() ? Optional.of(seal(record.getSeal())) : Optional.empty();
        return new StoredUpload(upload, seal, stored.modRevision());
    }

    /** An upload's value, for listings. */
    public static Upload decodeUpload(KeyValue stored) {
        return decode(stored).upload();
    }

    private static Optional<Upload.ChecksumPlan> plan(UploadRecord record) {
        if (!record.getHasChecksum()) {
            return Optional.empty();
        }
        return Optional.of(
                new Upload.ChecksumPlan(
                        ContentRecords.decode(record.getChecksumAlgorithm()),
                        record.getChecksumComposite()
                                ? Checksum.Type.COMPOSITE
                                : Checksum.Type.FULL_OBJECT));
    }

    private static Seal seal(SealRecord record) {
        return new Seal(
                record.getTag(),
                Records.unwrap(record.getSessionKey()),
                record.getIncarnation(),
                Instant.ofEpochMilli(record.getSealedMillis()));
    }

    /** How an upload ended: what a repeated Complete is told. */
    static Bytes encodeCompleted(UUID bucket, String key, Stored stored) {
        return Records.bytes(
                CompletedRecord.newBuilder()
                        .setBucket(Records.id(bucket))
                        .setKey(key)
                        .setVersion(ObjectRecords.encode(stored.version()))
                        .setVersioning(BucketRecords.encode(stored.versioning()))
                        .build());
    }

    /** An upload's end, when it is of that bucket and key. */
    static Optional<Stored> completed(KeyValue stored, UUID bucket, String key) {
        CompletedRecord record = Records.parse(CompletedRecord.parser(), stored);
        return Records.uuid(record.getBucket()).equals(bucket) && record.getKey().equals(key)
                ? Optional.of(
                        new Stored(
                                ObjectRecords.decode(record.getVersion()),
                                BucketRecords.decode(record.getVersioning())))
                : Optional.empty();
    }
}
