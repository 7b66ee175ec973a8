package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.admin.AdminApis;
import io.lilio.operator.bucket.BucketPass;
import io.lilio.operator.cluster.ClusterAccess;
import io.lilio.operator.cluster.ClusterPass;
import io.lilio.operator.cluster.ClusterSettings;
import io.lilio.operator.cluster.Randomness;
import io.lilio.operator.dependent.IngressPolicy;
import io.lilio.operator.kube.Events;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.KubernetesException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A process of the operator: the passes, and what the adapter does around them. It forgets
 * everything when it dies. Not thread-safe.
 */
final class OperatorProcess {

    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Which pass is under way. */
    enum Work {
        CLUSTER,
        BUCKET
    }

    private static final Events NOBODY_LISTENS =
            new Events() {
                @Override
                public void normal(HasMetadata about, String reason, String note) {}

                @Override
                public void warning(HasMetadata about, String reason, String note) {}
            };

    private final Scene scene;
    private final String name;
    private final SimulatedLilio impostor;
    private final FaultyCalls calls;
    private ClusterPass clusterPass;
    private BucketPass bucketPass;

    /**
     * @param between taken by others between any two of its calls
     */
    OperatorProcess(Scene scene, String name, SimulatedLilio impostor, FaultyCalls.Others between) {
        this.scene = scene;
        this.name = name;
        this.impostor = impostor;
        this.calls = new FaultyCalls(scene, between);
        start();
    }

    private void start() {
        Kubernetes kubernetes = new FaultyKubernetes(scene, calls);
        AdminApis apis = new FaultyAdminApis(scene, impostor, calls);
        clusterPass =
                new ClusterPass(
                        kubernetes,
                        NOBODY_LISTENS,
                        new ClusterPass.Servers(apis, new FaultyEtcd(scene, calls)),
                        new Randomness(scene::now, scene.ids, new Random(scene.random.nextLong())),
                        new ClusterSettings(
                                new IngressPolicy.Operator("lilio-system", Map.of("app", "op")),
                                "etcd:v3.6.16",
                                false,
                                "1.2.3"));
        bucketPass =
                new BucketPass(
                        kubernetes,
                        NOBODY_LISTENS,
                        new ClusterAccess(kubernetes, apis)::of,
                        scene::now);
    }

    FaultyCalls calls() {
        return calls;
    }

    /** One pass over a cluster, of which this process knows some state. */
    Duration pass(LilioCluster known) {
        return attempt(
                Work.CLUSTER,
                () -> {
                    if (known.getMetadata().getDeletionTimestamp() == null) {
                        return clusterPass.run(known).again();
                    }
                    var outcome = clusterPass.delete(known);
                    if (outcome.finished()) {
                        release(known);
                    }
                    return outcome.again();
                });
    }

    /** One pass over a bucket. */
    Duration pass(LilioBucket known) {
        return attempt(
                Work.BUCKET,
                () -> {
                    if (known.getMetadata().getDeletionTimestamp() == null) {
                        return bucketPass.run(known).again();
                    }
                    var outcome = bucketPass.delete(known);
                    if (outcome.finished()) {
                        release(known);
                    }
                    return outcome.again();
                });
    }

    /** As the SDK does it: the finalizer of the one that it knows goes. */
    private void release(HasMetadata known) {
        Optional<? extends HasMetadata> live =
                scene.store.get(
                        known.getClass(),
                        known.getMetadata().getNamespace(),
                        known.getMetadata().getName());
        live.filter(there -> there.getMetadata().getUid().equals(known.getMetadata().getUid()))
                .ifPresent(this::withoutFinalizer);
    }

    private void withoutFinalizer(HasMetadata live) {
        scene.tell(name + " lets go of " + live.getKind() + " " + live.getMetadata().getName());
        scene.coverage.count("released " + live.getKind());
        scene.invariants.released(live);
        scene.store.edit(
                live,
                there -> {
                    there.getMetadata().setFinalizers(List.of());
                    return there;
                });
        scene.store.remove(live);
    }

    private Duration attempt(Work work, Supplier<Duration> pass) {
        calls.begin(name, work);
        scene.coverage.count("passes over a " + work);
        try {
            return pass.get();
        } catch (FakeKubernetes.Crash crash) {
            scene.tell(name + " " + crash.getMessage());
            start();
            return Duration.ZERO;
        } catch (KubernetesException failed) {
            scene.tell(name + " was told " + failed.status() + " " + failed.getMessage());
            return RETRY;
        }
    }
}
