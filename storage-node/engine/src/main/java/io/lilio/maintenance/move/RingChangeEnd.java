package io.lilio.maintenance.move;

import io.lilio.catalog.ring.RingCache;
import io.lilio.catalog.ring.RingStore;
import io.lilio.maintenance.run.Run;
import io.lilio.placement.EndedOperation;
import io.lilio.placement.Member;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import io.lilio.placement.RingView;
import io.lilio.replication.Members;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last step of a ring change, by compare-and-set on the ring document. */
final class RingChangeEnd {

    private static final Logger log = LoggerFactory.getLogger(RingChangeEnd.class);

    private final RingCache ring;
    private final RingStore store;
    private final OldHolders holders;

    RingChangeEnd(RingCache ring, RingStore store, Members members) {
        this.ring = ring;
        this.store = store;
        this.holders = new OldHolders(members);
    }

    /**
     * Ends the operation under way when all partitions are settled at the newest epoch, and forgets
     * older tables that nobody holds anything by any more. Those are found by later calls too, when
     * no operation is under way.
     */
    void reach(Run run) {
        while (true) {
            run.checkCancelled();
            RingView view = ring.refresh();
            if (view.unsettled() > 0) {
                return; // the ring has changed again meanwhile
            }
            Ring next = ended(view, run);
            if (next.equals(view.ring())) {
                return;
            }
            // The document is compared, so no table has been added since it was looked at (rule
            // REMOVE_LOOKS_AT_NEWER_RINGS), and the operation is the one that was carried out.
            if (store.replace(view.ring(), next).isPresent()) {
                view.ring()
                        .operation()
                        .ifPresent(done -> log.info("{} {} is done", done.type(), done.id()));
                ring.refresh();
                return;
            }
        }
    }

    private Ring ended(RingView view, Run run) {
        List<Member> members =
                view.ring().members().stream().map(member -> drained(view, member)).toList();
        Ring ended =
                view.ring().withSameTables(members).withOperationEnded(EndedOperation.Outcome.DONE);
        var then = new RingView(ended, view.settled());
        return ended.withoutTablesBefore(holders.oldestNeeded(then, run));
    }

    /** No table from settled to the newest names it (rule REMOVE_LOOKS_AT_NEWER_RINGS). */
    private static Member drained(RingView view, Member member) {
        if (member.state() != MemberState.DRAINING
                || view.epochThatNeeds(member.id()).isPresent()) {
            return member;
        }
        boolean returns =
                view.ring()
                        .operation()
                        .map(RingOperation::returning)
                        .filter(returning -> returning.contains(member.id()))
                        .isPresent();
        return member.withState(returns ? MemberState.JOINING : MemberState.REMOVED);
    }
}
