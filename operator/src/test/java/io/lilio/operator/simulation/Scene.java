package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * All of a simulated world but the operators: time, chance, Kubernetes, Lilio, and what happened.
 * Everything follows from the seed. Not thread-safe.
 */
final class Scene {

    static final int MACHINES = 6;
    private static final int TRACED = 250;
    private static final Instant BEGIN = Instant.parse("2026-12-01T12:00:00Z");

    final RandomGenerator random;
    final Supplier<UUID> ids;
    final Store store;
    final SimulatedLilio lilio;
    final FakeEtcd etcd = new FakeEtcd(new Names(Kubelets.SET, Kubelets.NAMESPACE), 3);
    final Weather.Forecast weather;
    final Kubelets kubelets;
    final JobRunner jobs;
    final Invariants invariants;
    final Coverage coverage = new Coverage();

    /** Whether calls fail and processes die; not before the first rest, nor in the end. */
    boolean troubled;

    /** Volumes, by their claims' uids, on which a node began anew by itself. */
    final Set<String> erased = new HashSet<>();

    /** Volumes of members when somebody wanted these to be replaced. */
    final Map<UUID, String> replaced = new HashMap<>();

    /** Whether a cluster was gone before its buckets, whose keys nobody could revoke then. */
    boolean keysAreLeft;

    private final Deque<String> trace = new ArrayDeque<>();
    private Instant now = BEGIN;
    private long digest;

    Scene(long seed) {
        random = new SplittableRandom(seed);
        ids = () -> new UUID(random.nextLong(), random.nextLong());
        weather = new Weather.Forecast(this::now);
        store = new Store(new FakeKubernetes(this::now));
        lilio =
                new SimulatedLilio(
                        ids.get(), this::now, (type, id, targets) -> asked(type, id, targets));
        invariants = new Invariants(this);
        kubelets = new Kubelets(this);
        jobs = new JobRunner(this);
        for (int machine = 0; machine < MACHINES; machine++) {
            machine(machine);
        }
    }

    private void machine(int number) {
        store.put(
                new NodeBuilder()
                        .withNewMetadata()
                        .withName("worker-" + number)
                        .withLabels(Map.of("topology.kubernetes.io/zone", "zone-" + number % 3))
                        .endMetadata()
                        .build());
    }

    private void asked(String type, UUID id, List<UUID> targets) {
        tell("ring: %s %s %s".formatted(type, id, targets));
        coverage.count("ring " + type);
        invariants.commanded(type, id, targets);
    }

    Instant now() {
        return now;
    }

    /** Time passes, and everybody but the operators goes on. */
    void advance(Duration time) {
        now = now.plus(time);
        lilio.metadataHealthy = !weather.isOn(Weather.METADATA_UNHEALTHY);
        lilio.braked = weather.isOn(Weather.DELETION_BRAKE);
        lilio.room = !weather.isOn(Weather.NO_ROOM);
        lilio.use(random.nextInt(1 << 12) - (1 << 11));
        kubelets.advance();
        hear();
        jobs.advance();
        confirm();
        invariants.nothingIsLost();
        invariants.nothingIsForgotten();
    }

    /** Who was silent answers again some time, and who was given up says that it is there. */
    private void hear() {
        if (!lilio.silent.isEmpty() && random.nextInt(10) == 0) {
            lilio.silent.clear();
        }
        for (SimulatedRing.Member member : lilio.ring.members()) {
            if (member.isIn("LOST") && lilio.isReachable(member.id())) {
                lilio.ring.announce(member.id(), member.node());
            }
        }
    }

    /** What a node missed while it was away it is given some time after it has come back. */
    private void confirm() {
        boolean confirmed =
                lilio.unconfirmed
                        .entrySet()
                        .removeIf(
                                entry ->
                                        lilio.isReachable(entry.getKey())
                                                && now.isAfter(entry.getValue().plusSeconds(90)));
        if (confirmed && lilio.ring.isFounded()) {
            lilio.movement.heal();
        }
    }

    Optional<LilioCluster> cluster() {
        return store.get(LilioCluster.class, Kubelets.NAMESPACE, Kubelets.SET);
    }

    /** Notes what happens, for whoever looks at a seed. */
    void tell(String what) {
        trace.add("%6.1fs %s".formatted(Duration.between(BEGIN, now).toMillis() / 1000.0, what));
        digest = digest * 31 + what.hashCode();
        if (trace.size() > TRACED) {
            trace.removeFirst();
        }
    }

    /** Of all that was told: two runs that took the same steps have the same. */
    long digest() {
        return digest;
    }

    String trace() {
        return String.join("\n", trace);
    }
}
