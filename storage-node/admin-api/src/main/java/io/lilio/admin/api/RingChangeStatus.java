package io.lilio.admin.api;

import org.jspecify.annotations.Nullable;

/**
 * What came of asking for a change of the ring.
 *
 * @param operation the change
 * @param outcome how it ended: {@code DONE}, {@code CANCELLED} or {@code SUPERSEDED}; absent while
 *     it is under way
 * @param ring as it is now
 */
public record RingChangeStatus(
        RingOperation operation, @Nullable String outcome, RingStatus ring) {}
