package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.EtcdMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("e2e")
@Order(11)
@DisplayName("10 Etcd: a member, the quorum, all of it")
final class MetadataLossIT {

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("metadata");

    /** An election, and what storage nodes take to ask another member. */
    private static final Duration ELECTION = Duration.ofSeconds(30);

    /** What a condition says, about three of three members of etcd. */
    private static final String LOST = "have lost their volumes";

    /** Many times what a storage node waits between two looks at what can be deleted. */
    private static final Duration REST = Duration.ofSeconds(30);

    private static StoreCluster cluster;
    private static Load load;

    @BeforeAll
    static void make() {
        Spec spec = Spec.of(3).with("metadata.managed.replicas", 3);
        cluster = StoreCluster.create(SCENARIO, "metadata", spec);
        load = Load.fill(cluster, "load", Load.Size.FULL, 10);
        load.start();
    }

    @AfterAll
    static void end() {
        if (load != null) {
            load.close();
        }
    }

    @Test
    @Order(1)
    @DisplayName("10: an etcd pod is killed: work goes on after the election")
    void memberKilled() {
        load.awaitProgress(50);
        Map<String, String> storage = Pods.incarnations(cluster.pods());
        Pod member = cluster.pods("etcd").getFirst();
        load.mayFail(true);
        SCENARIO.kubernetes()
                .kubectl(
                        "delete",
                        "pod",
                        Pods.name(member),
                        "-n",
                        cluster.namespace(),
                        "--force",
                        "--grace-period=0");
        Await.pause(ELECTION);
        load.mayFail(false);
        load.awaitProgress(200);
        awaitMembers(3);
        assertThat(Pods.incarnations(cluster.pods("etcd")))
                .doesNotContainValue(Pods.incarnations(List.of(member)).values().iterator().next());
        cluster.awaitSettled();
        load.assertNoFailure();
        assertThat(Pods.incarnations(cluster.pods())).as("storage pods").isEqualTo(storage);
    }

    @Test
    @Order(2)
    @DisplayName(
            "10: an etcd member loses its volume: it is replaced by itself, clients notice nothing"
                    + " beyond the election")
    void memberLosesItsVolume() {
        load.awaitProgress(50);
        Await.until(
                "all etcd members are known",
                Duration.ofMinutes(2),
                () -> {
                    List<EtcdMember> known = cluster.resource().getStatus().etcdMembers();
                    return known.size() == 3 ? "" : "these are: " + known;
                });
        String member = cluster.name() + "-etcd-1";
        String claim = "data-" + member;
        Map<String, String> storage = Pods.incarnations(cluster.pods());
        Map<String, String> others = Pods.incarnations(cluster.pods("etcd"));
        others.remove(member);
        EtcdMember before = known(member);
        String volume = cluster.volume(claim);
        assertThat(before).isEqualTo(new EtcdMember(member, volume, before.id(), false));

        load.mayFail(true);
        Kubernetes kubernetes = SCENARIO.kubernetes();
        kubernetes.kubectl("delete", "pvc", claim, "-n", cluster.namespace(), "--wait=false");
        kubernetes.kubectl(
                "delete", "pod", member, "-n", cluster.namespace(), "--force", "--grace-period=0");
        Await.pause(ELECTION);
        load.mayFail(false);
        Await.until(
                "it serves on another volume",
                Duration.ofMinutes(10),
                () -> {
                    EtcdMember now = known(member);
                    return now.lost() || now.volume().equals(volume) ? "status has " + now : "";
                });
        awaitMembers(3);
        load.awaitProgress(200);
        cluster.awaitSettled();
        load.assertNoFailure();
        assertThat(cluster.volume(claim)).isNotEqualTo(volume).isEqualTo(known(member).volume());
        Map<String, String> after = Pods.incarnations(cluster.pods("etcd"));
        after.remove(member);
        assertThat(after).as("the other members of etcd").isEqualTo(others);
        assertThat(Pods.incarnations(cluster.pods())).as("storage pods").isEqualTo(storage);
    }

