package io.lilio.object;

import io.lilio.catalog.object.Conditions;
import io.lilio.digest.Checksum;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an upload becomes.
 *
 * @param upload which upload
 * @param parts which of its parts, in ascending order of their numbers, at least one
 * @param checksum that the object is claimed to have
 * @param size that the object is claimed to have, in bytes
 * @param conditions on the version that it would replace
 */
public record CompleteUploadRequest(
        UploadAddress upload,
        List<CompletedPart> parts,
        Optional<Checksum> checksum,
        OptionalLong size,
        Conditions conditions) {

    public CompleteUploadRequest {
        parts = List.copyOf(parts);
    }

    /**
     * A part as the client names it.
     *
     * @param number its number
     * @param etag without quotation marks
     * @param checksum that it is claimed to have
     */
    public record CompletedPart(int number, String etag, Optional<Checksum> checksum) {}
}
