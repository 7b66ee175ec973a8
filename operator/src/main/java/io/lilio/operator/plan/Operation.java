package io.lilio.operator.plan;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What is being done to a cluster: written to its status before anything is, and ended there last.
 *
 * @param id also the id of its change of the ring, which is asked for under it again and again
 * @param type what is done
 * @param phase how far it is
 * @param epoch of the ring that it was planned by
 * @param members whom it is about; with REPLACE the old one first
 * @param ordinal of the pod that it is about; -1 when it is about several
 * @param pod uid of that pod as it was when the operation began; empty when there was none
 * @param startedAt when it began
 */
public record Operation(
        UUID id,
        Type type,
        Phase phase,
        long epoch,
        List<UUID> members,
        int ordinal,
        String pod,
        Instant startedAt) {

    /** What can be done to a cluster. */
    public enum Type {
        /** Members of new pods take their share. */
        ADMIT,
        /** A pod's members give away what they hold; then the pod goes. */
        DRAIN,
        /** A pod that holds nothing goes. */
        SHRINK,
        /** Members are gone for good. */
        MARK_LOST,
        /**
         * A new member takes over from one that is lost; or, with that one alone, a member that
         * fails gives away what it holds, and its pod gets another volume, with a new member.
         */
        REPLACE,
        /** A member that was lost and came back is taken in again. */
        READMIT,
        /** Members are on other machines, or in other zones, than before. */
        RELOCATE,
        /** Members that hold nothing become tombstones. */
        REMOVE,
        /** A pod is started again from another template. */
        RESTART
    }

    /** How far an operation is. */
    public enum Phase {
        /** The ring is asked to change. */
        ASKING,
        /** The ring has changed, and chunks move. */
        MOVING,
        /** The ring goes back to what it was. */
        CANCELLING,
        /** The pod goes. */
        SHRINKING,
        /** The pod goes and comes back. */
        RESTARTING,
        /** The pod and the volume of its member go, and come back anew. */
        RENEWING
    }

    public Operation {
        members = List.copyOf(members);
    }

    /** Whether a pod gets another volume, rather than that a member which is there takes over. */
    public boolean renewsVolume() {
        return type == Type.REPLACE && members.size() == 1;
    }

    /** Whether its pod is about to be taken away for a while. */
    public boolean takesPod() {
        return phase == Phase.RESTARTING || phase == Phase.RENEWING;
    }

    /** The same, further on. */
    public Operation in(Phase next) {
        return new Operation(id, type, next, epoch, members, ordinal, pod, startedAt);
    }

    /** The same under another id. */
    Operation as(UUID other) {
        return new Operation(other, type, phase, epoch, members, ordinal, pod, startedAt);
    }

    /** The id under which its change of the ring is cancelled. */
    public UUID cancellation() {
        return UUID.nameUUIDFromBytes(("cancel " + id).getBytes(StandardCharsets.UTF_8));
    }
}
