package io.lilio.placement;

import java.util.List;
import java.util.UUID;

/**
 * A change of the ring: under way while the ring document names it as its operation.
 *
 * @param id given by whoever asked for it, so that asking again is recognised
 * @param type what was asked for
 * @param token what movers of this operation present when they settle a partition; a later
 *     operation has a greater one
 * @param targets the members that it is about, as they were named
 * @param before those whom it changed, as they were: what a cancellation goes back to
 * @param returning members that are DRAINING only since their admission was cancelled: JOINING
 *     again when they hold nothing any more, instead of REMOVED
 * @param arguments a digest of what was asked for besides, so that another request under the same
 *     id is recognised; empty when that is nothing, or was stored before it was told
 */
public record RingOperation(
        UUID id,
        Type type,
        long token,
        List<MemberId> targets,
        List<Member> before,
        List<MemberId> returning,
        String arguments) {

    /** What a ring can be asked for (DESIGN §5). */
    public enum Type {
        ADMIT,
        DRAIN,
        CANCEL,
        MARK_LOST,
        REPLACE,
        REWEIGH,
        /** Members are on other machines, or in other zones, than the ring knows. */
        RELOCATE,
        /** A member that was lost and has come back is taken in again. */
        READMIT,
        /** A member that no table needs becomes a tombstone; done at once. */
        REMOVE
    }

    public RingOperation {
        targets = List.copyOf(targets);
        before = List.copyOf(before);
        returning = List.copyOf(returning);
    }

    /** About no member in particular. */
    public RingOperation(UUID id, Type type, long token) {
        this(id, type, token, List.of(), List.of(), List.of(), "");
    }
}
