package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("e2e")
@Order(10)
@DisplayName("9 Evictions, drained nodes, a zone away, all pods away")
final class DisruptionIT {

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("disruption");

    /** What the proxies of Kubernetes' nodes take to follow what the API server says. */
    private static final Duration PROXIES_FOLLOW = Duration.ofSeconds(15);

    /**
     * A request that went to the pod while it was an endpoint is given up when its answer does not
     * come; sent once more, it goes to another one.
     */
    private static final Duration REQUESTS_FOLLOW = Load.ANSWER_WITHIN.plus(PROXIES_FOLLOW);

    private static StoreCluster cluster;
    private static Load load;

    @BeforeAll
    static void make() {
        Spec spec = Spec.of(3).with("metadata.managed.replicas", 3);
        cluster = StoreCluster.create(SCENARIO, "disruption", spec);
        assertThat(machines()).as("machines of the storage pods").hasSize(3);
        load = Load.fill(cluster, "load", Load.Size.FULL, 9);
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
    @DisplayName("9: of two parallel evictions one gets 429, and clients see nothing")
    void parallelEvictions() throws Exception {
        load.awaitProgress(50);
        Map<String, String> before = Pods.incarnations(cluster.pods());
        CountDownLatch together = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Boolean> first = threads.submit(eviction(0, together));
            Future<Boolean> second = threads.submit(eviction(1, together));
            together.countDown();
            assertThat(List.of(first.get(), second.get()))
                    .as("evictions that were granted")
                    .containsExactlyInAnyOrder(true, false);
        }
        Await.until(
                "the evicted pod is made anew",
                Duration.ofMinutes(5),
                () -> changed(before) == 1 ? "" : changed(before) + " are others");
        cluster.awaitSettled();
        assertThat(changed(before)).isEqualTo(1);
        load.awaitProgress(50);
        load.assertNoFailure();
    }

    private static Callable<Boolean> eviction(int ordinal, CountDownLatch together) {
        return () -> {
            together.await();
            return SCENARIO.kubernetes()
                    .client()
                    .pods()
                    .inNamespace(cluster.namespace())
                    .withName(cluster.node(ordinal))
                    .evict();
        };
    }

    @Test
    @Order(2)
    @DisplayName("9: kubectl drain of a worker ends, and clients see nothing")
    void drainedNode() {
        Kubernetes kubernetes = SCENARIO.kubernetes();
        String machine = cluster.pod(2).getSpec().getNodeName();
        String before = cluster.pod(2).getMetadata().getUid();
        SCENARIO.putRight(() -> kubernetes.attempt("uncordon", machine));
        kubernetes.kubectl(
                "drain",
                machine,
                "--ignore-daemonsets",
                "--delete-emptydir-data",
                "--force",
                "--timeout=8m");
        assertThat(cluster.pod(2).getMetadata().getUid()).isNotEqualTo(before);
        load.awaitProgress(200);

        kubernetes.kubectl("uncordon", machine);
        cluster.awaitSettled();
        load.awaitProgress(50);
        load.assertNoFailure();
    }

    @Test
    @Order(3)
    @DisplayName("9: a zone stopped: errors end when its pod is no endpoint, and work goes on")
    void stoppedZone() {
        Machines machines = new Machines(SCENARIO.kubernetes());
        String machine = cluster.pod(0).getSpec().getNodeName();
        String pod = cluster.node(0);
        long excused = load.excused();
        assertThat(cluster.readyEndpoints()).contains(pod);
        load.mayFail(true);
        SCENARIO.putRight(() -> machines.start(machine));
        try (Probes probes = Probes.start(cluster.s3())) {
            machines.stop(machine);
            Await.until(
                    "its storage pod is no endpoint",
                    Duration.ofMinutes(3),
                    Await.that("it is", () -> !cluster.readyEndpoints().contains(pod)));
            long left = System.nanoTime();
            Await.pause(REQUESTS_FOLLOW);

            load.mayFail(false);
            load.awaitProgress(500);
            load.assertNoFailure();
            assertThat(machines.isReady(machine)).as("the zone is still away").isFalse();
            assertThat(probes.failures()).as("new connections that led nowhere").isPositive();
            assertThat(Duration.ofNanos(probes.lastFailureNanos() - left))
                    .as("from when the pod was no endpoint until all new connections went well")
                    .isLessThan(PROXIES_FOLLOW);
            if (load.excused() > excused) {
                assertThat(Duration.ofNanos(load.lastExcusedNanos() - left))
                        .as("from then until no request failed any more")
                        .isLessThan(REQUESTS_FOLLOW);
            }
        }

        load.mayFail(true); // who comes back is an endpoint before each of its peers knows it
        machines.start(machine);
        cluster.awaitSettled();
        load.mayFail(false);
        load.awaitProgress(100);
        load.assertNoFailure();
    }

    @Test
    @Order(4)
    @DisplayName("9: all storage pods deleted at once: back by themselves")
    void allPodsAtOnce() {
        Map<String, String> before = Pods.incarnations(cluster.pods());
        long excused = load.excused();
        load.mayFail(true);
        SCENARIO.kubernetes()
                .kubectl(
                        "delete",
                        "pods",
                        "-n",
                        cluster.namespace(),
                        "-l",
                        "app.kubernetes.io/component=storage-node,lilio.io/cluster="
                                + cluster.name(),
                        "--wait=true");
        Await.until(
                "all pods are others",
                Duration.ofMinutes(5),
                () -> changed(before) == 3 ? "" : changed(before) + " are");
        cluster.awaitSettled();
        assertThat(load.excused()).as("requests that failed meanwhile").isGreaterThan(excused);
        load.mayFail(false);
        load.awaitProgress(100);
        load.assertNothingLost();
    }

    private static Set<String> machines() {
        Set<String> machines = new HashSet<>();
        for (Pod pod : cluster.pods()) {
            machines.add(pod.getSpec().getNodeName());
        }
        return machines;
    }

    private static long changed(Map<String, String> before) {
        Map<String, String> now = Pods.incarnations(cluster.pods());
        return before.entrySet().stream()
                .filter(pod -> now.containsKey(pod.getKey()))
                .filter(pod -> !pod.getValue().equals(now.get(pod.getKey())))
                .count();
    }
}
