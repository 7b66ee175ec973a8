package io.lilio.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EtcdSetTest {

    private static final String PEER = ".demo-etcd-members.shop.svc:2380";

    private final StatefulSet set = set(3, new EtcdSet.State.Founding());

    private static StatefulSet set(int members, EtcdSet.State state) {
        return EtcdSet.of(
                Samples.small(), new EtcdSet.Given("etcd:1", members, state, new Quantity("8Gi")));
    }

    @Test
    void membersAreStartedTogetherAndNeverRestartedByKubernetes() {
        assertThat(set.getMetadata().getName()).isEqualTo("demo-etcd");
        assertThat(set.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
        assertThat(set.getSpec().getUpdateStrategy().getType()).isEqualTo("OnDelete");
        assertThat(set.getSpec().getServiceName()).isEqualTo("demo-etcd-members");
        assertThat(set.getSpec().getReplicas()).isEqualTo(3);
        assertThat(set.getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenScaled())
                .isEqualTo("Retain");
        assertThat(container(set).getImage()).isEqualTo("etcd:1");
    }

    @Test
    void membersFindEachOtherByTheirOrdinals() {
        assertThat(variables(set))
                .contains(
                        entry(
                                "ETCD_INITIAL_CLUSTER",
                                String.join(
                                        ",",
                                        "demo-etcd-0=http://demo-etcd-0" + PEER,
                                        "demo-etcd-1=http://demo-etcd-1" + PEER,
                                        "demo-etcd-2=http://demo-etcd-2" + PEER)),
                        entry("ETCD_INITIAL_ADVERTISE_PEER_URLS", "http://$(ETCD_NAME)" + PEER),
                        entry("ETCD_INITIAL_CLUSTER_STATE", "new"),
                        entry(
                                "ETCD_INITIAL_CLUSTER_TOKEN",
                                Samples.small().getMetadata().getUid()));
    }

    @Test
    void onceFoundedOnlyWhoIsAdmittedFindsItsNameAmongTheMembers() {
        StatefulSet founded = set(3, new EtcdSet.State.Founded(Set.of("demo-etcd-1")));
        assertThat(variables(founded))
                .contains(
                        entry("ETCD_INITIAL_CLUSTER_STATE", "existing"),
                        entry(
                                "ETCD_INITIAL_CLUSTER",
                                String.join(
                                        ",",
                                        "demo-etcd-0-not-admitted=http://demo-etcd-0" + PEER,
                                        "demo-etcd-1=http://demo-etcd-1" + PEER,
                                        "demo-etcd-2-not-admitted=http://demo-etcd-2" + PEER)));
        assertThat(EtcdSet.members(founded)).contains(3);
        assertThat(EtcdSet.tellsOfFounded(founded)).isTrue();
        assertThat(EtcdSet.tellsOfFounded(set)).isFalse();
    }

    @Test
    void itIsSeenInAStatefulSetWhomItAdmits() {
        assertThat(EtcdSet.admits(set, "demo-etcd-2")).isTrue();
        assertThat(EtcdSet.admits(set, "demo-etcd-3")).isFalse();
        StatefulSet founded = set(11, new EtcdSet.State.Founded(Set.of("demo-etcd-10")));
        assertThat(EtcdSet.admits(founded, "demo-etcd-10")).isTrue();
        assertThat(EtcdSet.admits(founded, "demo-etcd-1")).isFalse();
        assertThat(EtcdSet.admits(founded, "demo-etcd-0")).isFalse();
    }

    @Test
    void historyIsCompactedAndTheDatabaseIsBounded() {
        assertThat(variables(set))
                .contains(
                        entry("ETCD_AUTO_COMPACTION_MODE", "periodic"),
                        entry("ETCD_AUTO_COMPACTION_RETENTION", "5m"),
                        entry("ETCD_QUOTA_BACKEND_BYTES", Long.toString(15L << 28)));
    }

    @ParameterizedTest
    @CsvSource({"1Gi, 268435456", "2Gi, 805306368", "20Gi, 8589934592", "1Ti, 8589934592"})
    void theQuotaIsWhatTheVolumeHoldsTwiceAndNoMoreThanEtcdRecommends(String size, long quota) {
        assertThat(EtcdSet.quota(new Quantity(size))).isEqualTo(quota);
    }

    @Test
    void anAlarmOrALostQuorumKillsNobody() {
        Container container = container(set);
        String alive = "/health?serializable=true&exclude=NOSPACE&exclude=CORRUPT";
        assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo(alive);
        assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo(alive);
        assertThat(container.getReadinessProbe().getHttpGet().getPath())
                .isEqualTo("/health?exclude=NOSPACE");
        assertThat(container.getLivenessProbe().getHttpGet().getPort().getStrVal())
                .isEqualTo("metrics");
    }

    @Test
    void dataLieOnAVolumeOfTheirOwn() {
        assertThat(set.getSpec().getVolumeClaimTemplates())
                .singleElement()
                .satisfies(
                        claim -> {
                            assertThat(claim.getMetadata().getName()).isEqualTo("data");
                            assertThat(claim.getSpec().getResources().getRequests())
                                    .containsExactly(entry("storage", new Quantity("8Gi")));
                        });
        assertThat(container(set).getVolumeMounts())
                .singleElement()
                .returns("/var/lib/etcd", mount -> mount.getMountPath());
        assertThat(variables(set)).containsEntry("ETCD_DATA_DIR", "/var/lib/etcd/data");
    }

    @Test
    void podsMeetTheRestrictedStandardAndAreRatherApart() {
        PodSpec pod = set.getSpec().getTemplate().getSpec();
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType())
                .isEqualTo("RuntimeDefault");
        assertThat(container(set).getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container(set).getSecurityContext().getCapabilities().getDrop())
                .containsExactly("ALL");
        assertThat(pod.getAffinity().getPodAntiAffinity()).isNotNull();
        assertThat(pod.getTopologySpreadConstraints()).hasSize(2);
    }

    private static Container container(StatefulSet set) {
        return set.getSpec().getTemplate().getSpec().getContainers().getFirst();
    }

    private static Map<String, String> variables(StatefulSet set) {
        Map<String, String> variables = new HashMap<>();
        container(set).getEnv().forEach(each -> variables.put(each.getName(), each.getValue()));
        return variables;
    }
}
