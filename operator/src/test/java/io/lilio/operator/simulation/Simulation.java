package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec.DeletionPolicy;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.operator.simulation.FaultyCalls.Aim;
import io.lilio.operator.simulation.FaultyCalls.Moment;
import io.lilio.operator.simulation.Invariants.Violation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The whole operator in a simulated world, from one seed: a cluster is founded; for a time people
 * edit, things break, processes die, and a second operator is about; then all of that ends, and the
 * world has to become what is asked for, and quiet; at last the cluster is deleted.
 */
final class Simulation {

    private static final KubernetesSerialization JSON = new KubernetesSerialization();
    private static final int TROUBLED_STEPS = 22;
    private static final int LONGEST_CONVERGENCE = 200;
    private static final Duration STEP = Duration.ofSeconds(15);
    private static final Duration QUIET = Duration.ofMinutes(10);

    /** Before these it matters most what has happened meanwhile. */
    private static final Set<String> GRAVE =
            Set.of(
                    "apply StatefulSet",
                    "scale StatefulSet",
                    "evict Pod",
                    "delete PersistentVolumeClaim");

    private final Scene scene;
    private final Administrator administrator;
    private final Mishaps mishaps;
    private final OperatorProcess first;
    private final OperatorProcess second;
    private final boolean twoOperators;
    private final List<LilioCluster> former = new ArrayList<>();
    private final Map<String, Instant> due = new TreeMap<>();
    private final long seed;
    private final String resource;
    private long seen;

    /**
     * @param resource the LilioCluster, as YAML
     */
    Simulation(long seed, String resource) {
        this.seed = seed;
        this.resource = resource;
        scene = new Scene(seed);
        administrator = new Administrator(scene);
        mishaps = new Mishaps(scene, administrator, seed);
        SimulatedLilio impostor = impostor();
        first = new OperatorProcess(scene, "one", impostor, this::interleave);
        second = new OperatorProcess(scene, "two", impostor, _ -> false);
        twoOperators = scene.random.nextInt(3) > 0;
        List<String> writes = Occurrences.writes();
        for (int i = 0; i < 5; i++) {
            int which = (int) ((seed * 5 + i) % (writes.size() * 3L));
            first.calls().aims.add(new Aim(writes.get(which / 3), Moment.values()[which % 3]));
        }
        for (int i = 0; i < 2; i++) {
            String write = writes.get((int) ((seed * 2 + i) % writes.size()));
            first.calls().aims.add(new Aim(write, Moment.AFTER));
        }
    }

    private SimulatedLilio impostor() {
        SimulatedLilio impostor =
                new SimulatedLilio(scene.ids.get(), scene::now, (_, _, _) -> foreignIsAsked());
        for (int ordinal = 0; ordinal < SimulatedRing.FACTOR; ordinal++) {
            String pod = "demo-" + ordinal;
            Disks.Disk disk = impostor.disks.of(pod, pod);
            disk.member = scene.ids.get();
            disk.running = true;
            impostor.ring.announce(disk.member, pod);
        }
        impostor.ring.found();
        impostor.movement.fill();
        return impostor;
    }

    private static void foreignIsAsked() {
        throw new Violation("another cluster's ring is changed");
    }

    Coverage coverage() {
        return scene.coverage;
    }

    long digest() {
        return scene.digest();
    }

    String trace() {
        return scene.trace();
    }

    /** What is wrong; empty when all is well. */
    Optional<String> run() {
        try {
            found();
            trouble();
            converge("after the faults");
            if (seed % 3 == 0) {
                rest();
            }
            end();
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(text(violation));
        } catch (RuntimeException failure) {
            return Optional.of("it throws what it should not: " + text(failure));
        }
    }

    private static String text(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString().lines().limit(14).reduce("", (all, line) -> all + "\n" + line);
    }

    private void found() {
        foreign();
        LilioCluster made = made();
        if (scene.random.nextInt(3) == 0) {
            made.getMetadata().setAnnotations(Map.of("example.com/owner", "shop"));
        }
        administrator.make(made);
        scene.troubled = scene.random.nextBoolean();
        for (int i = 0; i < 3; i++) {
            step();
        }
        scene.troubled = false;
        converge("at first");
        isForeign(volume("backup", Kubelets.SET)); // before that it would be taken for stored data
    }

