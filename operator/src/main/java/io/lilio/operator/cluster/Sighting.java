package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.plan.Observed;
import java.util.List;
import java.util.Optional;

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
}
