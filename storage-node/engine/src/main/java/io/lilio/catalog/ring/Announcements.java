package io.lilio.catalog.ring;

import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Nodes tell the ring which members they host. Thread-safe. */
public final class Announcements {

    private final RingStore store;

    public Announcements(RingStore store) {
        this.store = store;
    }

    /**
     * A node says that it hosts a member: one that nobody knows is JOINING from then on, one that
     * was LOST is RETURNED. Moves no chunk and changes no table.
     *
     * @return the ring, which knows the member
     * @throws RingCommandRefused when it was removed: its identity is not used again
     * @throws MetadataUnavailableException when the ring cannot be read, or it is not known whether
     *     it was changed
     */
    public Ring announce(Member member) {
        return change(ring -> MemberChanges.announce(ring, member));
    }

    /**
     * A node says that it still hosts a member that was marked lost: it is RETURNED from then on. A
     * member of any other state, or of another ring, stays what it is. Saying so again changes
     * nothing.
     *
     * @throws MetadataUnavailableException as {@link #announce}
     */
    public Ring announceReturn(MemberId member) {
        return change(
                ring ->
                        ring.member(member)
                                .filter(known -> known.state() == MemberState.LOST)
                                .map(lost -> MemberChanges.announce(ring, lost))
                                .orElse(ring.members()));
    }

    private Ring change(Function<Ring, List<Member>> plan) {
        while (true) {
            Ring ring =
                    store.load()
                            .map(RingView::ring)
                            .orElseThrow(
                                    () ->
                                            new MetadataUnavailableException(
                                                    "the metadata hold no ring", null));
            List<Member> members = plan.apply(ring);
            if (members.equals(ring.members())) {
                return ring;
            }
            Optional<Ring> stored = store.replace(ring, ring.withSameTables(members));
            if (stored.isPresent()) {
                return stored.get();
            }
        }
    }
}
