package io.lilio.operator.plan;

import java.util.List;
import java.util.UUID;

/** One thing to do now. Doing it twice is as good as doing it once. */
public sealed interface Step {

    /** Ask the ring for the operation's change, under the operation's id. */
    record Ask(Operation operation, List<Relocation> places) implements Step {
        public Ask {
            places = List.copyOf(places);
        }
    }

    /** Where a member is, as the operator knows it. */
    record Relocation(UUID member, Place place) {}

    /**
     * Ask the ring to go back to what it was before a change.
     *
     * @param id names the cancellation
     */
    record Cancel(UUID id, long epoch) implements Step {}

    /** Have a Job carry out the change of the ring that is under way. */
    record Move(UUID change) implements Step {}

    /**
     * Take the last pod away. Irreversible.
     *
     * @param to pods that are left
     * @param removed members of the pod, which have to be seen REMOVED by a live read
     */
    record Shrink(int to, List<UUID> removed) implements Step {
        public Shrink {
            removed = List.copyOf(removed);
        }
    }

    /**
     * Delete the volume of a member that holds nothing that is needed, and have its pod evicted, so
     * that both come back anew. Irreversible.
     *
     * @param member has to be seen REMOVED or LOST by a live read
     */
    record Renew(String pod, String uid, UUID member) implements Step {}

    /** Have a pod evicted, so that it comes back from the newest template. */
    record Evict(String pod, String uid) implements Step {}
}
