package io.lilio.object;

import io.lilio.digest.Checksum;
import java.time.Instant;
import java.util.Optional;

/**
 * What was stored.
 *
 * @param etag without quotation marks
 * @param size bytes
 * @param modified when
 * @param versionId empty in a bucket whose versioning was never enabled
 * @param checksum the one that was asked for
 */
public record PutResult(
        String etag,
        long size,
        Instant modified,
        Optional<String> versionId,
        Optional<Checksum> checksum) {}
