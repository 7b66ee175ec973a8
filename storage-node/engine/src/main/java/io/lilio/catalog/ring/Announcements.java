package io.lilio.catalog.ring;

import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.placement.Member;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import java.util.List;
import java.util.Optional;

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
        while (true) {
            Ring ring =
                    store.load()
                            .map(RingView::ring)
                            .orElseThrow(
                                    () ->
                                            new MetadataUnavailableException(
                                                    "the metadata hold no ring", null));
            List<Member> members = MemberChanges.announce(ring, member);
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
