package io.lilio.operator.cluster;

import static io.lilio.operator.cluster.Checks.assertCondition;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.EtcdMember;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.admin.EtcdMembership.Entry;
import io.lilio.operator.dependent.EtcdSet;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.simulation.FakeKubernetes.Crash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A member of etcd that has lost its volume, through whole passes. */
class EtcdMembersTest {

    private static final int LOST = 1;

    private Stage stage = Stage.running(3);

    @Test
    void membersThatServeAreRememberedAndEtcdIsLeftInPeace() {
        assertThat(records())
                .extracting(EtcdMember::pod)
                .containsExactly("demo-etcd-0", "demo-etcd-1", "demo-etcd-2");
        assertAsItShouldBe();
        int asked = stage.etcd.asked();
        stage.pass();
        stage.pass();
        assertThat(stage.etcd.asked()).isEqualTo(asked);
    }

    @Test
    void aLostMemberIsReplacedByItself() {
        Map<String, String> before = uids();
        String volume = volume(LOST);
        String id = id(LOST);
        stage.loseEtcdVolume(LOST);
        String spoilt = volume(LOST);

        goOn();

        assertAsItShouldBe();
        assertThat(volume(LOST)).isNotIn(volume, spoilt);
        assertThat(stage.etcd.commands())
                .containsExactly("remove " + id, "add demo-etcd-1.demo-etcd-members.shop.svc");
        assertThat(uids()).as("no other pod is touched").containsAllEntriesOf(without(before));
        assertThat(degraded()).isEqualTo(ConditionStatus.FALSE);
        assertThat(stage.etcd.forgotten()).isEmpty();
    }

