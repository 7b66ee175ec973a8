package io.lilio.admin.api;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What an access key is to be like.
 *
 * @param role {@code read-only}, {@code read-write} or {@code admin}
 * @param buckets names of those that it is bound to, at most 100; absent or empty: all
 * @param description for people, at most 256 characters
 */
@Schema(requiredProperties = {"role"})
public record KeyRequest(
        @Schema(enumeration = {"read-only", "read-write", "admin"}) @Nullable String role,
        @Schema(maxItems = 100) @Nullable List<String> buckets,
        @Schema(maxLength = 256) @Nullable String description) {}
