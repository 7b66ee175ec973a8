package io.lilio.maintenance.drop;

import io.lilio.metadata.session.Marks;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.RingView;
import java.util.Optional;

/**
 * Whether a member may drop what it holds of a partition. Pure.
 *
 * @param marks of the live sessions, read by whoever asks
 */
record DropRule(Marks marks) {

    /**
     * No table from settled to the newest, each of them looked at, places the partition at the
     * member (rules DROP_LOOKS_AT_NEWER_RINGS, DROP_LOOKS_AT_EVERY_NEWER_RING), and every request
     * that may still look where it was before has ended: all live marks have passed the revision at
     * which it was settled (rule DROP_WAITS_FOR_MARKS). What lost members hold that have come back
     * is left for repair.
     */
    boolean allows(MemberId member, int partition, RingView view) {
        return keepsItsPlace(member, view)
                && !view.needs(partition, member)
                && passed(view.settled().revision(partition));
    }

    private static boolean keepsItsPlace(MemberId id, RingView view) {
        Optional<MemberState> state = view.ring().member(id).map(Member::state);
        return switch (state.orElse(MemberState.RETURNED)) {
            case JOINING, ACTIVE, DRAINING, REMOVED -> true;
            case LOST, RETURNED -> false;
        };
    }

    /** Settled later than the marks were read: the next pass will tell. */
    private boolean passed(long revision) {
        return revision <= marks.revision() && marks.allPassed(revision);
    }
}
