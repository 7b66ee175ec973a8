package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A bucket that somebody wants to have.
 *
 * @param name by S3's rules
 * @param versioning of a bucket that is made; one that is there keeps its own. {@code OFF} when
 *     absent
 * @param owner whom it is to belong to: opaque, 1 to 253 characters, such as the uid of a resource
 * @param adopt whether a bucket that is there and belongs to nobody is taken over; not when absent
 */
@Schema(requiredProperties = {"name", "owner"})
public record BucketRequest(
        @Nullable String name,
        @Schema(enumeration = {"OFF", "ENABLED", "SUSPENDED"}) @Nullable String versioning,
        @Schema(minLength = 1, maxLength = 253) @Nullable String owner,
        @Nullable Boolean adopt) {}
