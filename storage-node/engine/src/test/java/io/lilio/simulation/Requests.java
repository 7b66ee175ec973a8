package io.lilio.simulation;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.engine.Engine;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.object.ArraySource;
import io.lilio.object.ObjectAddress;
import io.lilio.object.ObjectSource;
import io.lilio.simulation.RemoteCall.NoAnswerException;
import io.lilio.simulation.Values.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Requests of clients, which reach a node over a network, and how they end. */
final class Requests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What a client may be told that leaves everything as it was. */
    private static final Set<Kind> REFUSALS =
            Set.of(Kind.UNAVAILABLE, Kind.SLOW_DOWN, Kind.STORAGE_FULL);

    private final Cluster cluster;
    private final SimulatedProcess process;
    private final Network network;
    private final Random random;
    private final boolean hasty;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private int beside;

    /**
     * @param process that of the clients
     * @param hasty whether hardly anybody is slow
     */
    Requests(Cluster cluster, SimulatedProcess process, Random random, boolean hasty) {
        this.hasty = hasty;
        this.cluster = cluster;
        this.process = process;
        this.random = random;
        this.network = new Network(cluster.scheduler(), cluster.newRandom(), cluster.phases());
    }

    /** How a request ended. */
    sealed interface Outcome<T> {
        record Done<T>(T answer) implements Outcome<T> {}

        record Failed<T>(Kind kind) implements Outcome<T> {}

        record Unknown<T>() implements Outcome<T> {}
    }

    /** How often requests ended in which way. */
    Map<String, Integer> outcomes() {
        return outcomes;
    }

    /** Somebody else does something at the same time, a little later. */
    void beside(Duration later, Runnable what) {
        beside++;
        process.start(
                () -> {
                    linger(process, later);
                    what.run();
                    beside--;
                });
    }

    /** Whether nobody is at anything beside the clients. */
    boolean isQuiet() {
        return beside == 0;
    }

    /** Some node that runs. */
    Optional<SimulatedNode> someNode() {
        List<SimulatedNode> running =
                cluster.nodes().stream().filter(each -> each.running().isPresent()).toList();
        return running.isEmpty()
                ? Optional.empty()
                : Optional.of(running.get(random.nextInt(running.size())));
    }

    /** Has a node do something, and waits until it has or patience ends. */
    <T> Outcome<T> ask(
            String what, SimulatedNode node, Phase.Work work, Function<Engine, T> request) {
        Outcome<T> outcome = ask(node, work, request);
        String how =
                switch (outcome) {
                    case Outcome.Done<T> _ -> "done";
                    case Outcome.Failed<T>(Kind kind) -> kind.name();
                    case Outcome.Unknown<T> _ -> "unknown";
                };
        outcomes.merge(what + " " + how, 1, Integer::sum);
        return outcome;
    }

    private <T> Outcome<T> ask(SimulatedNode node, Phase.Work work, Function<Engine, T> request) {
        Optional<Engine> engine = node.running();
        if (engine.isEmpty()) {
            return new Outcome.Failed<>(Kind.UNAVAILABLE);
        }
        SimulatedProcess asked = node.process();
        try {
            return new Outcome.Done<>(
                    new RemoteCall<T>(network, process, asked)
                            .onThread(
                                    cluster.scheduler(),
                                    PATIENCE,
                                    () -> serve(asked, work, engine.get(), request)));
        } catch (NoAnswerException e) {
            return new Outcome.Unknown<>();
        } catch (MetadataUnavailableException e) {
            return new Outcome.Failed<>(Kind.UNAVAILABLE);
        } catch (ObjectStoreException e) {
            return e.kind() == Kind.UNKNOWN_OUTCOME
                    ? new Outcome.Unknown<>()
                    : new Outcome.Failed<>(e.kind());
        }
    }

    private <T> T serve(
            SimulatedProcess asked, Phase.Work work, Engine engine, Function<Engine, T> request) {
        Activity activity = cluster.phases().begin(asked, work);
        try {
            if (work == Phase.Work.READ) {
                cluster.readers().begin(activity, engine.sessions().current().incarnation());
            }
            return request.apply(engine);
        } finally {
            cluster.readers().end(activity);
            cluster.phases().end(activity);
        }
    }

    /** A body that some clients send slowly. */
    ObjectSource body(Value value, SimulatedNode node) {
        ArraySource source = new ArraySource(value.bytes());
        if (random.nextInt(hasty ? 20 : 3) != 0) {
            return source;
        }
        return slowly(source, node);
    }

    /** The same for a client that sends slowly. */
    ObjectSource slowBody(Value value, SimulatedNode node) {
        return slowly(new ArraySource(value.bytes()), node);
    }

    private ObjectSource slowly(ArraySource source, SimulatedNode node) {
        Duration pause = Duration.ofMillis(random.nextInt(5_000));
        SimulatedProcess receiving = node.process();
        return source.inPiecesOf(Cluster.CHUNK + Cluster.CHUNK / 2)
                .atHalf(() -> linger(receiving, pause));
    }

    /** Takes its time, in a process that serves somebody slow. */
    static void linger(SimulatedProcess process, Duration leisure) {
        if (leisure.isZero()) {
            return;
        }
        try {
            process.time().sleep(leisure);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a request", e);
        }
    }

    static ObjectAddress at(String key) {
        return new ObjectAddress(Cluster.BUCKET, key);
    }

    /** What was refused was refused for a reason that a client can expect. */
    void requireRefusal(String what, Kind kind) {
        if (!REFUSALS.contains(kind)) {
            surprise(what + " was answered " + kind);
        }
    }

    /** Something that no client must see. */
    void surprise(String what) {
        cluster.scheduler().fail(new AssertionError(what));
    }
}
