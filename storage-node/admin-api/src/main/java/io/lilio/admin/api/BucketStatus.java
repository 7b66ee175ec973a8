package io.lilio.admin.api;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A bucket and how much it holds. Of what other nodes changed within the last half minute, the
 * figures may lack some.
 *
 * @param name what clients call it
 * @param created when it was made
 * @param versioning {@code OFF} when it was never enabled, {@code ENABLED} or {@code SUSPENDED}
 * @param objects all versions of its objects; delete markers and uploads under way are not counted
 * @param bytes their sizes as clients see them, without replicas
 * @param owner whom it belongs to, who alone removes it; absent: nobody, so that S3 clients may
 */
@Schema(requiredProperties = {"name", "created", "versioning", "objects", "bytes"})
public record BucketStatus(
        String name,
        Instant created,
        @Schema(enumeration = {"OFF", "ENABLED", "SUSPENDED"}) String versioning,
        long objects,
        long bytes,
        @Nullable String owner) {}
