package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Whether a bucket is to keep what is overwritten and deleted.
 *
 * @param owner whom the bucket belongs to
 * @param versioning it cannot be switched off again, only suspended
 */
@Schema(requiredProperties = {"owner", "versioning"})
public record BucketVersioning(
        @Schema(minLength = 1, maxLength = 253) @Nullable String owner,
        @Schema(enumeration = {"ENABLED", "SUSPENDED"}) @Nullable String versioning) {}
