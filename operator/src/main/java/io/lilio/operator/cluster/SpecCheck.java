package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.admin.api.RingStatus;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioClusterSpec;
import io.lilio.crd.cluster.ManagedEtcdSpec;
import io.lilio.crd.cluster.ReplicationSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a spec asks for that is valid and cannot be had. Pure functions. */
final class SpecCheck {

    /** As placements have to fit into what etcd takes at once (docs/configuration.md). */
    private static final long MOST_SLOTS = 131_072;

    private SpecCheck() {}

    /** What keeps a cluster from being founded. */
    static List<Fault> beforeFounding(LilioClusterSpec spec) {
        long slots = (long) spec.ring().partitions() * spec.replication().factor();
        return slots <= MOST_SLOTS
                ? List.of()
                : List.of(
                        Fault.holding(
                                ClusterReason.SPEC_IMPOSSIBLE,
                                ("ring.partitions times replication.factor is %d, and %d at most:"
                                                + " make the cluster with fewer partitions")
                                        .formatted(slots, MOST_SLOTS)));
    }

    /**
     * What a cluster that is there does not follow.
     *
     * @param ring as it was founded; empty when it is not known
     * @param nodes the StatefulSet of the storage nodes
     * @param etcd the StatefulSet of the managed etcd
     */
    static List<Fault> of(
            LilioClusterSpec spec,
            Optional<RingStatus> ring,
            Optional<StatefulSet> nodes,
            Optional<StatefulSet> etcd) {
        List<String> sentences = new ArrayList<>();
        ring.map(RingStatus::replication)
                .ifPresent(founded -> replication(spec.replication(), founded, sentences));
        nodes.flatMap(EffectiveSpec::volumeSize)
                .filter(size -> !isSame(size, spec.storage().size()))
                .ifPresent(
                        size ->
                                sentences.add(
                                        "storage.size is %s, and volumes keep %s"
                                                .formatted(spec.storage().size(), size)));
        @Nullable ManagedEtcdSpec managed = spec.metadata().managed();
        if (managed != null) {
            etcd.ifPresent(there -> managed(managed, there, sentences));
        }
        List<Fault> faults = new ArrayList<>();
        sentences.forEach(
                sentence ->
                        faults.add(
                                Fault.degrading(
                                        ClusterReason.SPEC_IMPOSSIBLE,
                                        sentence + ": put the former value back")));
        int acknowledging =
                ring.map(known -> known.replication().writeQuorum())
                        .orElse(Replication.of(spec.replication()).writeQuorum());
        if (acknowledging == 1 && spec.replication().factor() > 1) {
            faults.add(
                    Fault.warning(
                            ClusterReason.ONE_COPY_ACKNOWLEDGES,
                            "replication.writeQuorum is 1: losing one disk may lose what was"
                                    + " acknowledged just before"));
        }
        return faults;
    }

    private static void replication(
            ReplicationSpec spec, RingStatus.Replication founded, List<String> sentences) {
        Replication wanted = Replication.of(spec);
        keeps("replication.factor", wanted.factor(), founded.factor(), sentences);
        keeps("replication.writeQuorum", wanted.writeQuorum(), founded.writeQuorum(), sentences);
        keeps("replication.readQuorum", wanted.readQuorum(), founded.readQuorum(), sentences);
        keeps("replication.spread", wanted.spread(), founded.spread(), sentences);
    }

    private static void keeps(String field, Object wanted, Object founded, List<String> sentences) {
        if (!wanted.equals(founded)) {
            sentences.add(
                    "%s is %s, and the ring keeps %s, which it was founded with"
                            .formatted(field, wanted, founded));
        }
    }

    private static void managed(ManagedEtcdSpec spec, StatefulSet etcd, List<String> sentences) {
        if (spec.replicas() != etcd.getSpec().getReplicas()) {
            sentences.add(
                    "metadata.managed.replicas is %d, and etcd keeps its %d members"
                            .formatted(spec.replicas(), etcd.getSpec().getReplicas()));
        }
        EffectiveSpec.volumeSize(etcd)
                .filter(size -> !isSame(size, spec.storage()))
                .ifPresent(
                        size ->
                                sentences.add(
                                        "metadata.managed.storage is %s, and volumes keep %s"
                                                .formatted(spec.storage(), size)));
    }

    private static boolean isSame(Quantity one, Quantity other) {
        return Quantity.getAmountInBytes(one).compareTo(Quantity.getAmountInBytes(other)) == 0;
    }
}
