package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.admin.api.RingStatus;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioClusterSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SpecCheckTest {

    private static LilioClusterSpec spec(UnaryOperator<String> edit) {
        return Stage.madeWith(edit).cluster().getSpec();
    }

    @Test
    void aPlacementHasToFitIntoEtcd() {
        assertThat(SpecCheck.beforeFounding(spec(yaml -> yaml))).isEmpty();
        assertThat(
                        SpecCheck.beforeFounding(
                                spec(
                                        yaml ->
                                                yaml.replace(
                                                        "partitions: 4096", "partitions: 65536"))))
                .singleElement()
                .satisfies(
                        fault -> {
                            assertThat(fault.holds()).isTrue();
                            assertThat(fault.message()).contains("196608");
                        });
    }

    @Test
    void oneCopyThatAcknowledgesIsWarnedOf() {
        LilioClusterSpec spec =
                spec(
                        yaml ->
                                yaml.replace(
                                        "factor: 3",
                                        "factor: 3\n    writeQuorum: 1\n    readQuorum: 3"));
        assertThat(SpecCheck.of(spec, Optional.empty(), Optional.empty(), Optional.empty()))
                .containsExactly(
                        Fault.warning(
                                ClusterReason.ONE_COPY_ACKNOWLEDGES,
                                "replication.writeQuorum is 1: losing one disk may lose what was"
                                        + " acknowledged just before"));
    }

    @Test
    void aManagedEtcdKeepsItsMembersAndVolumes() {
        StatefulSet etcd = Stage.running(3).kubernetes.all(StatefulSet.class).getLast();
        assertThat(etcd.getMetadata().getName()).isEqualTo("demo-etcd");
        LilioClusterSpec grown =
                spec(
                        yaml ->
                                yaml.replace(
                                        "managed:\n      replicas: 3\n      storage: 8Gi",
                                        "managed:\n      replicas: 5\n      storage: 16Gi"));
        List<Fault> faults =
                SpecCheck.of(grown, Optional.empty(), Optional.empty(), Optional.of(etcd));
        assertThat(faults)
                .extracting(Fault::message)
                .containsExactly(
                        "metadata.managed.replicas is 5, and etcd keeps its 3 members: put the"
                                + " former value back",
                        "metadata.managed.storage is 16Gi, and volumes keep 8Gi: put the former"
                                + " value back");
    }

    @Test
    void theDerivedQuorumsAreThoseOfTheRing() {
        RingStatus ring = Stage.running(3).lilio.ring();
        assertThat(
                        SpecCheck.of(
                                spec(yaml -> yaml),
                                Optional.of(ring),
                                Optional.empty(),
                                Optional.empty()))
                .isEmpty();
    }
}