    private static EtcdMember known(String pod) {
        return cluster.resource().getStatus().etcdMembers().stream()
                .filter(each -> each.pod().equals(pod))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Order(3)
    @DisplayName("10: the quorum is lost and comes back: nothing is touched, and work goes on")
    void quorumLostAndBack() {
        load.awaitProgress(50);
        Map<String, String> storage = Pods.incarnations(cluster.pods());
        long epoch = cluster.admin().ring().epoch();
        long excused = load.excused();
        Machines machines = new Machines(SCENARIO.kubernetes());
        List<String> frozen =
                cluster.pods("etcd").stream()
                        .limit(2)
                        .map(pod -> pod.getSpec().getNodeName())
                        .toList();
        assertThat(frozen).as("machines of two members").doesNotHaveDuplicates().hasSize(2);
        SCENARIO.putRight(() -> frozen.forEach(each -> machines.signal(each, "CONT", "etcd")));

        load.mayFail(true);
        frozen.forEach(
                each -> assertThat(machines.signal(each, "STOP", "etcd")).as(each).isPositive());
        Condition told =
                cluster.awaitCondition(
                        "MetadataReachable", ConditionStatus.FALSE, "MetadataUnreachable");
        frozen.forEach(each -> machines.signal(each, "CONT", "etcd"));
        assertThat(told.message()).as("a sentence for people").hasSizeGreaterThan(20);

        awaitMembers(3);
        cluster.awaitSettled();
        assertThat(load.excused()).as("requests that failed meanwhile").isGreaterThan(excused);
        load.mayFail(false);
        load.awaitProgress(200);
        load.assertNothingLost();
        load.start();
        assertThat(uids(storage)).isEqualTo(uids(Pods.incarnations(cluster.pods())));
        assertThat(cluster.admin().ring().epoch()).as("epoch of the ring").isEqualTo(epoch);
    }

    /** The last one: what is left cannot be used any more. */
    @Test
    @Order(4)
    @DisplayName(
            "10: all etcd volumes are lost: everything is held, nothing deleted, and it is said")
    void allVolumesLost() {
        load.stop();
        Kubernetes kubernetes = SCENARIO.kubernetes();
        Map<Integer, Map<String, String>> before = filesAtRest();
        Map<String, String> storage = Pods.incarnations(cluster.pods());
        Set<String> runs = runs();
        for (int i = 0; i < 3; i++) {
            kubernetes.kubectl(
                    "delete",
                    "pvc",
                    "data-" + cluster.name() + "-etcd-" + i,
                    "-n",
                    cluster.namespace(),
                    "--wait=false");
        }
        String members = "app.kubernetes.io/component=etcd,lilio.io/cluster=" + cluster.name();
        kubernetes.kubectl("delete", "pods", "-n", cluster.namespace(), "-l", members);
        cluster.awaitMessage(LOST);
        Await.until("no schedule begins a run", Duration.ofMinutes(5), MetadataLossIT::schedules);

        cluster.scale(4);
        cluster.awaitMessage(LOST);
        Await.always(
                "nothing is made and nothing is deleted, whatever is asked for",
                Duration.ofMinutes(2),
                () -> {
                    String pods = uids(Pods.incarnations(cluster.pods())).toString();
                    int replicas = cluster.statefulSet().getSpec().getReplicas();
                    return replicas == 3
                                    && pods.equals(uids(storage).toString())
                                    && runs.containsAll(runs())
                            ? schedules()
                            : "replicas are %d, pods %s, runs %s".formatted(replicas, pods, runs());
                });
        for (int i = 0; i < 3; i++) {
            assertThat(cluster.chunkFiles(i))
                    .as("files with chunks of pod %d", i)
                    .containsAllEntriesOf(before.get(i));
        }
        assertThat(cluster.condition("Ready").orElseThrow().status())
                .isNotEqualTo(ConditionStatus.TRUE);
    }

    /** What of the schedules is not suspended; empty when all are. */
    private static String schedules() {
        List<CronJob> all =
                SCENARIO.kubernetes()
                        .client()
                        .batch()
                        .v1()
                        .cronjobs()
                        .inNamespace(cluster.namespace())
                        .list()
                        .getItems();
        List<String> awake =
                all.stream()
                        .filter(each -> !Boolean.TRUE.equals(each.getSpec().getSuspend()))
                        .map(each -> each.getMetadata().getName())
                        .toList();
        return all.isEmpty() ? "there is none" : awake.isEmpty() ? "" : awake + " go on";
    }

    /** The Jobs that nobody's schedule has made. */
    private static Set<String> runs() {
        return SCENARIO
                .kubernetes()
                .client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(cluster.namespace())
                .list()
                .getItems()
                .stream()
                .filter(
                        job ->
                                job.getMetadata().getOwnerReferences().stream()
                                        .noneMatch(owner -> owner.getKind().equals("CronJob")))
                .map(job -> job.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    /**
     * The files with chunks of each pod, once nothing waits to be swept and nobody compacts what
     * was: when they are the same twice.
     */
    private static Map<Integer, Map<String, String>> filesAtRest() {
        Await.until(
                "there is no trash",
                Duration.ofMinutes(5),
                () -> {
                    double trash = 0;
                    for (int i = 0; i < 3; i++) {
                        trash += cluster.metric(i, "lilio_trash_records");
                    }
                    return trash == 0 ? "" : trash + " records of it";
                });
        List<Map<Integer, Map<String, String>>> seen = new ArrayList<>();
        Await.until(
                "nobody compacts",
                Duration.ofMinutes(5),
                () -> {
                    seen.add(files());
                    if (seen.size() > 1 && seen.getLast().equals(seen.get(seen.size() - 2))) {
                        return "";
                    }
                    Await.pause(REST);
                    return "files change";
                });
        return seen.getLast();
    }

    private static Map<Integer, Map<String, String>> files() {
        Map<Integer, Map<String, String>> files = new TreeMap<>();
        for (int i = 0; i < 3; i++) {
            files.put(i, cluster.chunkFiles(i));
        }
        return files;
    }

    private static void awaitMembers(int members) {
        Await.until(
                "all etcd members are ready",
                Duration.ofMinutes(5),
                () -> {
                    long ready = cluster.pods("etcd").stream().filter(Pods::isReady).count();
                    return ready == members ? "" : "%d are".formatted(ready);
                });
    }

    /** Without how often containers were started again, which kubelet does by itself. */
    private static Map<String, String> uids(Map<String, String> incarnations) {
        Map<String, String> uids = new TreeMap<>();
        incarnations.forEach((pod, which) -> uids.put(pod, which.split(" ", 2)[0]));
        return uids;
    }
}
