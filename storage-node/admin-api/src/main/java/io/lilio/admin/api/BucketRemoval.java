package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How far the removal of a bucket is.
 *
 * @param name what clients call it
 * @param gone whether it is removed; if not, ask again, which goes on
 * @param removed versions, delete markers and uploads that were removed by this call
 * @param objects versions that it still holds, as in {@link BucketStatus}; absent when it is gone
 */
@Schema(requiredProperties = {"name", "gone", "removed"})
public record BucketRemoval(String name, boolean gone, long removed, @Nullable Long objects) {}
