package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking for a change of the ring.
 *
 * @param operation the change
 * @param outcome how it ended: {@code DONE}, {@code CANCELLED} or {@code SUPERSEDED}; absent while
 *     it is under way
 * @param ring as it is now
 */
@Schema(requiredProperties = {"operation", "ring"})
public record RingChangeStatus(
        RingOperation operation,
        @Schema(enumeration = {"DONE", "CANCELLED", "SUPERSEDED"}) @Nullable String outcome,
        RingStatus ring) {}
