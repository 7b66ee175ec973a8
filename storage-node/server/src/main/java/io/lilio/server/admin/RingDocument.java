package io.lilio.server.admin;

import io.lilio.admin.api.RingStatus;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import io.lilio.placement.RingView;

/** The ring as the API shows it. */
final class RingDocument {

    private RingDocument() {}

    static RingStatus of(RingView view) {
        Ring ring = view.ring();
        int unsettled = view.unsettled();
        return new RingStatus(
                ring.revision(),
                ring.epoch(),
                ring.oldestEpoch(),
                ring.partitions(),
                ring.partitioning().virtualNodes(),
                ring.partitions() - unsettled,
                unsettled,
                replication(ring.replication()),
                ring.members().stream().map(member -> member(ring, member)).toList(),
                ring.operation().map(RingDocument::operation).orElse(null),
                ring.featureLevel());
    }

    private static RingStatus.Replication replication(Replication replication) {
        return new RingStatus.Replication(
                replication.factor(),
                replication.writeQuorum(),
                replication.readQuorum(),
                replication.spread().name(),
                replication.strictReads());
    }

    private static RingStatus.RingMember member(Ring ring, Member member) {
        return new RingStatus.RingMember(
                member.id().value(),
                member.name(),
                member.node(),
                member.host(),
                member.zone(),
                member.weight(),
                member.state().name(),
                ring.table().partitionsOf(member.id()),
                ring.tables().values().stream()
                        .anyMatch(table -> table.members().contains(member.id())));
    }

    static io.lilio.admin.api.RingOperation operation(RingOperation operation) {
        return new io.lilio.admin.api.RingOperation(
                operation.id(),
                operation.type().name(),
                operation.token(),
                operation.targets().stream().map(MemberId::value).toList());
    }
}
