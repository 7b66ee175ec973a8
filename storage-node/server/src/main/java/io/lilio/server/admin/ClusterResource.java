package io.lilio.server.admin;

import io.lilio.admin.api.BrakeAcknowledgement;
import io.lilio.admin.api.BrakeStatus;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.ClusterStatus;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.NodeStatus;
import io.lilio.catalog.ring.RingStore;
import io.lilio.maintenance.brake.BrakeEngagedException;
import io.lilio.maintenance.brake.Engagement;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.LiveSession;
import io.lilio.placement.Member;
import io.lilio.placement.MemberState;
import io.lilio.server.admin.gate.AdminError;
import io.lilio.server.admin.gate.AdminException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cluster as a whole. */
@Singleton
@RunOnVirtualThread
final class ClusterResource implements ClusterApi {

    private final AdminState state;
    private final CurrentCall call;
    private final MemberProbe probe = new MemberProbe(Thread.ofVirtual().factory());

    ClusterResource(AdminState state, CurrentCall call) {
        this.state = state;
        this.call = call;
    }

    @Override
    public ClusterStatus cluster() {
        AdminNode node = state.node();
        return new ClusterStatus(
                node.identity().cluster(),
                node.identity().node(),
                state.version(),
                node.cluster().ring().current().ring().featureLevel(),
                metadata(node));
    }

    private static ClusterStatus.Metadata metadata(AdminNode node) {
        String type = node.identity().metadataType();
        try {
            new RingStore(node.metadata()).clusterId();
            return new ClusterStatus.Metadata(type, true, null, node.metadata().revision());
        } catch (MetadataUnavailableException away) {
            return new ClusterStatus.Metadata(type, false, away.getMessage(), null);
        }
    }

    @Override
    public List<NodeStatus> nodes() {
        return state.node().cluster().sessions().live().sessions().stream()
                .map(ClusterResource::status)
                .sorted(
                        Comparator.comparing(NodeStatus::name)
                                .thenComparingLong(NodeStatus::incarnation))
                .toList();
    }

    private static NodeStatus status(LiveSession session) {
        return new NodeStatus(
                session.node(),
                session.address(),
                session.owner().process(),
                session.incarnation(),
                session.mark(),
                session.owner().members().stream()
                        .map(
                                member ->
                                        new NodeStatus.NodeMember(
                                                member.id(), member.name(), member.zone()))
                        .toList());
    }

    @Override
    public List<MemberStatus> members() {
        AdminNode.Cluster cluster = state.node().cluster();
        List<Member> members =
                cluster.ring().current().ring().members().stream()
                        .filter(member -> member.state() != MemberState.REMOVED)
                        .toList();
        return probe.ask(members, cluster.members());
    }

    @Override
    public BrakeStatus brake() {
        return state.node()
                .maintenance()
                .brake()
                .engagement()
                .map(ClusterResource::status)
                .orElseGet(() -> new BrakeStatus(false, null, null, null));
    }

    private static BrakeStatus status(Engagement why) {
        return new BrakeStatus(
                true,
                why.reason(),
                why.token(),
                why.orphaned() == 0 ? null : Long.valueOf(why.orphaned()));
    }

    @Override
    public BrakeStatus acknowledge(@Nullable BrakeAcknowledgement acknowledgement) {
        @Nullable String token = Fields.body(acknowledgement).token();
        if (token == null || !Engagement.isToken(token)) {
            throw AdminException.field(
                    "token", "token is the eight letters that name the engagement.");
        }
        if (!acknowledged(token)) {
            throw new AdminException(
                    AdminError.CONFLICT,
                    "The deletion brake is not engaged under the token " + token + ".");
        }
        call.note("released the deletion brake " + token);
        return brake();
    }

    private boolean acknowledged(String token) {
        try {
            return state.node().maintenance().acknowledge(token);
        } catch (BrakeEngagedException stays) {
            throw new AdminException(AdminError.CONFLICT, stays.getMessage() + ".");
        }
    }
}
