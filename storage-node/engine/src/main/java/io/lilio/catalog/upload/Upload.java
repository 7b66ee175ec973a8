package io.lilio.catalog.upload;

import io.lilio.catalog.object.Attributes;
import io.lilio.digest.Checksum;
import io.lilio.digest.DigestAlgorithm;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A multipart upload that is neither completed nor aborted.
 *
 * @param id ordered by time of beginning
 * @param initiator who began it
 * @param attributes for the object to come
 * @param checksum what the client will send with its parts, if it said so
 */
public record Upload(
        UUID id,
        UUID bucket,
        String key,
        Instant initiated,
        String initiator,
        Attributes attributes,
        Optional<ChecksumPlan> checksum) {

    /** The checksum of the parts and of the object to come. */
    public record ChecksumPlan(DigestAlgorithm algorithm, Checksum.Type type) {}
}
