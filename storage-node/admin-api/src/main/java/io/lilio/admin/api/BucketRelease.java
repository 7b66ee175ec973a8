package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A bucket is given up, and kept.
 *
 * @param owner whom it belongs to
 */
@Schema(requiredProperties = {"owner"})
public record BucketRelease(@Schema(minLength = 1, maxLength = 253) @Nullable String owner) {}
