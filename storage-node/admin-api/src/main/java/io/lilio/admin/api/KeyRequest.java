package io.lilio.admin.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an access key is to be like.
 *
 * @param role {@code read-only}, {@code read-write} or {@code admin}
 * @param buckets names of those that it is bound to, at most 100; absent or empty: all
 * @param description for people, at most 256 characters
 */
public record KeyRequest(
        @Nullable String role, @Nullable List<String> buckets, @Nullable String description) {}
