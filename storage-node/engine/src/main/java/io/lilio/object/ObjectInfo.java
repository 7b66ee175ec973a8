package io.lilio.object;

import io.lilio.catalog.object.Attributes;
import io.lilio.digest.Checksum;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of an object's version.
 *
 * @param size of the whole object, in bytes
 * @param etag without quotation marks
 * @param modified when it was written
 * @param versionId empty in a bucket whose versioning was never enabled
 * @param attributes what the client stored with it
 * @param checksum as it was stored; of the whole object
 * @param parts how many parts it was uploaded in; 0 when it was not
 */
public record ObjectInfo(
        long size,
        String etag,
        Instant modified,
        Optional<String> versionId,
        Attributes attributes,
        Optional<Checksum> checksum,
        int parts) {}
