package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.ReplicationSpec.Spread;
import java.util.List;

/**
 * How the pods of a component are kept apart where the spec does not say so: rather on different
 * machines and in different zones, but never pending for want of them.
 */
final class Scheduling {

    private static final String HOST = "kubernetes.io/hostname";
    private static final String ZONE = "topology.kubernetes.io/zone";

    private Scheduling() {}

    /** Rather no two of them on a machine. */
    static Affinity apart(LilioCluster cluster, Component component) {
        return new AffinityBuilder()
                .withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withNewPodAffinityTerm()
                .withTopologyKey(HOST)
                .withLabelSelector(Labels.selector(cluster, component))
                .endPodAffinityTerm()
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build();
    }

    /** Rather as many of them in each zone, where copies go by zones, and on each machine. */
    static List<TopologySpreadConstraint> even(LilioCluster cluster, Component component) {
        LabelSelector pods = Labels.selector(cluster, component);
        return switch (cluster.getSpec().replication().spread()) {
            case Spread.ZONE -> List.of(over(ZONE, pods), over(HOST, pods));
            case Spread.HOST -> List.of(over(HOST, pods));
        };
    }

    private static TopologySpreadConstraint over(String key, LabelSelector pods) {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey(key)
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withLabelSelector(pods)
                .build();
    }
}