    @Test
    void whereAMajorityHasLostItsVolumesEverythingIsHeldAndTold() {
        stage.lilio.metadataHealthy = false;
        stage.loseEtcdVolume(0);
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.METADATA_UNREACHABLE);
        stage.loseEtcdVolume(LOST);
        stage.version("1.2.4");
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.ETCD_VOLUMES_LOST);
        assertThat(stage.condition(ClusterConditionType.READY).message())
                .contains("2 of 3 members of etcd have lost their volumes", "put a backup back");
        assertThat(stage.operation()).isNull();
        assertThat(stage.etcd.forgotten()).isEmpty();
    }

    @Test
    void etcdThatOnlyHasNoQuorumIsWaitedFor() {
        stage.lilio.metadataHealthy = false;
        stage.endEtcd(0);
        stage.endEtcd(LOST);
        stage.passes();
        assertCondition(
                stage,
                ClusterConditionType.READY,
                ConditionStatus.FALSE,
                ClusterReason.METADATA_UNREACHABLE);
    }

    @Test
    void whoHasItsDataStartsAgainAndWhoHasNoneDoesNot() {
        stage.endEtcd(LOST);
        stage.controllers();
        assertAsItShouldBe();
        stage.loseEtcdVolume(LOST);
        stage.controllers();
        assertThat(stage.etcdPod(LOST).map(PodSight::of).map(PodSight::hasFailed)).contains(true);
        assertThat(stage.etcd.forgotten()).isEmpty();
    }

    @Test
    void aFounderThatIsLateIsLetIn() {
        stage = Stage.made();
        stage.stuckEtcd.add(2);
        stage.found(3);
        assertThat(records())
                .extracting(EtcdMember::pod)
                .containsExactly("demo-etcd-0", "demo-etcd-1");
        stage.stuckEtcd.clear();
        stage.endEtcd(2);
        goOn();
        assertAsItShouldBe();
        assertThat(stage.etcd.commands()).isEmpty();
    }

    /** A release before had its entry in status, and its pods began without being let in. */
    @Test
    void whatAnEarlierReleaseHasLetInIsLetIn() {
        String id = id(LOST);
        Names names = new Names(Stage.NAME, Stage.NAMESPACE);
        stage.etcd.remove(names.etcdClient(0), id);
        stage.etcd.add(names.etcdClient(0), names.etcdPeer(LOST));
        stage.loseEtcdVolume(LOST);
        String added = stage.etcd.entries().getLast().id();
        editRecords(
                record ->
                        record.pod().equals(names.etcdMember(LOST))
                                ? new EtcdMember(record.pod(), volume(LOST), added, false)
                                : record);
        String volume = volume(LOST);
        goOn();
        assertAsItShouldBe();
        assertThat(volume(LOST)).isEqualTo(volume);
        assertThat(id(LOST)).isEqualTo(added);
        assertThat(stage.etcd.forgotten()).isEmpty();
    }

    /** As when one that stood still goes on, and another has replaced the member meanwhile. */
    @Test
    void anOperatorWithAStatusOfBeforeLetsNobodyIn() {
        stage.loseEtcdVolume(LOST);
        while (!admits()) {
            stage.pass();
            stage.controllers();
        }
        LilioCluster stale = stage.cluster();
        goOn();
        EtcdSet.State state =
                new EtcdAdmission(stage.kubernetes).state(stale, Optional.of(etcdSet()), true);
        assertThat(state).isEqualTo(new EtcdSet.State.Founded(Set.of()));
        assertThat(admits()).isFalse();
    }

    @Test
    void itIsSaidWhileItLasts() {
        stage.loseEtcdVolume(LOST);
        stage.passes();
        var degraded = stage.condition(ClusterConditionType.DEGRADED);
        assertThat(degraded.reason()).isEqualTo("EtcdMemberLost");
        assertThat(degraded.message()).contains("demo-etcd-1", "lost its volume");
        assertThat(stage.events).contains("EtcdMemberLost");
        assertThat(stage.pass().again()).isEqualTo(Outcome.BUSY);
    }

    /** What is lost again, at whichever point, is replaced again. */
    @Test
    void oneThatIsLostAgainInTheMidstOfItIsReplacedAllTheSame() {
        for (int passes = 0; passes < 10; passes++) {
            stage.loseEtcdVolume(LOST);
            for (int i = 0; i < passes; i++) {
                stage.pass();
                stage.controllers();
            }
            int forgotten = stage.etcd.forgotten().size();
            boolean letIn = admits();
            stage.loseEtcdVolume(LOST);
            goOn();
            assertAsItShouldBe();
            assertThat(letIn || stage.etcd.forgotten().size() == forgotten)
                    .as("after %d passes it has forgotten nothing", passes)
                    .isTrue();
        }
    }

    /** As when it was stuck, and there is another template: {@link EtcdPods}. */
    @Test
    void aPodThatIsMadeAnewInTheMidstOfItBeginsOnlyWhenItIsLetIn() {
        for (int passes = 0; passes < 10; passes++) {
            stage.loseEtcdVolume(LOST);
            for (int i = 0; i < passes; i++) {
                stage.pass();
                stage.controllers();
            }
            stage.endEtcd(LOST);
            stage.controllers();
            goOn();
            assertAsItShouldBe();
            assertThat(stage.etcd.forgotten()).as("after %d passes", passes).isEmpty();
        }
    }

    @Test
    void whileAnotherIsAwayItDoesNotBegin() {
        stage.loseEtcdVolume(LOST);
        stage.pass();
        assertThat(records()).anyMatch(EtcdMember::lost);
        stage.stuckEtcd.add(2);
        stage.endEtcd(2);
        for (int i = 0; i < 5; i++) {
            stage.passes();
            stage.endEtcd(LOST);
            stage.controllers();
        }
        assertThat(stage.etcd.forgotten()).isEmpty();
        stage.stuckEtcd.clear();
        goOn();
        assertReplacedOnce();
    }

    @Test
    void anOperatorThatDiesAfterAnyWriteHarmsNothing() {
        int writes = 1;
        while (diesAfter(writes)) {
            writes++;
        }
        assertThat(writes).as("writes of a replacement").isGreaterThan(7);
        for (int command = 1; command <= 2; command++) {
            stage.etcd.crashAfterCommands(command);
            assertThat(replacesOnce()).isTrue();
        }
    }

    /** False when all was done before. */
    private boolean diesAfter(int writes) {
        stage.kubernetes.crashAfterWrites(writes);
        boolean died = replacesOnce();
        stage.kubernetes.crashAfterWrites(0);
        return died;
    }

    /** A volume is lost, and all goes well; whether the operator died meanwhile. */
    private boolean replacesOnce() {
        int before = stage.etcd.commands().size();
        stage.loseEtcdVolume(LOST);
        boolean died = goOn();
        assertAsItShouldBe();
        assertThat(stage.etcd.commands()).hasSize(before + 2);
        assertThat(stage.etcd.forgotten()).isEmpty();
        return died;
    }

    private void assertReplacedOnce() {
        assertAsItShouldBe();
        assertThat(stage.etcd.commands()).hasSize(2);
    }

    @Test
    void anEtcdThatLetsNobodyInNowIsAskedAgain() {
        stage.loseEtcdVolume(LOST);
        while (stage.etcd.commands().isEmpty()) {
            stage.pass();
        }
        stage.endEtcd(2);
        stage.now = stage.now.plus(Duration.ofMinutes(2)); // sentences are told once a minute
        for (int i = 0; i < 5; i++) {
            stage.passes();
        }
        assertThat(stage.etcd.commands()).hasSize(1);
        assertThat(stage.condition(ClusterConditionType.DEGRADED).message())
                .contains("all other members have to answer");
        goOn();
        assertReplacedOnce();
    }

    @Test
    void withoutARecordNothingIsDone() {
        stage.kubernetes.edit(
                LilioCluster.class,
                Stage.NAMESPACE,
                Stage.NAME,
                cluster -> {
                    cluster.setStatus(cluster.getStatus().withEtcdMembers(List.of()));
                    return cluster;
                });
        stage.loseEtcdVolume(LOST);
        assertNothingIsDone();
        stage.endEtcd(LOST);
        assertNothingIsDone();
    }

    @Test
    void withoutAMajorityNothingIsDone() {
        stage.loseEtcdVolume(0);
        stage.loseEtcdVolume(2);
        assertNothingIsDone();
        stage = Stage.running(3);
        IntStream.range(0, 3).forEach(stage::loseEtcdVolume);
        assertNothingIsDone();
    }

    @Test
    void aPausedClusterIsLeftAsItIs() {
        stage.edit(yaml -> yaml.replace("paused: false", "paused: true"));
        stage.loseEtcdVolume(LOST);
        assertNothingIsDone();
        stage.edit(yaml -> yaml.replace("paused: true", "paused: false"));
        goOn();
        assertReplacedOnce();
    }

    @Test
    void aClusterThatGoesIsLeftAsItIs() {
        stage.kubernetes.edit(
                LilioCluster.class,
                Stage.NAMESPACE,
                Stage.NAME,
                cluster -> {
                    cluster.getMetadata().setFinalizers(List.of("lilio.io/cluster"));
                    cluster.getMetadata().setDeletionTimestamp(stage.now.toString());
                    return cluster;
                });
        stage.loseEtcdVolume(LOST);
        stage.pass();
        stage.delete();
        assertThat(stage.etcd.commands()).isEmpty();
    }

    @Test
    void aVolumeThatWasPutBackWithItsDataIsNoLoss() {
        stage.loseEtcdVolume(LOST);
        Pod pod = stage.etcdPod(LOST).orElseThrow();
        stage.kubernetes.put(
                new PodBuilder(pod).editStatus().withContainerStatuses().endStatus().build());
        String volume = volume(LOST);
        for (int i = 0; i < 5; i++) {
            stage.passes();
        }
        assertThat(stage.etcd.commands()).isEmpty();
        assertThat(volume(LOST)).isEqualTo(volume);
    }

    private void assertNothingIsDone() {
        List<String> volumes = IntStream.range(0, 3).mapToObj(this::volume).toList();
        List<Entry> entries = stage.etcd.entries();
        for (int i = 0; i < 5; i++) {
            stage.passes();
            stage.controllers();
        }
        assertThat(stage.etcd.commands()).isEmpty();
        assertThat(stage.etcd.forgotten()).isEmpty();
        assertThat(stage.etcd.entries()).isEqualTo(entries);
        assertThat(IntStream.range(0, 3).mapToObj(this::volume)).isEqualTo(volumes);
    }

    private void editRecords(UnaryOperator<EtcdMember> change) {
        stage.kubernetes.edit(
                LilioCluster.class,
                Stage.NAMESPACE,
                Stage.NAME,
                cluster -> {
                    List<EtcdMember> next =
                            cluster.getStatus().etcdMembers().stream().map(change).toList();
                    cluster.setStatus(cluster.getStatus().withEtcdMembers(next));
                    return cluster;
                });
    }

    private StatefulSet etcdSet() {
        return stage.kubernetes.get(StatefulSet.class, Stage.NAMESPACE, "demo-etcd").orElseThrow();
    }

    /** Whether any pod, made now, lets its member begin with no data. */
    private boolean admits() {
        return IntStream.range(0, 3)
                .anyMatch(ordinal -> EtcdSet.admits(etcdSet(), "demo-etcd-" + ordinal));
    }

    /** Until all members serve again; whether the operator died meanwhile. */
    private boolean goOn() {
        boolean died = false;
        for (int i = 0; i < 60 && !isWhole(); i++) {
            try {
                stage.pass();
            } catch (Crash _) {
                died = true;
                stage.restartOperator();
            }
            stage.controllers();
            stage.now = stage.now.plus(Duration.ofSeconds(10));
        }
        stage.passes();
        return died;
    }

    private boolean isWhole() {
        return IntStream.range(0, 3)
                        .allMatch(
                                ordinal ->
                                        stage.etcdPod(ordinal)
                                                .filter(pod -> PodSight.of(pod).serves())
                                                .isPresent())
                && records().stream().noneMatch(EtcdMember::lost)
                && !admits();
    }

    /** What is recorded is what is there, and three serve. */
    private void assertAsItShouldBe() {
        List<EtcdMember> is = new ArrayList<>();
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            is.add(new EtcdMember("demo-etcd-" + ordinal, volume(ordinal), id(ordinal), false));
            assertThat(stage.etcdPod(ordinal).map(PodSight::of).map(PodSight::serves))
                    .as("pod %d serves", ordinal)
                    .contains(true);
        }
        assertThat(records()).isEqualTo(is);
        assertThat(stage.etcd.entries()).hasSize(3);
        assertThat(admits()).as("one without data may begin").isFalse();
    }

    private ConditionStatus degraded() {
        return stage.condition(ClusterConditionType.DEGRADED).status();
    }

    private List<EtcdMember> records() {
        return stage.cluster().getStatus().etcdMembers();
    }

    private String volume(int ordinal) {
        return stage.etcdClaim(ordinal).getMetadata().getUid();
    }

    private String id(int ordinal) {
        return stage.etcd.entries().stream()
                .filter(entry -> entry.name().equals("demo-etcd-" + ordinal))
                .map(Entry::id)
                .findFirst()
                .orElseThrow();
    }

    private Map<String, String> uids() {
        Map<String, String> uids = new TreeMap<>();
        stage.kubernetes
                .all(Pod.class)
                .forEach(pod -> uids.put(pod.getMetadata().getName(), pod.getMetadata().getUid()));
        return uids;
    }

    private static Map<String, String> without(Map<String, String> uids) {
        Map<String, String> others = new TreeMap<>(uids);
        others.remove("demo-etcd-" + LOST);
        return others;
    }
}
