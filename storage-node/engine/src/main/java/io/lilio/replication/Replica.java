package io.lilio.replication;

import io.lilio.chunk.ChunkHeader;
import io.lilio.placement.MemberId;
import org.jspecify.annotations.Nullable;

/** One member's copy of a chunk, as far as a read knows about it. Guarded by the read's lock. */
final class Replica {

    /** What the member has said. */
    enum Knowledge {
        /** Nothing yet. */
        UNKNOWN,
        PRESENT,
        MISSING,
        CORRUPT,
        /** It could not be asked, failed or did not answer in time: nothing is known. */
        UNREACHABLE
    }

    final MemberId member;
    final @Nullable MemberClient client;
    Knowledge knowledge = Knowledge.UNKNOWN;
    @Nullable ChunkHeader header;

    /** Whether its bytes were asked for. */
    boolean tried;

    /** Whether anything was asked. */
    boolean asked;

    Replica(MemberId member, @Nullable MemberClient client) {
        this.member = member;
        this.client = client;
        if (client == null) {
            knowledge = Knowledge.UNREACHABLE;
        }
    }

    /** Whether it may be worth reading from. */
    boolean promising() {
        return !tried && (knowledge == Knowledge.UNKNOWN || knowledge == Knowledge.PRESENT);
    }

    /** Whether it has said something for certain. */
    boolean answered() {
        return knowledge != Knowledge.UNKNOWN && knowledge != Knowledge.UNREACHABLE;
    }

    /** Whether its member's breaker waits for a call that decides. */
    boolean isHalfOpen() {
        return client != null && client.readState() == BreakerState.HALF_OPEN;
    }

    boolean bad() {
        return knowledge == Knowledge.MISSING || knowledge == Knowledge.CORRUPT;
    }
}