    private LilioCluster made() {
        return JSON.unmarshal(resource, LilioCluster.class);
    }

    /** Others have objects in the same namespace. */
    private void foreign() {
        HasMetadata secret =
                new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(Kubelets.NAMESPACE)
                        .withName("other-root")
                        .withLabels(Map.of("lilio.io/cluster", "other"))
                        .endMetadata()
                        .withData(Map.of("accessKey", "QQ=="))
                        .build();
        HasMetadata volume = volume("data-other-0", "other");
        isForeign(secret);
        isForeign(volume);
    }

    private void isForeign(HasMetadata object) {
        scene.store.put(object);
        scene.invariants.isForeign(object);
    }

    private static HasMetadata volume(String name, String cluster) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withNamespace(Kubelets.NAMESPACE)
                .withName(name)
                .withLabels(Map.of("lilio.io/cluster", cluster))
                .endMetadata()
                .build();
    }

    private void trouble() {
        scene.troubled = true;
        mishaps.allow(true);
        for (int i = 0; i < TROUBLED_STEPS; i++) {
            if (scene.random.nextInt(5) < 2) {
                mishaps.strike();
            }
            if (seed % 2 == 1) {
                mishaps.takeBack();
            }
            mishaps.crashOld();
            if (seed % 4 == 0) {
                mishaps.harmEtcd();
            }
            if (seed % 3 == 0) {
                mishaps.breakJob();
            }
            step();
        }
        scene.troubled = false;
        first.calls().aims.clear();
        mishaps.allow(false);
        mishaps.end();
    }

    /** Some time passes, and whoever is due gets a pass. */
    private void step() {
        scene.advance(Duration.ofSeconds(scene.random.nextInt(1, 13)));
        passes(first, true);
    }

    private void passes(OperatorProcess process, boolean all) {
        scene.cluster()
                .ifPresent(
                        live -> {
                            if (former.isEmpty() || former.getLast() != live) {
                                former.add(live);
                            }
                            for (int i = 0; i < 3; i++) {
                                if (!process.pass(known(live)).isZero()) {
                                    break;
                                }
                            }
                        });
        for (LilioBucket bucket : administrator.buckets()) {
            if (all || scene.random.nextInt(3) == 0) {
                process.pass(bucket);
            }
        }
    }

    /** What a cache holds: the resource, or as it was some time ago. */
    private LilioCluster known(LilioCluster live) {
        if (scene.troubled && scene.random.nextInt(4) == 0) {
            scene.coverage.count("stale resource");
            int back = Math.min(former.size(), scene.random.nextInt(1, 6));
            return former.get(former.size() - back);
        }
        return live;
    }

    /** Between two calls of the first operator: the second one acts, or the first stands still. */
    private boolean interleave(String call) {
        if (!scene.troubled || !twoOperators) {
            return false;
        }
        boolean grave =
                GRAVE.contains(call) || call.startsWith("RingApi.") && !call.endsWith("ring");
        int chance = scene.random.nextInt(3_000);
        if (chance > (grave ? 200 : 22)) {
            return false;
        }
        if (chance > (grave ? 100 : 1)) {
            scene.coverage.count("second operator");
            passes(second, false);
            return true;
        }
        scene.coverage.count(
                grave ? "operator stood still before " + call : "operator stood still");
        scene.tell("one stands still before " + call);
        for (int i = 0; i < 6; i++) {
            if (scene.random.nextInt(4) == 0) {
                mishaps.strike();
            }
            scene.advance(STEP);
            passes(second, true);
        }
        scene.tell("one goes on");
        return true;
    }

    private void converge(String when) {
        String lacks = "";
        for (int i = 0; i < LONGEST_CONVERGENCE; i++) {
            scene.advance(STEP);
            if (i % 6 == 5) {
                mishaps.acknowledge();
            }
            calmPasses();
            lacks = new Goal(scene, administrator).lacks();
            if (lacks.isEmpty()) {
                scene.coverage.count("converged " + when);
                return;
            }
        }
        throw new Violation(
                "it is not as asked for %s within %s: %s%n%s"
                        .formatted(
                                when,
                                STEP.multipliedBy(LONGEST_CONVERGENCE),
                                lacks,
                                scene.cluster().map(LilioCluster::getStatus).orElse(null)));
    }

    /** Who waits for a time, or has seen something change, looks again. */
    private void calmPasses() {
        if (scene.store.version() != seen) {
            due.clear();
        }
        scene.cluster().ifPresent(cluster -> whenDue("cluster", () -> pass(cluster)));
        for (LilioBucket bucket : administrator.buckets()) {
            whenDue(bucket.getMetadata().getName(), () -> first.pass(bucket));
        }
        seen = scene.store.version();
    }

    /** At once again as long as it wants to. */
    private Duration pass(LilioCluster cluster) {
        Duration again = first.pass(cluster);
        for (int i = 0; i < 3 && again.isZero(); i++) {
            again = first.pass(cluster);
        }
        return again;
    }

    /** Ten minutes in which clients store and delete, and nothing is to be done. */
    private void rest() {
        for (int i = 0; i < 4; i++) { // the last words about what has ended
            scene.advance(Duration.ofSeconds(45));
            passes(first, true);
        }
        int before = first.calls().writes();
        due.clear();
        Instant end = scene.now().plus(QUIET);
        while (scene.now().isBefore(end)) {
            scene.advance(STEP);
            calmPasses();
        }
        if (first.calls().writes() != before) {
            throw new Violation(
                    "%d writes while nothing was to be done"
                            .formatted(first.calls().writes() - before));
        }
    }

    private void whenDue(String what, Supplier<Duration> pass) {
        if (!scene.now().isBefore(due.getOrDefault(what, Instant.MIN))) {
            due.put(what, scene.now().plus(pass.get()));
        }
    }

    /** The resources are deleted, in any order, and made again where the volumes stay. */
    private void end() {
        boolean clusterFirst = scene.random.nextBoolean();
        boolean keeps = scene.random.nextBoolean();
        scene.coverage.count("deletion " + (keeps ? "keeps" : "deletes"));
        administrator.keep(keeps ? DeletionPolicy.RETAIN : DeletionPolicy.DELETE);
        converge("before the end");
        List<PersistentVolumeClaim> volumes = volumes();
        scene.troubled = true;
        if (clusterFirst) {
            scene.cluster().ifPresent(administrator::delete);
        }
        administrator.buckets().forEach(administrator::delete);
        for (int i = 0; i < 8; i++) {
            step();
        }
        scene.troubled = false;
        scene.cluster().ifPresent(administrator::delete);
        for (int i = 0; i < 40 && isAnythingLeft(); i++) {
            scene.advance(STEP);
            passes(first, true);
        }
        require(!isAnythingLeft(), "resources do not go: " + left());
        gone(keeps, volumes);
        if (keeps && !volumes.isEmpty()) {
            again();
        }
    }

    private void again() {
        scene.advance(Duration.ofSeconds(40));
        LilioCluster made = made();
        int most = Math.max(3, scene.lilio.disks.all().size());
        administrator.make(made);
        administrator.scale(Math.min(most, 6));
        converge("after it was made again");
    }

    private List<PersistentVolumeClaim> volumes() {
        return scene.store.all(PersistentVolumeClaim.class).stream()
                .filter(claim -> claim.getMetadata().getName().startsWith("data-demo-"))
                .toList();
    }

    private boolean isAnythingLeft() {
        return scene.cluster().isPresent() || !administrator.buckets().isEmpty();
    }

    private String left() {
        return scene.cluster()
                        .map(LilioCluster::getStatus)
                        .map(LilioClusterStatus::toString)
                        .orElse("")
                + administrator.buckets().stream().map(LilioBucket::getStatus).toList();
    }

    private void gone(boolean keeps, List<PersistentVolumeClaim> volumes) {
        List<String> secrets =
                scene.store.all(Secret.class).stream()
                        .map(secret -> secret.getMetadata().getName())
                        .filter(name -> !name.startsWith("other"))
                        .toList();
        require(
                secrets.equals(keeps ? List.of("demo-cluster", "demo-root") : List.of()),
                "Secrets are left, or lost: " + secrets);
        require(
                keeps ? volumes().size() == volumes.size() : volumes().isEmpty(),
                "volumes are left, or lost: " + volumes().size());
        require(scene.store.all(Pod.class).isEmpty(), "pods are left");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new Violation(otherwise);
        }
    }
}
