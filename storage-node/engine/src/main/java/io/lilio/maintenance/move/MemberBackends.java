package io.lilio.maintenance.move;

import io.lilio.catalog.ring.MemberSpace;
import io.lilio.catalog.ring.RingBackends;
import io.lilio.chunk.BackendException;
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
    public Optional<MemberSpace> space(MemberId id) {
        return members.find(id)
                .filter(member -> member.health().freeBytes() >= 0)
                .map(
                        member ->
                                new MemberSpace(
                                        member.usage().storedBytes(), member.health().freeBytes()));
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
