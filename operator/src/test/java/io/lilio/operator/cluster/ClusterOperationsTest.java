package io.lilio.operator.cluster;

import static io.lilio.operator.cluster.Checks.assertCondition;
import static io.lilio.operator.cluster.Checks.assertReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterOperation;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.operator.dependent.RemovedVolume;
import io.lilio.operator.simulation.FakeKubernetes;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done to a cluster, one operation at a time. */
class ClusterOperationsTest {

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
    void aClaimOfSomebodyElseIsNotMarkedAndHoldsNobodyUp() {
        Stage stage = Stage.running(4);
        stage.kubernetes.edit(
                PersistentVolumeClaim.class,
                Stage.NAMESPACE,
                "data-demo-3",
                claim -> {
                    claim.getMetadata().getLabels().remove("app.kubernetes.io/managed-by");
                    return claim;
                });
        stage.replicas(3);
        stage.rest();
        assertThat(stage.replicas()).isEqualTo(3);
        assertThat(
                        stage.kubernetes
                                .get(PersistentVolumeClaim.class, Stage.NAMESPACE, "data-demo-3")
                                .orElseThrow()
                                .getMetadata()
                                .getAnnotations())
                .isNullOrEmpty();
    }

    @Test
    void podsThatHoldDataComeBackThoughADrainIsUnderWay() {
        Stage stage = Stage.running(5);
        stage.replicas(4);
        stage.passes();
        assertThat(stage.operation().phase()).isEqualTo("Moving");
        ClusterPassTest.scaleByHand(stage, 2);
        stage.pass();
        assertThat(stage.replicas()).isEqualTo(5);
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
    void whatKubernetesRefusesIsTold() {
        Stage stage = Stage.running(4);
        stage.kubernetes.forbid(Job.class);
        stage.replicas(3);
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.DEGRADED,
                ConditionStatus.TRUE,
                ClusterReason.SPEC_IMPOSSIBLE);
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
    void aLossThatIsRefusedIsToldUntilItIsAccepted() {
        Stage stage = Stage.running(4);
        UUID gone = FakeLilio.member(1);
        stage.lilio.silent.add(gone);
        stage.lilio.refusal = "DataLoss";
        stage.annotate(Requests.ACKNOWLEDGE_LOST, gone.toString());
        stage.passes();
        assertThat(stage.condition(ClusterConditionType.DEGRADED).message())
                .contains("refused: DataLoss", Requests.ACCEPT_DATA_LOSS);
        int writes = stage.kubernetes.writes().size();
        stage.now = stage.now.plusSeconds(5);
        stage.pass();
        assertThat(stage.kubernetes.writes()).hasSize(writes);
        stage.lilio.refusal = null;
        stage.annotate(Requests.ACCEPT_DATA_LOSS, gone.toString());
        stage.passes();
        assertThat(stage.lilio.commands).containsExactly("MARK_LOST");
        assertThat(stage.lilio.acceptedLoss).isTrue();
    }

    @Test
    void whatMayBeLostIsNamedAndStaysNamedUntilTheRingIsAskedAgain() {
        Stage stage = Stage.running(4);
        UUID gone = FakeLilio.member(1);
        stage.lilio.silent.add(gone);
        stage.lilio.refusal = "DataLoss";
        stage.lilio.refusalMore = "; objects that lie there are photos/first, and GET lists all.";
        stage.annotate(Requests.ACKNOWLEDGE_LOST, gone.toString());
        stage.passes();
        for (ClusterConditionType type :
                List.of(ClusterConditionType.DEGRADED, ClusterConditionType.PROGRESSING)) {
            assertThat(stage.condition(type).message())
                    .as("%s", type)
                    .contains("photos/first, and GET lists all; bring", Requests.ACCEPT_DATA_LOSS);
        }
        assertThat(stage.condition(ClusterConditionType.PROGRESSING).reason())
                .isEqualTo(ClusterReason.DATA_LOSS_POSSIBLE.text());
        for (int asked = 0; asked < 5; asked++) { // it is asked less and less often
            stage.now = stage.now.plusSeconds(301);
            stage.passes();
        }
        int writes = stage.kubernetes.writes().size();
        stage.lilio.refusalMore = "; objects that lie there are photos/other, and GET lists all.";
        for (int minute = 1; minute < 5; minute++) {
            stage.now = stage.now.plusSeconds(60);
            stage.passes();
        }
        assertThat(stage.kubernetes.writes()).hasSize(writes);
        stage.now = stage.now.plusSeconds(61);
        stage.passes();
        assertThat(stage.condition(ClusterConditionType.DEGRADED).message())
                .contains("photos/other");
    }

    @Test
    void aDrainCanBeTakenBackAfterALossWasRefusedBesideIt() {
        Stage stage = Stage.running(5);
        stage.replicas(4);
        stage.passes();
        String drain = stage.operation().id();
        stage.lilio.silent.add(FakeLilio.member(1));
        stage.lilio.refusal = "DataLoss";
        stage.annotate(Requests.ACKNOWLEDGE_LOST, FakeLilio.member(1).toString());
        stage.passes();
        assertThat(stage.operation().id()).isEqualTo(drain);
        assertThat(stage.operation().type()).isEqualTo(ClusterOperation.Type.SCALE_DOWN);
        assertThat(stage.operation().phase()).isEqualTo("Moving");
        stage.now = stage.now.plusSeconds(5);
        stage.pass();
        assertThat(stage.condition(ClusterConditionType.DEGRADED).message())
                .as("what is waited for is told though the drain goes on")
                .contains("refused: DataLoss", Requests.ACCEPT_DATA_LOSS);
        stage.lilio.refusal = null;
        stage.lilio.silent.clear();
        stage.replicas(5);
        stage.rest();
        assertThat(stage.lilio.commands).containsExactly("DRAIN", "CANCEL");
        assertThat(stage.replicas()).isEqualTo(5);
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
}
