package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The deletion brake: whether anything is deleted.
 *
 * @param engaged whether nothing is
 * @param reason why, for people
 * @param token names this engagement: acknowledging it releases the brake
 * @param orphaned blobs that a collection would have deleted, where that is the reason
 */
@Schema(requiredProperties = {"engaged"})
public record BrakeStatus(
        boolean engaged,
        @Nullable String reason,
        @Nullable String token,
        @Nullable Long orphaned) {}
