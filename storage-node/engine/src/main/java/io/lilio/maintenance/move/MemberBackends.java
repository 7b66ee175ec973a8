package io.lilio.maintenance.move;

import io.lilio.catalog.ring.MemberSpace;
import io.lilio.catalog.ring.RingBackends;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.placement.MemberId;
import io.lilio.replication.BreakerState;
import io.lilio.replication.MemberClient;
import io.lilio.replication.Members;
import java.util.Optional;

/** The members as this node reaches them: for commands on the ring. Thread-safe. */
public final class MemberBackends implements RingBackends {

    private final Members members;

    public MemberBackends(Members members) {
        this.members = members;
    }

    @Override
    public boolean reachable(MemberId id) {
        return members.find(id).filter(MemberBackends::answers).isPresent();
    }

    private static boolean answers(MemberClient member) {
        return member.readState() != BreakerState.OPEN
                && member.writeState() != BreakerState.OPEN
                && member.health().readable();
    }

    @Override
    public boolean lacksNothing(MemberId id) {
        return members.find(id).filter(MemberBackends::lacksNothing).isPresent();
    }

    private static boolean lacksNothing(MemberClient member) {
        try {
            // Of a directory that was taken away only what it said last is known.
            return member.usage().loss() == 0 && member.health().readable();
        } catch (ChunkStoreException e) { // it does not answer
            return false;
        }
    }

    @Override
    public Optional<MemberSpace> space(MemberId id) {
        return members.find(id).flatMap(MemberBackends::space);
    }

    private static Optional<MemberSpace> space(MemberClient member) {
        try {
            long free = member.health().freeBytes();
            return free < 0
                    ? Optional.empty()
                    : Optional.of(new MemberSpace(member.usage().storedBytes(), free));
        } catch (ChunkStoreException e) { // it has stopped answering
            return Optional.empty();
        }
    }

    @Override
    public void markAllUnconfirmed(MemberId id) {
        members.find(id)
                .orElseThrow(
                        () ->
                                new BackendException(
                                        BackendException.Reason.IO,
                                        "this node does not reach it",
                                        null))
                .markAllUnconfirmed();
    }
}
