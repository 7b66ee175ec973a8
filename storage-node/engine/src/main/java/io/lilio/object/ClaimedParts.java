package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.upload.Assembly;
import io.lilio.catalog.upload.Upload;
import io.lilio.catalog.upload.Upload.ChecksumPlan;
import io.lilio.digest.Checksum;
import io.lilio.digest.PartDigests;
import io.lilio.object.CompleteUploadRequest.CompletedPart;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Judges the stored parts by what the client claims about them and about the object, and computes
 * the object's ETag and checksum. Pure.
 */
final class ClaimedParts implements Assembly {

    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

    private final CompleteUploadRequest claim;

    ClaimedParts(CompleteUploadRequest claim) {
        this.claim = claim;
    }

    @Override
    public Assembled assemble(Upload upload, List<Part> parts) {
        requireSizes(parts);
        requireChecksums(parts);
        PartDigests digests =
                upload.checksum()
                        .map(plan -> PartDigests.withChecksum(plan.algorithm(), plan.type()))
                        .orElseGet(PartDigests::withoutChecksum);
        for (Part part : parts) {
            digests.add(etagBytes(part.etag()), part.size(), part.checksum().orElse(null));
        }
        PartDigests.Result result = digests.finish();
        requireChecksum(upload, result.checksum());
        return new Assembled(result.etag(), result.checksum());
    }

    private void requireSizes(List<Part> parts) {
        long size = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (i < parts.size() - 1 && part.size() < CompleteUpload.MIN_PART_BYTES) {
                throw new ObjectStoreException(
                        Kind.PART_TOO_SMALL,
                        "Part %d has %d bytes, which is smaller than the minimum allowed size of %d"
                                .formatted(
                                        part.number(), part.size(), CompleteUpload.MIN_PART_BYTES));
            }
            size += part.size();
        }
        if (size > CompleteUpload.MAX_BYTES) {
            throw new ObjectStoreException(
                    Kind.OBJECT_TOO_LARGE,
                    "Your proposed upload exceeds the maximum allowed object size of "
                            + CompleteUpload.MAX_BYTES
                            + " bytes");
        }
        if (claim.size().isPresent() && claim.size().getAsLong() != size) {
            throw new ObjectStoreException(
                    Kind.INVALID_REQUEST,
                    "The parts have %d bytes together, not %d"
                            .formatted(size, claim.size().getAsLong()));
        }
    }

    private void requireChecksums(List<Part> parts) {
        for (int i = 0; i < parts.size(); i++) {
            CompletedPart claimed = claim.parts().get(i);
            Optional<Checksum> stored = parts.get(i).checksum();
            boolean differs =
                    claimed.checksum().isPresent()
                            && stored.isPresent()
                            && !claimed.checksum().equals(stored);
            if (differs) {
                throw new ObjectStoreException(
                        Kind.INVALID_PART,
                        "One or more of the specified parts could not be found: part "
                                + claimed.number()
                                + " has another checksum");
            }
        }
    }

    private void requireChecksum(Upload upload, Optional<Checksum> computed) {
        if (claim.checksum().isEmpty()) {
            return;
        }
        Checksum claimed = claim.checksum().get();
        if (computed.isEmpty()) {
            throw new ObjectStoreException(
                    Kind.INVALID_REQUEST,
                    "The upload was not created with the " + claimed.algorithm() + " checksum");
        }
        ChecksumPlan plan = upload.checksum().orElseThrow();
        boolean equal =
                claimed.algorithm() == plan.algorithm()
                        && withoutCount(claimed.value())
                                .equals(withoutCount(computed.get().value()));
        if (!equal) {
            throw new ObjectStoreException(
                    Kind.BAD_DIGEST,
                    "The %s you specified did not match the calculated checksum."
                            .formatted(claimed.algorithm()));
        }
    }

    /** Clients may leave the number of parts out. */
    private static String withoutCount(String value) {
        int minus = value.lastIndexOf('-');
        return minus < 0 ? value : value.substring(0, minus);
    }

    /** The MD5 that the ETag shows; an opaque ETag stands for itself. */
    private static byte[] etagBytes(String etag) {
        return MD5.matcher(etag).matches()
                ? HexFormat.of().parseHex(etag)
                : etag.getBytes(StandardCharsets.US_ASCII);
    }
}
