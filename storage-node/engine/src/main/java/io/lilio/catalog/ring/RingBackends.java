package io.lilio.catalog.ring;

import io.lilio.placement.MemberId;
import java.util.Optional;

/** What commands on the ring have to know of members, and do to them. Thread-safe. */
public interface RingBackends {

    /** Whether it answers, as far as is known here. */
    boolean reachable(MemberId member);

    /**
     * Whether it has all chunks that it was given, by its own word. Not when it lost some and was
     * not filled again since, nor when it does not answer: nobody knows then.
     */
    boolean lacksNothing(MemberId member);

    /** How full it is; empty when that is not known. */
    Optional<MemberSpace> space(MemberId member);

    /**
     * Puts the unconfirmed mark on every chunk that it holds, durably.
     *
     * @throws io.lilio.chunk.ChunkStoreException when it does not answer
     */
    void markAllUnconfirmed(MemberId member);
}
