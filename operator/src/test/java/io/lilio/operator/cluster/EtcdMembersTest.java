package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.EtcdMember;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.admin.EtcdMembership.Entry;
import io.lilio.operator.simulation.FakeKubernetes.Crash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

        goOn(stage);

        assertAsItShouldBe();
        assertThat(volume(LOST)).isNotIn(volume, spoilt);
        assertThat(stage.etcd.commands())
                .containsExactly("remove " + id, "add demo-etcd-1.demo-etcd-members.shop.svc");
        assertThat(uids()).as("no other pod is touched").containsAllEntriesOf(without(before));
        assertThat(degraded()).isEqualTo(ConditionStatus.FALSE);
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
        for (int passes = 0; passes < 9; passes++) {
            stage.loseEtcdVolume(LOST);
            for (int i = 0; i < passes; i++) {
                stage.pass();
                stage.controllers();
            }
            stage.loseEtcdVolume(LOST);
            goOn(stage);
            assertAsItShouldBe();
        }
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
        boolean died = goOn(stage);
        assertAsItShouldBe();
        assertThat(stage.etcd.commands()).hasSize(before + 2);
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
        goOn(stage);
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
        goOn(stage);
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
        assertThat(stage.etcd.entries()).isEqualTo(entries);
        assertThat(IntStream.range(0, 3).mapToObj(this::volume)).isEqualTo(volumes);
    }

    /** Until all members serve again; whether the operator died meanwhile. */
    private static boolean goOn(Stage stage) {
        boolean died = false;
        for (int i = 0; i < 60 && !isWhole(stage); i++) {
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

    private static boolean isWhole(Stage stage) {
        return IntStream.range(0, 3)
                        .allMatch(
                                ordinal ->
                                        stage.etcdPod(ordinal)
                                                .filter(pod -> PodSight.of(pod).serves())
                                                .isPresent())
                && stage.cluster().getStatus().etcdMembers().stream().noneMatch(EtcdMember::lost);
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
