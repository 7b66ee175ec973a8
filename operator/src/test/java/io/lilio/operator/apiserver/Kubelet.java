package io.lilio.operator.apiserver;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.lilio.operator.dependent.MaintenanceJob;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Scheduler and kubelets of machines that are not there: pods of clusters are bound, are ready at
 * once, end at once when they are told to, and those of Jobs succeed. Storage nodes serve in a
 * {@link FakeStore}. Thread-safe.
 */
final class Kubelet implements AutoCloseable {

    private static final int MACHINES = 6;
    private static final Duration PAUSE = Duration.ofMillis(400);

    /** Machines that are not heard of for 40 s are given up by Kubernetes. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final String CLUSTER = "lilio.io/cluster";
    private static final String COMPONENT = "app.kubernetes.io/component";

    private final KubernetesClient client;
    private final ConcurrentMap<String, FakeStore> stores = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile String trouble = "";

    Kubelet(KubernetesClient client) {
        this.client = client;
        for (int i = 0; i < MACHINES; i++) {
            client.resource(machine(i)).fieldManager("test").forceConflicts().serverSideApply();
        }
        thread = Thread.ofPlatform().daemon().name("kubelet").start(this::live);
    }

    private static Node machine(int number) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName("worker-" + number)
                .withLabels(
                        Map.of(
                                "kubernetes.io/hostname",
                                "worker-" + number,
                                "topology.kubernetes.io/zone",
                                "zone-" + number % 3))
                .endMetadata()
                .build();
    }

    /** Whose pods are played from now on. */
    void play(String namespace, String cluster, FakeStore store) {
        stores.put(namespace + "/" + cluster, store);
    }

    /** What it last failed at; empty when nothing does. */
    String trouble() {
        return trouble;
    }

    private void live() {
        Instant heard = Instant.MIN;
        while (!closed) {
            try {
                Instant now = Instant.now();
                if (now.isAfter(heard.plus(HEARTBEAT))) {
                    beat(now);
                    heard = now;
                }
                advance();
            } catch (RuntimeException e) {
                trouble = String.valueOf(e.getMessage());
            }
            Await.pause(PAUSE);
        }
    }

    private void beat(Instant now) {
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        String status =
                """
                {"status":{"conditions":[{"type":"Ready","status":"True","reason":"KubeletReady",\
                "message":"played","lastHeartbeatTime":"%s"}]}}\
                """
                        .formatted(time);
        for (int i = 0; i < MACHINES; i++) {
            client.nodes()
                    .withName("worker-" + i)
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), status);
        }
    }

    private void advance() {
        Map<FakeStore, Set<String>> serving = new HashMap<>();
        stores.values().forEach(store -> serving.put(store, new HashSet<>()));
        String failed = "";
        for (Pod pod : client.pods().inAnyNamespace().withLabel(CLUSTER).list().getItems()) {
            FakeStore store = store(pod);
            if (store == null) {
                continue;
            }
            try {
                if (pod.getMetadata().getDeletionTimestamp() != null) {
                    end(pod);
                } else if (advance(pod, store) && component(pod).equals("storage-node")) {
                    serving.computeIfAbsent(store, _ -> new HashSet<>())
                            .add(pod.getMetadata().getName());
                }
            } catch (KubernetesClientException e) {
                // Somebody else was faster, mostly: the next round sees it.
                failed = String.valueOf(e.getMessage());
            }
        }
        serving.forEach(FakeStore::serve);
        trouble = failed;
    }

    private @Nullable FakeStore store(Pod pod) {
        String cluster = pod.getMetadata().getLabels().get(CLUSTER);
        return stores.get(pod.getMetadata().getNamespace() + "/" + cluster);
    }

    private static String component(Pod pod) {
        return pod.getMetadata().getLabels().getOrDefault(COMPONENT, "");
    }

    private void end(Pod pod) {
        client.resource(pod).withGracePeriod(0).delete();
    }

    /** Whether it serves. */
    private boolean advance(Pod pod, FakeStore store) {
        String machine = pod.getSpec().getNodeName();
        if (machine == null || machine.isEmpty()) {
            bind(pod);
            return false;
        }
        boolean isRun = component(pod).equals("job");
        String phase = pod.getStatus().getPhase();
        if (isRun && !"Succeeded".equals(phase)) {
            carryOut(pod, store);
            say(pod, "Succeeded", "False");
        } else if (!isRun && !"Running".equals(phase)) {
            say(pod, "Running", "True");
        }
        return !isRun && "Running".equals(phase);
    }

    private void bind(Pod pod) {
        String name = pod.getMetadata().getName();
        String digits = name.replaceAll(".*-", "");
        int number = digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : 0;
        client.raw(
                "/api/v1/namespaces/%s/pods/%s/binding"
                        .formatted(pod.getMetadata().getNamespace(), name),
                "POST",
                new BindingBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewTarget()
                        .withApiVersion("v1")
                        .withKind("Node")
                        .withName("worker-" + number % MACHINES)
                        .endTarget()
                        .build());
    }

    private void carryOut(Pod pod, FakeStore store) {
        String owner = pod.getMetadata().getOwnerReferences().getFirst().getName();
        Job job =
                client.resources(Job.class)
                        .inNamespace(pod.getMetadata().getNamespace())
                        .withName(owner)
                        .get();
        Map<String, String> annotations =
                job == null ? Map.of() : job.getMetadata().getAnnotations();
        String run = annotations == null ? null : annotations.get(MaintenanceJob.OPERATION);
        if (run != null) {
            store.carriedOut(run);
        }
    }

    private void say(Pod pod, String phase, String ready) {
        List<String> conditions =
                List.of("PodScheduled", "Initialized", "ContainersReady", "Ready").stream()
                        .map(
                                type ->
                                        """
                                        {"type":"%s","status":"%s"}\
                                        """
                                                .formatted(
                                                        type,
                                                        type.contains("Ready") ? ready : "True"))
                        .toList();
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.STRATEGIC_MERGE),
                        """
                        {"status":{"phase":"%s","conditions":[%s]}}\
                        """
                                .formatted(phase, String.join(",", conditions)));
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
