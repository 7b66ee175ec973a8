package io.lilio.catalog.object;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Records;
import io.lilio.catalog.content.ContentRecords;
import io.lilio.catalog.record.AttributesRecord;
import io.lilio.catalog.record.HeadRecord;
import io.lilio.catalog.record.ManifestRecord;
import io.lilio.catalog.record.SummaryRecord;
import io.lilio.catalog.record.VersionRecord;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import java.time.Instant;
import java.util.Optional;

/** The stored forms of heads, versions and attributes. */
public final class ObjectRecords {

    private ObjectRecords() {}

    /** A head's value; {@code modRevision} is not part of it. */
    public static Bytes encodeHead(Head head) {
        HeadRecord.Builder record = HeadRecord.newBuilder().setNullSeq(head.nullSeq());
        switch (head.current()) {
            case Head.Itself(ObjectVersion version) -> record.setManifest(manifest(version));
            case Head.AmongVersions(VersionSummary summary) ->
                    record.setSummary(SummaryRecord.newBuilder().setVersion(encode(summary)));
        }
        return Records.bytes(record.build());
    }

    public static Head decodeHead(KeyValue stored) {
        HeadRecord record = Records.parse(HeadRecord.parser(), stored);
        Head.Current current =
                switch (record.getCurrentCase()) {
                    case MANIFEST ->
                            new Head.Itself(
                                    version(Keys.keyOf(stored.key()), record.getManifest()));
                    case SUMMARY ->
                            new Head.AmongVersions(decode(record.getSummary().getVersion()));
                    case CURRENT_NOT_SET ->
                            throw new IllegalStateException("a head that is not known here");
                };
        return new Head(current, record.getNullSeq(), stored.modRevision());
    }

    /** What a listing shows of the current version; the rest of the record is not looked at. */
    public static VersionSummary decodeHeadSummary(KeyValue stored) {
        return decode(
                Records.parsePart(
                        VersionRecord.parser(),
                        stored,
                        // the manifest and the summary begin with the version, both of them
                        number ->
                                number == HeadRecord.MANIFEST_FIELD_NUMBER
                                        || number == HeadRecord.SUMMARY_FIELD_NUMBER,
                        number -> number == ManifestRecord.VERSION_FIELD_NUMBER));
    }

    /** What a listing shows of a record among the versions; the rest is not looked at. */
    public static VersionSummary decodeVersionSummary(KeyValue stored) {
        return decode(
                Records.parsePart(
                        VersionRecord.parser(),
                        stored,
                        number -> number == ManifestRecord.VERSION_FIELD_NUMBER));
    }

    /** The value of a record among the versions. */
    public static Bytes encodeVersion(ObjectVersion version) {
        return Records.bytes(manifest(version));
    }

    public static ObjectVersion decodeVersion(KeyValue stored) {
        return version(Keys.keyOf(stored.key()), Records.parse(ManifestRecord.parser(), stored));
    }

    private static ManifestRecord manifest(ObjectVersion version) {
        ManifestRecord.Builder record =
                ManifestRecord.newBuilder()
                        .setVersion(encode(version.summary()))
                        .setAttributes(encode(version.attributes()))
                        .setParts(version.parts());
        version.content().ifPresent(content -> record.setContent(ContentRecords.encode(content)));
        return record.build();
    }

    private static ObjectVersion version(String key, ManifestRecord record) {
        return new ObjectVersion(
                key,
                decode(record.getVersion()),
                record.hasContent()
                        ? Optional.of(ContentRecords.decode(record.getContent()))
                        : Optional.empty(),
                decode(record.getAttributes()),
                record.getParts());
    }

    public static VersionRecord encode(VersionSummary summary) {
        VersionRecord.Builder record =
                VersionRecord.newBuilder()
                        .setSeq(summary.seq())
                        .setTag(summary.tag())
                        .setNullVersion(summary.nullVersion())
                        .setDeleteMarker(summary.deleteMarker())
                        .setModifiedMillis(summary.lastModified().toEpochMilli())
                        .setSize(summary.size())
                        .setEtag(summary.etag())
                        .setStorageClass(summary.storageClass().orElse(""));
        summary.checksum().ifPresent(sum -> record.setChecksum(ContentRecords.encode(sum)));
        return record.build();
    }

    public static VersionSummary decode(VersionRecord record) {
        return new VersionSummary(
                record.getSeq(),
                record.getTag(),
                record.getNullVersion(),
                record.getDeleteMarker(),
                Instant.ofEpochMilli(record.getModifiedMillis()),
                record.getSize(),
                record.getEtag(),
                given(record.getStorageClass()),
                record.hasChecksum()
                        ? Optional.of(ContentRecords.decode(record.getChecksum()))
                        : Optional.empty());
    }

    public static AttributesRecord encode(Attributes attributes) {
        return AttributesRecord.newBuilder()
                .setContentType(attributes.contentType().orElse(""))
                .setCacheControl(attributes.cacheControl().orElse(""))
                .setContentDisposition(attributes.contentDisposition().orElse(""))
                .setContentEncoding(attributes.contentEncoding().orElse(""))
                .setContentLanguage(attributes.contentLanguage().orElse(""))
                .setExpires(attributes.expires().orElse(""))
                .setStorageClass(attributes.storageClass().orElse(""))
                .putAllUserMetadata(attributes.userMetadata())
                .build();
    }

    public static Attributes decode(AttributesRecord record) {
        return new Attributes(
                given(record.getContentType()),
                given(record.getCacheControl()),
                given(record.getContentDisposition()),
                given(record.getContentEncoding()),
                given(record.getContentLanguage()),
                given(record.getExpires()),
                given(record.getStorageClass()),
                record.getUserMetadataMap());
    }

    /** An attribute that is empty was not given. */
    private static Optional<String> given(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
