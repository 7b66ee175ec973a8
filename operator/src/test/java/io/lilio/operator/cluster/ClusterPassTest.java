package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.lilio.admin.api.RingStatus;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterOperation;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.operator.dependent.RemovedVolume;
import io.lilio.operator.simulation.FakeKubernetes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void newNodesAreAdmittedWithTheirPlaces() {
        Stage stage = Stage.running(3);
        stage.replicas(5);
        stage.passes();
        stage.controllers();
        stage.lilio.announce(FakeLilio.member(3), 3, "JOINING");
        stage.lilio.announce(FakeLilio.member(4), 4, "JOINING");
        stage.passes();
        assertThat(stage.operation().type()).isEqualTo(ClusterOperation.Type.SCALE_UP);
        assertThat(stage.kubernetes.all(Job.class)).hasSize(1);
        assertCondition(
                stage,
                ClusterConditionType.RING_CONVERGED,
                ConditionStatus.FALSE,
                ClusterReason.SCALING_UP);
        assertThat(stage.kubernetes.all(CronJob.class))
                .allSatisfy(job -> assertThat(job.getSpec().getSuspend()).isTrue());
        stage.rest();
        assertThat(stage.lilio.commands).containsExactly("ADMIT");
        assertReady(stage);
        assertThat(stage.kubernetes.all(CronJob.class))
                .allSatisfy(job -> assertThat(job.getSpec().getSuspend()).isFalse());
    }

    @Test
    void nothingIsDoneForAnOperationBeforeItIsNamed() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.pass();
        assertThat(stage.operation().type()).isEqualTo(ClusterOperation.Type.SCALE_DOWN);
        assertThat(stage.lilio.commands).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14})
    void aScaleDownGoesOnWhereverTheOperatorDies(int after) {
        Stage stage = Stage.running(5);
        stage.replicas(3);
        stage.kubernetes.crashAfterWrites(after);
        try {
            stage.rest();
        } catch (FakeKubernetes.Crash e) {
            stage.restartOperator();
        }
        stage.kubernetes.crashAfterWrites(0);
        stage.rest();
        assertThat(stage.lilio.commands).containsExactly("DRAIN", "DRAIN");
        assertThat(stage.replicas()).isEqualTo(3);
        assertThat(stage.lilio.state(FakeLilio.member(3))).isEqualTo("REMOVED");
        assertThat(stage.lilio.state(FakeLilio.member(4))).isEqualTo("REMOVED");
        assertReady(stage);
        assertThat(stage.kubernetes.writes()).containsOnlyOnce("scale to 4 StatefulSet demo");
        PersistentVolumeClaim kept =
                stage.kubernetes
                        .get(PersistentVolumeClaim.class, Stage.NAMESPACE, "data-demo-4")
                        .orElseThrow();
        assertThat(kept.getMetadata().getAnnotations())
                .containsEntry(RemovedVolume.MEMBERS, FakeLilio.member(4).toString());
    }

    @Test
    void aPodStaysWhoseMemberIsNotRemovedWhateverTheOperatorBelievedBefore() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.passes();
        stage.lilio.settle();
        stage.pass();
        assertThat(stage.operation().phase()).isEqualTo("Shrinking");
        stage.lilio.set(FakeLilio.member(3), "ACTIVE", true);
        stage.pass();
        assertThat(stage.replicas()).isEqualTo(4);
    }

    @Test
    void aScaleDownIsTakenBack() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.passes();
        assertThat(stage.lilio.state(FakeLilio.member(3))).isEqualTo("DRAINING");
        stage.replicas(4);
        stage.passes();
        assertThat(stage.operation().phase()).isEqualTo("Cancelling");
        stage.rest();
        assertThat(stage.lilio.commands).containsExactly("DRAIN", "CANCEL");
        assertReady(stage);
        assertThat(stage.replicas()).isEqualTo(4);
    }

    @Test
    void aRefusedScaleDownIsToldAndNotAskedForAgainAtOnce() {
        Stage stage = Stage.running(4);
        stage.lilio.refusal = "OverCapacity";
        stage.replicas(3);
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.INSUFFICIENT_CAPACITY);
        assertThat(stage.condition(ClusterConditionType.DEGRADED).message())
                .contains("refused: OverCapacity");
        assertThat(stage.operation()).isNull();
        int writes = stage.kubernetes.writes().size();
        stage.now = stage.now.plusSeconds(5);
        assertThat(stage.pass().hold()).contains(ClusterReason.INSUFFICIENT_CAPACITY);
        assertThat(stage.kubernetes.writes()).hasSize(writes);
        stage.lilio.refusal = null;
        stage.now = stage.now.plusSeconds(600);
        stage.rest();
        assertThat(stage.replicas()).isEqualTo(3);
    }

    @Test
    void aJobThatVanishedOrFailedIsMadeAgainLaterEachTime() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.passes();
        Job job = stage.kubernetes.all(Job.class).getFirst();
        stage.kubernetes.remove(job);
        stage.pass();
        assertThat(stage.kubernetes.all(Job.class)).isEmpty();
        stage.now = stage.now.plusSeconds(10);
        stage.pass();
        assertThat(stage.kubernetes.all(Job.class)).hasSize(1);
        for (int attempt = 1; attempt < 6; attempt++) {
            fail(stage);
            stage.pass();
            assertThat(attempt(stage)).isEqualTo(attempt);
            stage.now = stage.now.plus(RunJobs.pause(attempt));
            stage.pass();
            assertThat(attempt(stage)).isEqualTo(attempt + 1);
        }
        fail(stage);
        stage.pass();
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.JOB_FAILED);
    }

    private static void fail(Stage stage) {
        Job job = stage.kubernetes.all(Job.class).getFirst();
        stage.kubernetes.edit(
                Job.class,
                Stage.NAMESPACE,
                job.getMetadata().getName(),
                live ->
                        new JobBuilder(live)
                                .withNewStatus()
                                .addNewCondition()
                                .withType("Failed")
                                .withStatus("True")
                                .withLastTransitionTime(stage.now.toString())
                                .endCondition()
                                .endStatus()
                                .build());
    }

    private static int attempt(Stage stage) {
        Job job = stage.kubernetes.all(Job.class).getFirst();
        return Integer.parseInt(job.getMetadata().getAnnotations().get(RunJobs.ATTEMPT));
    }

    @Test
    void aRebalanceThatEndedBeforeItsChangeIsFollowedByAnother() {
        Stage stage = Stage.running(4);
        stage.replicas(3);
        stage.passes();
        String first = Objects.requireNonNull(stage.operation()).id();
        stage.lilio.end(first, "FAILED");
        stage.now = stage.now.plusSeconds(20);
        stage.pass();
        assertThat(stage.lilio.runs).containsKey(first + "-2");
        assertThat(stage.kubernetes.all(Job.class)).hasSize(2);
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
    void podsAreRestartedOneByOneForAnotherVersion() {
        Stage stage = Stage.running(3);
        stage.version("1.3.0");
        stage.rest();
        assertThat(stage.kubernetes.writes().stream().filter(write -> write.startsWith("evict")))
                .containsExactly("evict Pod demo-2", "evict Pod demo-1", "evict Pod demo-0");
        assertReady(stage);
        assertThat(stage.cluster().getStatus().version()).isEqualTo("1.3.0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void anUpgradeGoesOnWhereverTheOperatorDies(int after) {
        Stage stage = Stage.running(3);
        stage.version("1.3.0");
        stage.kubernetes.crashAfterWrites(after);
        try {
            stage.rest();
        } catch (FakeKubernetes.Crash e) {
            stage.restartOperator();
        }
        stage.kubernetes.crashAfterWrites(0);
        stage.rest();
        assertThat(stage.kubernetes.writes().stream().filter(write -> write.startsWith("evict")))
                .containsExactly("evict Pod demo-2", "evict Pod demo-1", "evict Pod demo-0");
        assertReady(stage);
    }

    @Test
    void aBrokenImageHaltsAtOnePodAndGoesBackWithTheSpec() {
        Stage stage = Stage.running(3);
        stage.version("1.3.0");
        stage.passes();
        stage.podsServe = false;
        stage.controllers();
        stage.lilio.silent.add(FakeLilio.member(2));
        stage.now = stage.now.plus(Duration.ofMinutes(10));
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.PROGRESSING,
                ConditionStatus.FALSE,
                ClusterReason.UPGRADE_HALTED);
        assertThat(stage.cluster().getStatus().version()).isEqualTo("1.2.3");
        stage.version("1.2.3");
        stage.podsServe = true;
        stage.passes();
        stage.controllers();
        stage.lilio.silent.clear();
        stage.rest();
        assertThat(stage.kubernetes.writes().stream().filter(write -> write.startsWith("evict")))
                .containsExactly("evict Pod demo-2", "evict Pod demo-2");
        assertReady(stage);
    }

    @Test
    void aBudgetIsHeeded() {
        Stage stage = Stage.running(3);
        stage.kubernetes.setEvictable(_ -> false);
        stage.version("1.3.0");
        stage.passes();
        assertThat(stage.kubernetes.all(Pod.class)).hasSize(3 + 3);
        assertThat(stage.operation().phase()).isEqualTo("Restarting");
    }

    @Test
    void aLostMemberIsRepairedWhenItIsAcknowledged() {
        Stage stage = Stage.running(4);
        stage.lilio.silent.add(FakeLilio.member(1));
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.MEMBER_UNREACHABLE);
        assertThat(stage.lilio.commands).isEmpty();
        stage.annotate(Requests.ACKNOWLEDGE_LOST, FakeLilio.member(1).toString());
        stage.rest();
        assertThat(stage.lilio.commands).containsExactly("MARK_LOST", "REMOVE");
        stage.now = stage.now.plusSeconds(120);
        stage.rest();
        assertThat(stage.lilio.commands).containsExactly("MARK_LOST", "REMOVE", "ADMIT");
        assertReady(stage);
    }

    @Test
    void aLostAnswerIsLookedForAndNothingIsAskedTwice() {
        Stage stage = Stage.running(4);
        stage.lilio.losesAnswers = true;
        stage.replicas(3);
        stage.passes();
        stage.passes();
        assertThat(stage.lilio.commands).containsExactly("DRAIN");
        assertThat(stage.operation().phase()).isEqualTo("Moving");
        stage.rest();
        assertThat(stage.replicas()).isEqualTo(3);
    }

    @Test
    void aChangeThatEndedBeforeAnybodyHeardOfItIsNotAskedForAgain() {
        Stage stage = Stage.running(3);
        stage.lilio.losesAnswers = true;
        stage.replicas(4);
        stage.passes();
        stage.controllers();
        stage.lilio.announce(FakeLilio.member(3), 3, "JOINING");
        stage.passes();
        assertThat(stage.operation().phase()).isEqualTo("Asking");
        stage.lilio.settle();
        stage.rest();
        assertThat(stage.lilio.commands).containsExactly("ADMIT");
        assertReady(stage);
    }

    @Test
    void aSickMemberIsReplacedTogetherWithItsVolume() {
        Stage stage = Stage.running(4);
        UUID sick = FakeLilio.member(3);
        String volume = uid(stage, "data-demo-3");
        stage.annotate(Requests.REPLACE, sick.toString());
        stage.passes();
        assertThat(stage.lilio.state(sick)).isEqualTo("DRAINING");
        assertThat(uid(stage, "data-demo-3")).isEqualTo(volume);
        stage.lilio.settle();
        stage.passes();
        stage.controllers();
        assertThat(uid(stage, "data-demo-3")).isNotEqualTo(volume);
        assertThat(uid(stage, "data-demo-2")).isNotEmpty();
        UUID heir = stage.lilio.memberOf(3);
        stage.rest();
        assertThat(stage.lilio.commands).containsExactly("DRAIN", "ADMIT");
        assertThat(stage.lilio.state(heir)).isEqualTo("ACTIVE");
        assertReady(stage);
    }

    private static String uid(Stage stage, String claim) {
        return stage.kubernetes
                .get(PersistentVolumeClaim.class, Stage.NAMESPACE, claim)
                .orElseThrow()
                .getMetadata()
                .getUid();
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
                .hasSize(1 + 3);
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
    void aRunThatNobodyCarriesOutIsCarriedOutAndCollectionsGiveWay() {
        Stage stage = Stage.running(3);
        stage.lilio.leave("repair-after-rebalance-1", "repair", Duration.ofMinutes(5));
        stage.lilio.leave("demo-gc-1", "gc", Duration.ofMinutes(5));
        stage.lilio.leave("demo-scrub-1", "scrub", Duration.ofSeconds(5));
        stage.passes();
        assertThat(stage.kubernetes.all(Job.class))
                .singleElement()
                .satisfies(
                        job -> assertThat(job.getMetadata().getName()).startsWith("demo-repair-"));
        assertThat(stage.lilio.get("demo-gc-1").state()).isEqualTo("CANCELLED");
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

    private static void assertReady(Stage stage) {
        assertCondition(
                stage, ClusterConditionType.READY, ConditionStatus.TRUE, ClusterReason.AS_EXPECTED);
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.FALSE,
                ClusterReason.AS_EXPECTED);
        assertThat(List.of(stage.cluster().getMetadata().getGeneration()))
                .containsExactly(stage.cluster().getStatus().observedGeneration());
    }

    private static void assertCondition(
            Stage stage, ClusterConditionType type, ConditionStatus status, ClusterReason reason) {
        var condition = stage.condition(type);
        assertThat(condition.reason()).as(condition.message()).isEqualTo(reason.text());
        assertThat(condition.status()).as(condition.message()).isEqualTo(status);
        assertThat(condition.observedGeneration())
                .isEqualTo(stage.cluster().getMetadata().getGeneration());
    }
}
