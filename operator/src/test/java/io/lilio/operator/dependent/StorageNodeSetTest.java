package io.lilio.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StorageNodeSetTest {

    private static final Map<String, String> SELECTED =
            Map.of(
                    "app.kubernetes.io/name", "lilio",
                    "app.kubernetes.io/instance", "demo",
                    "app.kubernetes.io/component", "storage-node");

    private final StatefulSet small = set(Samples.small(), 3);
    private final StatefulSet full = set(Samples.full(), 6);

    private static StatefulSet set(LilioCluster cluster, int replicas) {
        return StorageNodeSet.of(
                cluster,
                new StorageNodeSet.Given(replicas, cluster.getSpec().storage().size(), true));
    }

    @Test
    void podsAreStartedTogetherAndNeverRestartedByKubernetes() {
        StatefulSetSpec spec = small.getSpec();
        assertThat(spec.getPodManagementPolicy()).isEqualTo("Parallel");
        assertThat(spec.getUpdateStrategy().getType()).isEqualTo("OnDelete");
        assertThat(spec.getServiceName()).isEqualTo("demo-nodes");
        assertThat(spec.getSelector().getMatchLabels()).isEqualTo(SELECTED);
        assertThat(spec.getTemplate().getMetadata().getLabels()).containsAllEntriesOf(SELECTED);
    }

    @Test
    void thePlannerDecidesHowManyThereAre() {
        assertThat(set(Samples.small(), 5).getSpec().getReplicas()).isEqualTo(5);
        assertThat(set(Samples.full(), 7).getSpec().getReplicas()).isEqualTo(7);
    }

    @Test
    void itBelongsToTheResource() {
        assertThat(small.getMetadata().getName()).isEqualTo("demo");
        assertThat(small.getMetadata().getNamespace()).isEqualTo("shop");
        assertThat(small.getMetadata().getLabels()).containsEntry("lilio.io/cluster", "demo");
        OwnerReference owner = small.getMetadata().getOwnerReferences().getFirst();
        assertThat(owner.getApiVersion()).isEqualTo("lilio.io/v1alpha1");
        assertThat(owner.getKind()).isEqualTo("LilioCluster");
        assertThat(owner.getName()).isEqualTo("demo");
        assertThat(owner.getUid()).isEqualTo(Samples.small().getMetadata().getUid());
        assertThat(owner.getController()).isTrue();
    }

    @Test
    void volumesStayWhateverBecomesOfIt() {
        assertThat(small.getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenDeleted())
                .isEqualTo("Retain");
        assertThat(small.getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenScaled())
                .isEqualTo("Retain");
    }

    @Test
    void eachVolumeIsABackendAndTheFirstIsInTheDataDirectory() {
        assertThat(small.getSpec().getVolumeClaimTemplates())
                .extracting(claim -> claim.getMetadata().getName())
                .containsExactly("data");
        assertThat(mounts(small)).containsEntry("data", "/data").doesNotContainKey("disk2");
        assertThat(full.getSpec().getVolumeClaimTemplates())
                .extracting(claim -> claim.getMetadata().getName())
                .containsExactly("data", "disk2", "disk3");
        assertThat(mounts(full))
                .contains(
                        entry("data", "/data"),
                        entry("disk2", "/data/disk2"),
                        entry("disk3", "/data/disk3"));
    }

    @Test
    void claimsAreOfTheSizeAndClassOfTheSpec() {
        PersistentVolumeClaim claim = full.getSpec().getVolumeClaimTemplates().getFirst();
        assertThat(claim.getSpec().getStorageClassName()).isEqualTo("fast");
        assertThat(claim.getSpec().getResources().getRequests())
                .containsExactly(entry("storage", new Quantity("8Ti")));
        assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
        assertThat(small.getSpec().getVolumeClaimTemplates().getFirst().getSpec())
                .returns(null, spec -> spec.getStorageClassName());
    }

    @Test
    void aClaimTemplateThatIsThereIsNotChanged() {
        StatefulSet there =
                StorageNodeSet.of(
                        Samples.small(), new StorageNodeSet.Given(3, new Quantity("50Gi"), true));
        assertThat(
                        there.getSpec()
                                .getVolumeClaimTemplates()
                                .getFirst()
                                .getSpec()
                                .getResources()
                                .getRequests())
                .containsExactly(entry("storage", new Quantity("50Gi")));
    }

    @Test
    void theImageIsThatOfTheVersion() {
        assertThat(container(full).getImage())
                .isEqualTo("registry.example.com:5000/store/lilio:2.0.0");
        assertThat(container(full).getImagePullPolicy()).isEqualTo("Always");
        assertThat(pod(full).getImagePullSecrets().getFirst().getName()).isEqualTo("registry");
        assertThat(container(small).getImagePullPolicy()).isEqualTo("IfNotPresent");
    }

    @Test
    void podsMeetTheRestrictedStandardAndKnowNothingOfKubernetes() {
        PodSecurityContext pod = pod(small).getSecurityContext();
        assertThat(pod.getRunAsNonRoot()).isTrue();
        assertThat(pod.getRunAsUser()).isEqualTo(10_001);
        assertThat(pod.getFsGroup()).isEqualTo(10_001);
        assertThat(pod.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        SecurityContext container = container(small).getSecurityContext();
        assertThat(container.getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(pod(small).getAutomountServiceAccountToken()).isFalse();
        assertThat(pod(small).getServiceAccountName()).isEqualTo("demo");
        assertThat(pod(small).getEnableServiceLinks()).isFalse();
        assertThat(mounts(small)).containsEntry("tmp", "/tmp");
    }

    @Test
    void portsAndProbesAreThoseOfTheServer() {
        assertThat(container(small).getPorts())
                .extracting(ContainerPort::getName, ContainerPort::getContainerPort)
                .containsExactly(
                        tuple("s3", 9000),
                        tuple("admin", 9001),
                        tuple("rpc", 9002),
                        tuple("management", 9003));
        assertProbe(container(small).getStartupProbe(), "/q/health/started");
        assertProbe(container(small).getLivenessProbe(), "/q/health/live");
        assertProbe(container(small).getReadinessProbe(), "/q/health/ready");
    }

    private static void assertProbe(Probe probe, String path) {
        assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management");
    }

    @Test
    void aStartMayWaitForEtcdForAnHour() {
        Probe startup = container(small).getStartupProbe();
        assertThat(startup.getPeriodSeconds() * startup.getFailureThreshold()).isEqualTo(3_600);
    }

    @Test
    void theEndHasTimeForTheServersOwnWaits() {
        long server =
                StorageNodeConfig.SHUTDOWN_DELAY
                        .plus(StorageNodeConfig.SHUTDOWN_TIMEOUT)
                        .toSeconds();
        assertThat(pod(small).getTerminationGracePeriodSeconds()).isGreaterThan(server + 20);
    }

    @Test
    void aNodeKnowsItsNameItsMachineAndAnAddressThatOutlivesThePod() {
        List<EnvVar> variables = container(small).getEnv();
        assertThat(variable(small, "LILIO_NODE_NAME").getValueFrom().getFieldRef().getFieldPath())
                .isEqualTo("metadata.name");
        assertThat(variable(small, "LILIO_NODE_HOST").getValueFrom().getFieldRef().getFieldPath())
                .isEqualTo("spec.nodeName");
        assertThat(variable(small, "LILIO_RPC_ADDRESS").getValue())
                .isEqualTo("$(LILIO_NODE_NAME).demo-nodes.shop.svc:9002");
        assertThat(variables.indexOf(variable(small, "LILIO_NODE_NAME")))
                .isLessThan(variables.indexOf(variable(small, "LILIO_RPC_ADDRESS")));
    }

    @Test
    void secretsAreFilesOfWholeDirectoriesAndTheRootKeyIsInTheEnvironment() {
        assertThat(volume(small, "cluster").getSecret().getSecretName()).isEqualTo("demo-cluster");
        assertThat(volume(small, "config").getConfigMap().getName()).isEqualTo("demo-config");
        for (StatefulSet set : List.of(small, full)) {
            assertThat(container(set).getVolumeMounts())
                    .allSatisfy(mount -> assertThat(mount.getSubPath()).isNull());
        }
        assertThat(secretOf(small, "LILIO_ROOT_ACCESS_KEY")).isEqualTo("demo-root/accessKey");
        assertThat(secretOf(small, "LILIO_ROOT_SECRET_KEY")).isEqualTo("demo-root/secretKey");
        assertThat(secretOf(full, "LILIO_ROOT_SECRET_KEY")).isEqualTo("administrator/secretKey");
    }

    @Test
    void secretsOfAnEtcdThatWasThereAreMountedWhereTheSettingsLookForThem() {
        assertThat(volume(full, "etcd-tls").getSecret().getSecretName()).isEqualTo("etcd-tls");
        assertThat(volume(full, "etcd-login").getSecret().getSecretName()).isEqualTo("etcd-login");
        assertThat(mounts(full))
                .contains(
                        entry("etcd-tls", "/etc/lilio/etcd-tls"),
                        entry("etcd-login", "/etc/lilio/etcd-login"));
        assertThat(secretOf(full, "LILIO_METADATA_ETCD_USER")).isEqualTo("etcd-login/username");
        assertThat(mounts(small)).doesNotContainKeys("etcd-tls", "etcd-login");
    }

    @Test
    void memoryIsSharedOutByTheContainersLimit() {
        assertThat(container(small).getResources().getLimits())
                .containsExactly(entry("memory", new Quantity("1Gi")));
        assertThat(variable(small, "LILIO_JAVA_OPTS").getValue())
                .isEqualTo("-Xmx192m -XX:MaxDirectMemorySize=608m");
        assertThat(variable(full, "LILIO_JAVA_OPTS").getValue())
                .isEqualTo("-Xmx768m -XX:MaxDirectMemorySize=1504m");
        assertThat(container(full).getResources().getRequests())
                .containsEntry("cpu", new Quantity("2"));
    }

    @Test
    void podsAreRatherApartAndNeverPendingForThat() {
        assertThat(
                        pod(small)
                                .getAffinity()
                                .getPodAntiAffinity()
                                .getPreferredDuringSchedulingIgnoredDuringExecution()
                                .getFirst()
                                .getPodAffinityTerm()
                                .getTopologyKey())
                .isEqualTo("kubernetes.io/hostname");
        assertThat(pod(small).getTopologySpreadConstraints())
                .extracting(TopologySpreadConstraint::getTopologyKey)
                .containsExactly("topology.kubernetes.io/zone", "kubernetes.io/hostname");
        assertThat(pod(small).getTopologySpreadConstraints())
                .allSatisfy(
                        spread -> {
                            assertThat(spread.getWhenUnsatisfiable()).isEqualTo("ScheduleAnyway");
                            assertThat(spread.getLabelSelector().getMatchLabels())
                                    .isEqualTo(SELECTED);
                        });
        LilioCluster byHost = Samples.smallWith(Samples.replacing("spread: zone", "spread: host"));
        assertThat(pod(set(byHost, 3)).getTopologySpreadConstraints())
                .extracting(TopologySpreadConstraint::getTopologyKey)
                .containsExactly("kubernetes.io/hostname");
    }

    @Test
    void theSpecsOwnPodSettingsReplaceTheDefaults() {
        PodSpec pod = pod(full);
        assertThat(pod.getAffinity().getPodAntiAffinity()).isNull();
        assertThat(pod.getAffinity().getNodeAffinity()).isNotNull();
        assertThat(pod.getTopologySpreadConstraints())
                .extracting(TopologySpreadConstraint::getTopologyKey)
                .containsExactly("rack");
        assertThat(pod.getNodeSelector()).containsExactly(entry("disk", "nvme"));
        assertThat(pod.getTolerations().getFirst().getKey()).isEqualTo("dedicated");
        assertThat(pod.getPriorityClassName()).isEqualTo("storage");
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(20_000);
    }

    @Test
    void theOperatorsOwnLabelsAndAnnotationsWin() {
        PodTemplateSpec template = full.getSpec().getTemplate();
        assertThat(template.getMetadata().getLabels())
                .contains(entry("team", "storage"), entry("app.kubernetes.io/name", "lilio"));
        assertThat(template.getMetadata().getAnnotations())
                .contains(
                        entry("example.com/owner", "storage"),
                        entry("lilio.io/template", TemplateIdentity.of(Samples.full(), true)));
    }

    private static PodSpec pod(StatefulSet set) {
        return set.getSpec().getTemplate().getSpec();
    }

    private static Container container(StatefulSet set) {
        return pod(set).getContainers().getFirst();
    }

    private static Map<String, String> mounts(StatefulSet set) {
        return container(set).getVolumeMounts().stream()
                .collect(Collectors.toMap(VolumeMount::getName, VolumeMount::getMountPath));
    }

    private static Volume volume(StatefulSet set, String name) {
        return pod(set).getVolumes().stream()
                .filter(volume -> volume.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static EnvVar variable(StatefulSet set, String name) {
        return container(set).getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Secret and key that a variable is read from. */
    private static String secretOf(StatefulSet set, String name) {
        var secret = variable(set, name).getValueFrom().getSecretKeyRef();
        return secret.getName() + "/" + secret.getKey();
    }
}
