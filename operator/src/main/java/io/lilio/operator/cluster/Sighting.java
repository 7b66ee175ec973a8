package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.admin.api.RingStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import io.lilio.crd.cluster.ClusterMember;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.plan.Observed;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that was seen in a pass.
 *
 * @param observed what the planner knows
 * @param nodes the StatefulSet of the storage nodes
 * @param etcd the managed etcd; empty where there is none, or not yet
 * @param pods storage pods, in order of their names
 * @param placesForbidden whether the operator may not read the nodes of Kubernetes
 * @param admin the admin API; empty when there is nobody to ask
 * @param adminTrouble why it does not answer
 */
record Sighting(
        Observed observed,
        Optional<StatefulSet> nodes,
        Optional<StatefulSet> etcd,
        List<PodSight> pods,
        boolean placesForbidden,
        Optional<AdminApi> admin,
        Optional<String> adminTrouble) {

    Sighting {
        pods = List.copyOf(pods);
    }

    /**
     * How many pods there have to be, lest one is missing that holds data, whatever became of the
     * StatefulSet: one that somebody deleted, or scaled down by hand, gets them back, also while
     * nobody answers who could tell of its members.
     *
     * @param cluster with the status that was written last
     */
    int hosting(LilioCluster cluster) {
        Stream<String> orphans =
                nodes.isPresent() ? Stream.empty() : pods.stream().map(PodSight::name);
        Stream<String> hosts =
                observed.answers()
                        .map(answers -> hosts(answers.ring()))
                        .orElseGet(() -> hosts(cluster.getStatus()));
        return Stream.concat(hosts, orphans)
                .mapToInt(observed::ordinal)
                .map(ordinal -> ordinal + 1)
                .max()
                .orElse(0);
    }

    private static Stream<String> hosts(RingStatus ring) {
        return ring.members().stream()
                .filter(member -> List.of("ACTIVE", "DRAINING").contains(member.state()))
                .map(RingMember::node);
    }

    private static Stream<String> hosts(@Nullable LilioClusterStatus status) {
        return status == null
                ? Stream.empty()
                : status.members().stream()
                        .filter(
                                member ->
                                        switch (member.state()) {
                                            case ACTIVE, DRAINING -> true;
                                            case JOINING, REMOVED, LOST, RETURNED -> false;
                                            case null -> true; // a later operator's word
                                        })
                        .map(ClusterMember::pod)
                        .filter(Objects::nonNull);
    }
}
