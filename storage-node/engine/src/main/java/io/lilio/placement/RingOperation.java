package io.lilio.placement;

import java.util.UUID;

/**
 * The ring change under way, named in the ring document.
 *
 * @param id given by whoever asked for it, so that asking again is recognised
 * @param type what was asked for
 * @param token what movers of this operation present when they settle a partition; a later
 *     operation has another one
 */
public record RingOperation(UUID id, Type type, long token) {

    /** What a ring can be asked for (DESIGN §5). */
    public enum Type {
        ADMIT,
        DRAIN,
        CANCEL,
        MARK_LOST,
        REPLACE,
        REWEIGH
    }
}
