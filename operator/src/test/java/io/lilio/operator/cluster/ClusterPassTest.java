package io.lilio.operator.cluster;

import static io.lilio.operator.cluster.Checks.assertCondition;
import static io.lilio.operator.cluster.Checks.assertReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.lilio.admin.api.RingStatus;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.operator.simulation.FakeKubernetes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a pass makes of a resource, and what it tells of it. */
class ClusterPassTest {

    @Test
    void aClusterIsFoundedAndThenReady() {
        Stage stage = Stage.made();
        stage.podsServe = false;
        stage.lilio.reachable = false;
        stage.passes();
        stage.controllers();
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.BOOTSTRAPPING);
        assertThat(stage.condition(ClusterConditionType.READY).message())
                .contains("0 of 3 members of etcd serve");
        assertThat(stage.replicas()).isEqualTo(3);
        Stage running = Stage.running(3);
        assertReady(running);
        assertThat(running.cluster().getStatus().clusterId()).isEqualTo(FakeLilio.ID.toString());
        assertThat(running.cluster().getStatus().capacity().total().toString())
                .isEqualTo("307200Mi");
        assertThat(running.events).contains("Ready");
    }

    @Test
    void anIdleClusterCausesNoWrites() {
        Stage stage = Stage.running(3);
        int writes = stage.kubernetes.writes().size();
        for (int i = 0; i < 30; i++) {
            stage.now = stage.now.plus(Duration.ofSeconds(30));
            stage.lilio.free -= 1L << 20;
            assertThat(stage.pass().hold()).isEmpty();
        }
        assertThat(stage.kubernetes.writes()).hasSize(writes);
    }

    @Test
    void usageIsWrittenRoundedAndAtMostOnceAMinute() {
        Stage stage = Stage.running(3);
        int writes = stage.kubernetes.writes().size();
        for (int i = 0; i < 12; i++) {
            stage.now = stage.now.plus(Duration.ofSeconds(10));
            stage.lilio.free -= 3L << 30;
            stage.pass();
        }
        assertThat(stage.kubernetes.writes().size() - writes).isBetween(1, 2);
    }

    @Test
    void theFirstStatusOfANewGenerationIsNotReady() {
        Stage stage = Stage.running(3);
        stage.kubernetes.crashAfterWrites(1);
        stage.replicas(4);
        died(stage);
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.UNKNOWN,
                ClusterReason.NOT_YET_OBSERVED);
    }

    private static void died(Stage stage) {
        try {
            stage.passes();
        } catch (FakeKubernetes.Crash e) {
            stage.restartOperator();
        }
    }

    @Test
    void aMissingSecretHoldsEverythingAndIsNeverDrawnAgain() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.kubernetes.remove(secret(stage, "demo-cluster"));
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.SECRET_MISSING);
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.SECRET_MISSING);
        assertThat(stage.kubernetes.get(Secret.class, Stage.NAMESPACE, "demo-cluster")).isEmpty();
        assertThat(stage.lilio.commands).isEmpty();
        assertThat(stage.kubernetes.all(CronJob.class))
                .allSatisfy(job -> assertThat(job.getSpec().getSuspend()).isTrue());
    }

    private static Secret secret(Stage stage, String name) {
        return stage.kubernetes.get(Secret.class, Stage.NAMESPACE, name).orElseThrow();
    }

    @Test
    void aClusterWaitsForASecretThatItsSpecNames() {
        Stage stage =
                Stage.madeWith(
                        yaml -> yaml.replace("paused: false", "rootCredentialsSecret: mine"));
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.SECRET_MISSING);
        assertThat(stage.condition(ClusterConditionType.READY).message())
                .contains("Secret mine, which rootCredentialsSecret names");
        assertThat(stage.kubernetes.all(StatefulSet.class)).isEmpty();
        stage.kubernetes.put(
                new SecretBuilder()
                        .withNewMetadata()
                        .withName("mine")
                        .withNamespace(Stage.NAMESPACE)
                        .endMetadata()
                        .withData(Map.of("accessKey", "QQ==", "secretKey", "Qg=="))
                        .build());
        stage.passes();
        assertThat(stage.replicas()).isEqualTo(3);
        assertThat(stage.kubernetes.get(Secret.class, Stage.NAMESPACE, "demo-root")).isEmpty();
    }

    @Test
    void volumesOfAnEarlierClusterAreNotGivenAnotherKey() {
        Stage stage = Stage.running(3);
        stage.kubernetes.remove(stage.cluster());
        stage.kubernetes.remove(secret(stage, "demo-cluster"));
        Stage again = stage;
        again.kubernetes.put(Stage.made().cluster());
        again.restartOperator();
        again.passes();
        assertCondition(
                again,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.SECRET_MISSING);
        assertThat(again.kubernetes.all(StatefulSet.class)).isEmpty();
    }

    @Test
    void whatSecretsHoldSurvivesEveryPass() {
        Stage stage = Stage.running(3);
        var before = secret(stage, "demo-cluster").getData();
        stage.edit(
                yaml -> yaml.replace("deletionPolicy: \"Retain\"", "deletionPolicy: \"Delete\""));
        stage.rest();
        assertThat(secret(stage, "demo-cluster").getData()).isEqualTo(before);
        assertThat(secret(stage, "demo-cluster").getMetadata().getOwnerReferences()).hasSize(1);
        stage.edit(
                yaml -> yaml.replace("deletionPolicy: \"Delete\"", "deletionPolicy: \"Retain\""));
        stage.rest();
        assertThat(secret(stage, "demo-cluster").getMetadata().getOwnerReferences()).isEmpty();
    }

    @Test
    void aPausedClusterIsLeftAsItIs() {
        Stage stage = Stage.running(4);
        stage.edit(yaml -> yaml.replace("paused: false", "paused: true"));
        stage.replicas(3);
        stage.rest();
        assertCondition(
                stage, ClusterConditionType.PAUSED, ConditionStatus.TRUE, ClusterReason.PAUSED);
        assertThat(stage.lilio.commands).isEmpty();
        assertThat(stage.operation()).isNull();
        assertThat(stage.kubernetes.all(CronJob.class))
                .hasSize(3)
                .allSatisfy(job -> assertThat(job.getSpec().getSuspend()).isTrue());
    }

    @Test
    void nothingHappensWhileTheMetadataAreNotTrusted() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.lilio.brake = "the metadata are empty, which cannot be acknowledged: put them back";
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.METADATA_REACHABLE,
                ConditionStatus.FALSE,
                ClusterReason.METADATA_FOREIGN);
        stage.lilio.brake = null;
        stage.lilio.id = new UUID(8, 8);
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.METADATA_FOREIGN);
        stage.lilio.id = FakeLilio.ID;
        stage.lilio.version = "1.9.0";
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.VERSION_UNSUPPORTED);
        assertThat(stage.lilio.commands).isEmpty();
    }

    @Test
    void aReleaseThatIsNotUnderstoodIsGivenToNoPod() {
        Stage stage = Stage.running(3);
        stage.version("1.9.0");
        stage.rest();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.VERSION_UNSUPPORTED);
        assertThat(stage.condition(ClusterConditionType.READY).message()).contains("1.9.0");
        assertThat(stage.operation()).isNull();
        stage.version("1.2.3");
        stage.rest();
        assertReady(stage);
        assertThat(evictions(stage)).isEmpty();
    }

    @Test
    void podsOfAReleaseThatIsNotUnderstoodGoBackWithTheSpecAndNothingElseIsDone() {
        Stage stage = Stage.running(3);
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            stage.kubernetes.edit(
                    Pod.class,
                    Stage.NAMESPACE,
                    "demo-" + ordinal,
                    pod -> {
                        pod.getMetadata().getAnnotations().put("lilio.io/template", "later");
                        return pod;
                    });
        }
        stage.lilio.version = "1.9.0";
        stage.replicas(4);
        stage.rest();
        assertThat(evictions(stage))
                .containsExactly("evict Pod demo-2", "evict Pod demo-1", "evict Pod demo-0");
        assertThat(stage.replicas()).isEqualTo(3);
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.VERSION_UNSUPPORTED);
        stage.lilio.version = "1.2.3";
        stage.passes();
        assertThat(stage.replicas()).isEqualTo(4);
    }

    private static List<String> evictions(Stage stage) {
        return stage.kubernetes.writes().stream()
                .filter(write -> write.startsWith("evict"))
                .toList();
    }

    @Test
    void aSilentAdminApiHoldsAndIsTold() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.lilio.reachable = false;
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.UNKNOWN,
                ClusterReason.ADMIN_API_UNREACHABLE);
        assertThat(stage.condition(ClusterConditionType.DEGRADED).message())
                .contains("connection refused");
        assertThat(stage.replicas()).isEqualTo(4);
    }

    @Test
    void withoutAccessToMachinesZonesAreAskedForAndHostsAreNot() {
        Stage stage = Stage.running(3);
        stage.kubernetes.forbid(Node.class);
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.TOPOLOGY_UNKNOWN);
        Stage hosts = Stage.runningWith(3, yaml -> yaml.replace("spread: zone", "spread: host"));
        hosts.lilio.replication = new RingStatus.Replication(3, 2, 2, "HOST", false);
        hosts.kubernetes.forbid(Node.class);
        hosts.rest();
        assertCondition(
                hosts,
                ClusterConditionType.DEGRADED,
                ConditionStatus.FALSE,
                ClusterReason.AS_EXPECTED);
    }

    @Test
    void editsOfOthersArePutBackAndTold() {
        Stage stage = Stage.running(3);
        stage.kubernetes.edit(
                StatefulSet.class,
                Stage.NAMESPACE,
                Stage.NAME,
                set -> {
                    set.getSpec().getTemplate().getSpec().setServiceAccountName("mine");
                    return set;
                });
        stage.pass();
        assertThat(stage.events).contains("EditPutBack");
        assertThat(
                        stage.kubernetes
                                .get(StatefulSet.class, Stage.NAMESPACE, Stage.NAME)
                                .orElseThrow()
                                .getSpec()
                                .getTemplate()
                                .getSpec()
                                .getServiceAccountName())
                .isEqualTo("demo");
    }

    @Test
    void editsThatRecurArePutBackLaterEachTime() {
        Stage stage = Stage.running(3);
        for (int edit = 0; edit < 5; edit++) {
            stage.kubernetes.edit(
                    Service.class,
                    Stage.NAMESPACE,
                    Stage.NAME,
                    service -> {
                        service.getSpec().setType("NodePort");
                        return service;
                    });
            stage.now = stage.now.plusSeconds(11);
            stage.pass();
        }
        assertThat(stage.kubernetes.writes().stream().filter("apply Service demo"::equals))
                .hasSize(1 + 2);
    }

    @Test
    void policiesGoWhereTheSpecWantsNone() {
        Stage stage = Stage.running(3);
        assertThat(stage.kubernetes.all(NetworkPolicy.class)).hasSize(2);
        stage.edit(yaml -> yaml.replace("networkPolicy: true", "networkPolicy: false"));
        stage.rest();
        assertThat(stage.kubernetes.all(NetworkPolicy.class)).isEmpty();
    }

    @Test
    void aScheduleOfSomebodyElseKeepsNobodyFromRepairing() {
        Stage stage = Stage.running(4);
        stage.kubernetes.edit(
                CronJob.class,
                Stage.NAMESPACE,
                "demo-gc",
                job -> {
                    job.getMetadata().setOwnerReferences(List.of());
                    job.getMetadata().setLabels(Map.of());
                    return job;
                });
        stage.restartOperator();
        stage.lilio.silent.add(FakeLilio.member(1));
        stage.annotate(Requests.ACKNOWLEDGE_LOST, FakeLilio.member(1).toString());
        stage.passes();
        assertThat(stage.lilio.commands).containsExactly("MARK_LOST");
        assertThat(stage.condition(ClusterConditionType.DEGRADED).message()).contains("demo-gc");
    }

    @Test
    void aDeletedStatefulSetComesBackWithAllPodsThatHoldData() {
        Stage stage = Stage.running(5);
        stage.edit(yaml -> yaml.replace("paused: false", "paused: true"));
        stage.replicas(3);
        stage.passes();
        stage.kubernetes.remove(
                stage.kubernetes.get(StatefulSet.class, Stage.NAMESPACE, Stage.NAME).orElseThrow());
        stage.edit(yaml -> yaml.replace("paused: true", "paused: false"));
        stage.pass();
        assertThat(stage.replicas()).isEqualTo(5);
    }

    @Test
    void aStatefulSetThatSomebodyScaledDownToNothingGetsItsPodsBack() {
        Stage stage = Stage.running(3);
        scaleByHand(stage, 0);
        stage.controllers();
        stage.lilio.reachable = false;
        stage.pass();
        assertThat(stage.replicas()).isEqualTo(3);
    }

    @Test
    void anEtcdThatSomebodyScaledDownGetsItsMembersBackAndNobodyIsRestarted() {
        Stage stage = Stage.running(3);
        scaleByHand(stage, "demo-etcd", 0);
        stage.rest();
        assertThat(
                        stage.kubernetes
                                .get(StatefulSet.class, Stage.NAMESPACE, "demo-etcd")
                                .orElseThrow()
                                .getSpec()
                                .getReplicas())
                .isEqualTo(3);
        assertThat(stage.kubernetes.writes()).noneMatch(write -> write.startsWith("evict"));
        assertReady(stage);
    }

    /** As {@code kubectl scale statefulset} does. */
    static void scaleByHand(Stage stage, int replicas) {
        scaleByHand(stage, Stage.NAME, replicas);
    }

    private static void scaleByHand(Stage stage, String name, int replicas) {
        stage.kubernetes.edit(
                StatefulSet.class,
                Stage.NAMESPACE,
                name,
                set -> {
                    set.getSpec().setReplicas(replicas);
                    return set;
                });
    }

    @Test
    void aStatefulSetOfSomebodyElseIsNoClusterAndIsLeft() {
        Stage stage = Stage.made();
        StatefulSet foreign =
                stage.kubernetes.put(
                        new StatefulSetBuilder()
                                .withNewMetadata()
                                .withName("demo")
                                .withNamespace(Stage.NAMESPACE)
                                .endMetadata()
                                .withNewSpec()
                                .withReplicas(9)
                                .endSpec()
                                .build());
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.OBJECT_OWNED_BY_ANOTHER);
        assertThat(stage.kubernetes.get(StatefulSet.class, Stage.NAMESPACE, "demo"))
                .contains(foreign);
    }

    @Test
    void whatALaterOperatorHasBegunIsLeftToIt() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.passes();
        assertThat(stage.operation().phase()).isEqualTo("Moving");
        stage.edit(yaml -> yaml.replace("phase: \"Moving\"", "phase: \"Levitating\""));
        int commands = stage.lilio.commands.size();
        stage.lilio.settle();
        stage.passes();
        assertThat(stage.operation().phase()).isEqualTo("Levitating");
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.UNKNOWN,
                ClusterReason.VERSION_UNSUPPORTED);
        assertThat(stage.cluster().getStatus().members()).hasSize(4);
        assertThat(stage.lilio.commands).hasSize(commands);
        assertThat(stage.replicas()).isEqualTo(4);
    }

    @Test
    void anObjectOfSomebodyElseIsToldAndLeft() {
        Stage stage = Stage.made();
        stage.kubernetes.put(
                new ServiceBuilder()
                        .withNewMetadata()
                        .withName("demo")
                        .withNamespace(Stage.NAMESPACE)
                        .endMetadata()
                        .build());
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.OBJECT_OWNED_BY_ANOTHER);
    }

    @Test
    void whatTheRingKeepsIsToldWhereTheSpecHasChanged() {
        Stage stage = Stage.running(3);
        stage.edit(
                yaml ->
                        yaml.replace("spread: \"zone\"", "spread: \"host\"\n    writeQuorum: 3")
                                .replace("size: \"100Gi\"", "size: \"200Gi\""));
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.SPEC_IMPOSSIBLE);
        assertThat(stage.condition(ClusterConditionType.DEGRADED).message())
                .contains(
                        "replication.writeQuorum is 3, and the ring keeps 2",
                        "replication.spread is HOST, and the ring keeps ZONE",
                        "storage.size is 200Gi");
    }
}
