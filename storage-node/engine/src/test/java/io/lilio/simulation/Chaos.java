package io.lilio.simulation;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Makes things go wrong, one after the other, at random times or when something gets to a random
 * phase, and puts most of them right again after a while.
 */
final class Chaos {

    private static final Duration LONGEST_AMBUSH = Duration.ofMillis(1_800);

    private final Cluster cluster;
    private final Profile profile;
    private final Random random;
    private final SimulatedProcess process;
    private final NodeFaults nodes;
    private final RingFaults ring;
    private boolean stopped;
    private boolean done;

    Chaos(Cluster cluster, Profile profile) {
        this.cluster = cluster;
        this.profile = profile;
        this.random = cluster.newRandom();
        this.process = new SimulatedProcess(cluster.scheduler(), "chaos");
        this.nodes = new NodeFaults(cluster, process);
        this.ring = new RingFaults(cluster, nodes);
    }

    void start() {
        process.start(this::run);
    }

    /** Nothing new goes wrong any more. */
    void stop() {
        stopped = true;
        cluster.phases().stopAwaiting();
    }

    boolean isDone() {
        return done;
    }

    NodeFaults nodes() {
        return nodes;
    }

    RingFaults ring() {
        return ring;
    }

    private void run() {
        if (profile.faults().contains(Fault.ADMIT)) {
            nodes.addNode();
        }
        List<Fault> faults = List.copyOf(profile.faults());
        for (int i = 0; i < profile.count() && !stopped; i++) {
            sleep(Duration.ofMillis(random.nextInt(900)));
            Fault fault = faults.get(random.nextInt(faults.size()));
            if (random.nextBoolean()) {
                await(fault);
            } else {
                strike(fault, null);
            }
        }
        done = true;
    }

    /** Strikes when something gets to a phase, or after a while. */
    private void await(Fault fault) {
        Phase phase = somePhase();
        boolean[] struck = new boolean[1];
        cluster.phases()
                .await(
                        phase,
                        activity -> {
                            struck[0] = true;
                            Duration delay = Duration.ofNanos(random.nextInt(3_000_000));
                            cluster.scheduler()
                                    .after(
                                            random.nextBoolean() ? delay : Duration.ZERO,
                                            process,
                                            () -> process.start(() -> strike(fault, activity)));
                        });
        long end = cluster.scheduler().nanos() + LONGEST_AMBUSH.toNanos();
        while (!struck[0] && cluster.scheduler().nanos() < end) {
            sleep(Duration.ofMillis(50));
        }
        cluster.phases().stopAwaiting();
        if (!struck[0]) {
            strike(fault, null);
        }
    }

    /** Those of writes more often: most of what can go wrong goes wrong there. */
    private Phase somePhase() {
        List<Phase> phases = List.of(Phase.values());
        if (random.nextInt(3) == 0) {
            phases = phases.stream().filter(p -> p.work() == Phase.Work.WRITE).toList();
        }
        return phases.get(random.nextInt(phases.size()));
    }

    /**
     * @param victim what it is meant to meet, if anything in particular
     */
    private void strike(Fault fault, @Nullable Activity victim) {
        if (stopped) {
            return;
        }
        boolean struck =
                switch (fault) {
                    case ADMIT, DRAIN, CANCEL, MARK_LOST, RETURN, READMIT, REPLACE, REWEIGH -> {
                        ring.ask(fault);
                        yield false; // counted when it has been taken
                    }
                    default -> nodes.strike(fault, victim == null ? null : victim.process());
                };
        if (struck && fault.reach() == Fault.Reach.CLUSTER) {
            cluster.phases().met(fault, (SimulatedProcess) null);
        }
    }

    private void sleep(Duration duration) {
        try {
            process.time().sleep(duration);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts chaos", e);
        }
    }
}
