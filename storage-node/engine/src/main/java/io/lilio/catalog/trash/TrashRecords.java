package io.lilio.catalog.trash;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Records;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.content.ContentRecords;
import io.lilio.catalog.record.TrashRecord;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.Write;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** How transactions throw things away, and the stored form of that. */
public final class TrashRecords {

    private TrashRecords() {}

    /**
     * The write that hands the blobs of a content over to the trash.
     *
     * @return nothing when it has none
     */
    public static Optional<Write> discard(UUID bucket, String key, Content content, Instant now) {
        return switch (content) {
            case Content.Inline inline -> Optional.empty();
            case Content.Blob(BlobRef blob) -> Optional.of(discard(bucket, key, blob, now));
            case Content.Multipart multipart ->
                    Optional.of(discardUpload(bucket, key, multipart.upload(), now));
        };
    }

    /** The write that hands a blob over to the trash. */
    public static Write discard(UUID bucket, String key, BlobRef blob, Instant now) {
        return new Write.Put(
                Keys.trashedBlob(blob.id()),
                Records.bytes(
                        begin(bucket, key, now).setBlob(ContentRecords.encode(blob)).build()));
    }

    /** The write that hands all parts of an upload over to the trash. */
    public static Write discardUpload(UUID bucket, String key, UUID upload, Instant now) {
        return new Write.Put(
                Keys.trashedUpload(upload),
                Records.bytes(begin(bucket, key, now).setUpload(Records.id(upload)).build()));
    }

    /** The write that hands all parts of an upload but those of its object over to the trash. */
    public static Write discardLeftovers(
            UUID bucket, String key, Content.Multipart kept, Instant now) {
        return new Write.Put(
                Keys.trashedLeftovers(kept.upload()),
                Records.bytes(
                        begin(bucket, key, now).setKept(ContentRecords.encode(kept)).build()));
    }

    private static TrashRecord.Builder begin(UUID bucket, String key, Instant now) {
        return TrashRecord.newBuilder()
                .setBucket(Records.id(bucket))
                .setKey(key)
                .setTrashedMillis(now.toEpochMilli());
    }

    /**
     * @throws IllegalStateException when the kind is one that this version does not know
     */
    public static TrashEntry decode(KeyValue stored) {
        TrashRecord record = Records.parse(TrashRecord.parser(), stored);
        UUID bucket = Records.uuid(record.getBucket());
        String key = record.getKey();
        long revision = stored.modRevision();
        return switch (record.getWhatCase()) {
            case BLOB ->
                    new TrashEntry.OfBlob(
                            bucket, key, revision, ContentRecords.decode(record.getBlob()));
            case UPLOAD ->
                    new TrashEntry.OfUpload(
                            bucket, key, revision, Records.uuid(record.getUpload()));
            case KEPT ->
                    new TrashEntry.OfLeftovers(
                            bucket, key, revision, ContentRecords.decode(record.getKept()));
            case WHAT_NOT_SET ->
                    throw new IllegalStateException("trash of a kind that is not known here");
        };
    }
}
