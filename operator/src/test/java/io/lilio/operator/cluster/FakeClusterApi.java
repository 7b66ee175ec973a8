package io.lilio.operator.cluster;

import io.lilio.admin.api.BrakeAcknowledgement;
import io.lilio.admin.api.BrakeStatus;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.ClusterStatus;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.NodeStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import java.util.List;

/** What a {@link FakeLilio} tells of itself. Not thread-safe. */
final class FakeClusterApi implements ClusterApi {

    private final FakeLilio lilio;

    FakeClusterApi(FakeLilio lilio) {
        this.lilio = lilio;
    }

    @Override
    public ClusterStatus cluster() {
        lilio.heard();
        return new ClusterStatus(
                lilio.id,
                "demo-0",
                lilio.version,
                1,
                new ClusterStatus.Metadata("etcd", lilio.metadataHealthy, "away", 1L));
    }

    @Override
    public List<NodeStatus> nodes() {
        return List.of();
    }

    @Override
    public List<MemberStatus> members() {
        lilio.heard();
        return lilio.members.stream()
                .filter(member -> !member.state().equals("REMOVED"))
                .map(this::status)
                .toList();
    }

    private MemberStatus status(RingMember member) {
        boolean answers = !lilio.silent.contains(member.id());
        return new MemberStatus(
                member.id(),
                member.name(),
                member.node(),
                member.state(),
                false,
                answers,
                answers ? new MemberStatus.Health("UP", "", 100L << 30, lilio.free) : null,
                answers
                        ? new MemberStatus.Usage(
                                1, 1, 1, 0, null, lilio.lacking.contains(member.id()))
                        : null,
                null);
    }

    @Override
    public BrakeStatus brake() {
        return new BrakeStatus(
                lilio.brake != null, lilio.brake, lilio.brake == null ? null : "abcdefgh", null);
    }

    @Override
    public BrakeStatus acknowledge(BrakeAcknowledgement acknowledgement) {
        throw new UnsupportedOperationException();
    }
}
