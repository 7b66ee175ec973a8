package io.lilio.catalog.content;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Records;
import io.lilio.catalog.record.BlobRecord;
import io.lilio.catalog.record.ChecksumRecord;
import io.lilio.catalog.record.ContentRecord;
import io.lilio.catalog.record.MultipartRecord;
import io.lilio.catalog.record.PartRecord;
import io.lilio.catalog.record.PartRunRecord;
import io.lilio.digest.Checksum;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The stored forms of contents, blobs, parts and checksums. */
public final class ContentRecords {

    private ContentRecords() {}

    public static ContentRecord encode(Content content) {
        ContentRecord.Builder record = ContentRecord.newBuilder();
        switch (content) {
            case Content.Inline(Bytes bytes) -> record.setInline(Records.wrap(bytes));
            case Content.Blob(BlobRef blob) -> record.setBlob(encode(blob));
            case Content.Multipart multipart -> record.setMultipart(encode(multipart));
        }
        return record.build();
    }

    /**
     * @throws IllegalStateException when the kind is one that this version does not know
     */
    public static Content decode(ContentRecord record) {
        return switch (record.getKindCase()) {
            case INLINE -> new Content.Inline(Records.unwrap(record.getInline()));
            case BLOB -> new Content.Blob(decode(record.getBlob()));
            case MULTIPART -> decode(record.getMultipart());
            case KIND_NOT_SET ->
                    throw new IllegalStateException("a content of a kind that is not known here");
        };
    }

    public static MultipartRecord encode(Content.Multipart multipart) {
        MultipartRecord.Builder record =
                MultipartRecord.newBuilder().setUpload(Records.id(multipart.upload()));
        for (PartRun run : multipart.runs()) {
            record.addRuns(
                    PartRunRecord.newBuilder()
                            .setFirstPart(run.firstPart())
                            .setCount(run.count())
                            .setPartSize(run.partSize()));
        }
        return record.build();
    }

    public static Content.Multipart decode(MultipartRecord record) {
        List<PartRun> runs =
                record.getRunsList().stream()
                        .map(
                                run ->
                                        new PartRun(
                                                run.getFirstPart(),
                                                run.getCount(),
                                                run.getPartSize()))
                        .toList();
        return new Content.Multipart(Records.uuid(record.getUpload()), runs);
    }

    public static BlobRecord encode(BlobRef blob) {
        return BlobRecord.newBuilder()
                .setId(Records.id(blob.id()))
                .setSize(blob.size())
                .setChunkSize(blob.chunkSize())
                .setEpoch(blob.epoch())
                .setRedundancy(blob.redundancy())
                .setOpeningRevision(blob.openingRevision())
                .build();
    }

    public static BlobRef decode(BlobRecord record) {
        return new BlobRef(
                Records.blobId(record.getId()),
                record.getSize(),
                record.getChunkSize(),
                record.getEpoch(),
                record.getRedundancy(),
                record.getOpeningRevision());
    }

    /**
     * A part's value.
     *
     * @param tag random, to recognise this commit by
     */
    public static Bytes encode(Part part, long tag) {
        PartRecord.Builder record =
                PartRecord.newBuilder()
                        .setBlob(encode(part.blob()))
                        .setEtag(part.etag())
                        .setModifiedMillis(part.lastModified().toEpochMilli())
                        .setTag(tag);
        part.checksum().ifPresent(checksum -> record.setChecksum(encode(checksum)));
        return Records.bytes(record.build());
    }

    public static Part decodePart(KeyValue stored) {
        PartRecord record = Records.parse(PartRecord.parser(), stored);
        return new Part(
                Keys.partNumberOf(stored.key()),
                decode(record.getBlob()),
                record.getEtag(),
                Instant.ofEpochMilli(record.getModifiedMillis()),
                record.hasChecksum()
                        ? Optional.of(decode(record.getChecksum()))
                        : Optional.empty());
    }

    /** Which commit wrote a part. */
    public static long tagOfPart(KeyValue stored) {
        return Records.parse(PartRecord.parser(), stored).getTag();
    }

    public static ChecksumRecord encode(Checksum checksum) {
        int dash = checksum.value().lastIndexOf('-');
        return ChecksumRecord.newBuilder()
                .setAlgorithm(encode(checksum.algorithm()))
                .setComposite(checksum.type() == Checksum.Type.COMPOSITE)
                .setValue(Records.wrap(Bytes.wrap(checksum.bytes())))
                .setParts(dash < 0 ? 0 : Integer.parseInt(checksum.value().substring(dash + 1)))
                .build();
    }

    public static Checksum decode(ChecksumRecord record) {
        String value = Base64.getEncoder().encodeToString(record.getValue().toByteArray());
        return new Checksum(
                decode(record.getAlgorithm()),
                record.getComposite() ? Checksum.Type.COMPOSITE : Checksum.Type.FULL_OBJECT,
                record.getParts() == 0 ? value : value + "-" + record.getParts());
    }

    /**
     * @throws IllegalArgumentException for MD5, which is no checksum
     */
    public static ChecksumRecord.Algorithm encode(DigestAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> ChecksumRecord.Algorithm.CRC32;
            case CRC32C -> ChecksumRecord.Algorithm.CRC32C;
            case CRC64NVME -> ChecksumRecord.Algorithm.CRC64NVME;
            case SHA1 -> ChecksumRecord.Algorithm.SHA1;
            case SHA256 -> ChecksumRecord.Algorithm.SHA256;
            case MD5 -> throw new IllegalArgumentException("MD5 is no checksum of an object");
        };
    }

    /**
     * @throws IllegalStateException when it is one that this version does not know
     */
    public static DigestAlgorithm decode(ChecksumRecord.Algorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> DigestAlgorithm.CRC32;
            case CRC32C -> DigestAlgorithm.CRC32C;
            case CRC64NVME -> DigestAlgorithm.CRC64NVME;
            case SHA1 -> DigestAlgorithm.SHA1;
            case SHA256 -> DigestAlgorithm.SHA256;
            case UNRECOGNIZED ->
                    throw new IllegalStateException("a checksum that is not known here");
        };
    }
}
