package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.upload.Assembly.Assembled;
import io.lilio.catalog.upload.Upload;
import io.lilio.catalog.upload.Upload.ChecksumPlan;
import io.lilio.chunk.BlobId;
import io.lilio.digest.Checksum;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.object.CompleteUploadRequest.CompletedPart;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClaimedPartsTest {

    private static final long MIB = 1024 * 1024;
    private static final String MD5_A = "0cc175b9c0f1b6a831c399e269772661";
    private static final String MD5_B = "92eb5ffee6ae2fec3ad71c777531578f";

    @Test
    void theEtagIsTheMd5OfTheMd5s() {
        Assembled object =
                assemble(
                        Optional.empty(),
                        claim(),
                        part(1, 5 * MIB, MD5_A, null),
                        part(2, 1, MD5_B, null));
        assertThat(object.etag()).isEqualTo("96e024ba2074fe77e8e965ba43a704be-2");
        assertThat(object.checksum()).isEmpty();
    }

    @Test
    void opaqueEtagsMakeAnEtagToo() {
        Assembled object = assemble(Optional.empty(), claim(), part(1, 10, "0123456789-1", null));
        assertThat(object.etag()).matches("[0-9a-f]{32}-1");
    }

    @Test
    void onlyTheLastPartMayBeSmall() {
        assertKind(
                () ->
                        assemble(
                                Optional.empty(),
                                claim(),
                                part(1, 5 * MIB - 1, MD5_A, null),
                                part(2, 5 * MIB, MD5_B, null)),
                Kind.PART_TOO_SMALL);
    }

    @Test
    void anObjectOfMoreThanFiveTebibytesIsTooLarge() {
        Part[] parts = new Part[1_025];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = part(i + 1, 5 * 1024 * MIB, MD5_A, null);
        }
        assertKind(() -> assemble(Optional.empty(), claim(), parts), Kind.OBJECT_TOO_LARGE);
    }

    @Test
    void aClaimedSizeHasToBeTheSum() {
        CompleteUploadRequest claim =
                new CompleteUploadRequest(
                        upload(),
                        claimed(part(1, 7, MD5_A, null)),
                        Optional.empty(),
                        OptionalLong.of(8),
                        Conditions.none());
        assertKind(
                () ->
                        new ClaimedParts(claim)
                                .assemble(stored(null), List.of(part(1, 7, MD5_A, null))),
                Kind.INVALID_REQUEST);
    }

    @Test
    void aClaimedChecksumOfAPartHasToBeItsOwn() {
        Checksum right = crc32("AAAAAA==");
        Part part = part(1, 7, MD5_A, right);
        CompleteUploadRequest claim =
                new CompleteUploadRequest(
                        upload(),
                        List.of(new CompletedPart(1, MD5_A, Optional.of(crc32("AAAAAQ==")))),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Conditions.none());
        assertKind(
                () -> new ClaimedParts(claim).assemble(stored(null), List.of(part)),
                Kind.INVALID_PART);
    }

    @Test
    void aClaimedChecksumOfTheObjectHasToBeItsOwn() {
        ChecksumPlan plan = new ChecksumPlan(DigestAlgorithm.CRC32, Checksum.Type.FULL_OBJECT);
        Part part = part(1, 7, MD5_A, crc32("AAAAAA=="));
        assertThat(
                        new ClaimedParts(claimOfObject(part, crc32("AAAAAA==")))
                                .assemble(stored(plan), List.of(part))
                                .checksum())
                .contains(crc32("AAAAAA=="));
        assertKind(
                () ->
                        new ClaimedParts(claimOfObject(part, crc32("AAAAAQ==")))
                                .assemble(stored(plan), List.of(part)),
                Kind.BAD_DIGEST);
        assertKind(
                () ->
                        new ClaimedParts(claimOfObject(part, crc32("AAAAAA==")))
                                .assemble(stored(null), List.of(part)),
                Kind.INVALID_REQUEST);
    }

    @Test
    void aCompositeChecksumMayBeClaimedWithoutTheNumberOfParts() {
        ChecksumPlan plan = new ChecksumPlan(DigestAlgorithm.CRC32, Checksum.Type.COMPOSITE);
        Part part = part(1, 7, MD5_A, crc32("AAAAAA=="));
        Checksum computed =
                new ClaimedParts(claim())
                        .assemble(stored(plan), List.of(part))
                        .checksum()
                        .orElseThrow();
        assertThat(computed.value()).endsWith("-1");
        Checksum bare =
                new Checksum(
                        DigestAlgorithm.CRC32,
                        Checksum.Type.COMPOSITE,
                        computed.value().replace("-1", ""));
        assertThat(
                        new ClaimedParts(claimOfObject(part, bare))
                                .assemble(stored(plan), List.of(part))
                                .checksum())
                .contains(computed);
    }

    private static Assembled assemble(
            Optional<ChecksumPlan> plan, CompleteUploadRequest claim, Part... parts) {
        CompleteUploadRequest named =
                new CompleteUploadRequest(
                        claim.upload(),
                        claimed(parts),
                        claim.checksum(),
                        claim.size(),
                        claim.conditions());
        return new ClaimedParts(named).assemble(stored(plan.orElse(null)), List.of(parts));
    }

    private static CompleteUploadRequest claim() {
        return claimOfObject(part(1, 7, MD5_A, null), null);
    }

    private static CompleteUploadRequest claimOfObject(Part part, @Nullable Checksum checksum) {
        return new CompleteUploadRequest(
                upload(),
                claimed(part),
                Optional.ofNullable(checksum),
                OptionalLong.empty(),
                Conditions.none());
    }

    private static List<CompletedPart> claimed(Part... parts) {
        return Arrays.stream(parts)
                .map(part -> new CompletedPart(part.number(), part.etag(), Optional.empty()))
                .toList();
    }

    private static Checksum crc32(String value) {
        return new Checksum(DigestAlgorithm.CRC32, Checksum.Type.FULL_OBJECT, value);
    }

    private static UploadAddress upload() {
        return new UploadAddress(new ObjectAddress("bucket", "key"), new UUID(3, 4).toString());
    }

    private static Upload stored(@Nullable ChecksumPlan plan) {
        return new Upload(
                new UUID(3, 4),
                new UUID(1, 2),
                "key",
                Instant.EPOCH,
                "me",
                Attributes.none(),
                Optional.ofNullable(plan));
    }

    private static Part part(int number, long size, String etag, @Nullable Checksum checksum) {
        return new Part(
                number,
                new BlobRef(new BlobId(number, 1), size, 1024, 1, "replicated(3)", 1),
                etag,
                Instant.EPOCH,
                Optional.ofNullable(checksum));
    }

    private static void assertKind(Runnable call, Kind kind) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
