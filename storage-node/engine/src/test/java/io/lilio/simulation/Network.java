package io.lilio.simulation;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Carries messages between processes: late, out of order, twice, or not at all, as its conditions
 * are. A process that is dead when a message arrives never sees it.
 */
final class Network {

    /** One message in so many takes long even where all is well. */
    private static final int LONG_WAY = 40;

    /** The second of two may come so much later. */
    private static final Duration SECOND = Duration.ofSeconds(4);

    private final Scheduler scheduler;
    private final Random random;
    private final Phases phases;
    private final Set<String> cut = new HashSet<>();
    private final Map<String, Conditions> conditions = new HashMap<>();
    private final Map<Phase, Map<Fault, Double>> troubles = new EnumMap<>(Phase.class);
    private final Set<Runnable> straggling = new LinkedHashSet<>();
    private Duration longest = Duration.ZERO;

    Network(Scheduler scheduler, Random random, Phases phases) {
        this.scheduler = scheduler;
        this.random = random;
        this.phases = phases;
    }

    /**
     * How messages fare, each a share of them all.
     *
     * @param loss get lost
     * @param late come seconds late
     * @param twice come twice, of those that may
     */
    record Conditions(double loss, double late, double twice) {
        static final Conditions GOOD = new Conditions(0, 0, 0);
    }

    /** How messages from and to a process fare from now on; those of the worse one count. */
    void fare(String process, Conditions now) {
        conditions.put(process, now);
    }

    /**
     * A fault of messages meets a share of those about what is at a phase from now on.
     *
     * @param share 0 ends it
     */
    void trouble(Phase phase, Fault fault, double share) {
        troubles.computeIfAbsent(phase, _ -> new EnumMap<>(Fault.class)).put(fault, share);
    }

    /**
     * Every other confirmation is up to so much longer on its way, and some copies are as long on
     * theirs as their writer has patience.
     */
    void straggle(Duration most) {
        longest = most;
    }

    /** How much longer the next confirmation is on its way. */
    Duration ofConfirmation() {
        return longest.isZero() || random.nextBoolean() ? Duration.ZERO : upTo(longest);
    }

    /** How much longer the next copy is on its way, for whose answer somebody waits so long. */
    Duration ofCopy(Duration deadline) {
        return longest.isZero() || random.nextInt(4) != 0 ? Duration.ZERO : upTo(deadline);
    }

    private Duration upTo(Duration most) {
        return Duration.ofNanos((long) (random.nextDouble() * most.toNanos()));
    }

    /** Has a message sent only after a while, unless {@link #hurry} comes before. */
    void straggle(Duration longer, SimulatedProcess to, Runnable message) {
        Runnable[] each = new Runnable[1];
        Runnable once =
                () -> {
                    if (straggling.remove(each[0])) {
                        message.run();
                    }
                };
        each[0] = once;
        straggling.add(once);
        scheduler.after(longer, to, once);
    }

    /** Everything that is long on its way arrives now. */
    void hurry() {
        List.copyOf(straggling).forEach(Runnable::run);
    }

    private boolean strikes(Fault fault, Optional<Activity> about, double usual) {
        double share =
                about.map(Activity::phase)
                        .map(troubles::get)
                        .map(faults -> faults.getOrDefault(fault, 0.0))
                        .orElse(0.0);
        if (random.nextDouble() >= Math.max(share, usual)) {
            return false;
        }
        phases.met(fault, about);
        return true;
    }

    private Conditions conditions(Way way) {
        Conditions from = conditions.getOrDefault(way.from().name(), Conditions.GOOD);
        Conditions to = conditions.getOrDefault(way.to().name(), Conditions.GOOD);
        return from.loss() > to.loss() ? from : to;
    }

    /** From now on no message gets through, in this direction. */
    void cut(String from, String to) {
        cut.add(from + ">" + to);
    }

    void heal() {
        cut.clear();
        conditions.clear();
        troubles.clear();
        longest = Duration.ZERO;
    }

    void heal(String from, String to) {
        cut.remove(from + ">" + to);
    }

    boolean isCut(String from, String to) {
        return cut.contains(from + ">" + to);
    }

    /**
     * Sends a message.
     *
     * @param about what it belongs to
     * @param arrives runs on the scheduler's thread and must not wait
     */
    void send(Way way, Optional<Activity> about, Runnable arrives) {
        Fault loss = way.answer() ? Fault.ANSWER_LOST : Fault.REQUEST_LOST;
        double share = isCut(way.from().name(), way.to().name()) ? 1 : conditions(way).loss();
        if (strikes(loss, about, share)) {
            return;
        }
        deliver(way, about, arrives);
        if (way.repeatable() && strikes(Fault.MESSAGE_TWICE, about, conditions(way).twice())) {
            Duration later = random.nextBoolean() ? Duration.ZERO : upTo(SECOND);
            scheduler.after(later, way.to(), () -> deliver(way, about, arrives));
        }
    }

    /**
     * From whom to whom.
     *
     * @param answer whether it is the answer to an earlier message
     * @param repeatable whether it may come twice
     */
    record Way(SimulatedProcess from, SimulatedProcess to, boolean answer, boolean repeatable) {}

    private void deliver(Way way, Optional<Activity> about, Runnable arrives) {
        scheduler.after(
                delay(way, about),
                way.to(),
                () -> {
                    if (!isCut(way.from().name(), way.to().name())) {
                        arrives.run();
                    }
                });
    }

    private Duration delay(Way way, Optional<Activity> about) {
        if (strikes(Fault.MESSAGE_LATE, about, conditions(way).late())) {
            return Duration.ofMillis(
                    switch (random.nextInt(8)) {
                        // Many of them in time for those who wait longest.
                        case 0, 1, 2, 3 -> 200 + random.nextInt(1_000);
                        // When who waits for the metadata has just given up.
                        case 4 -> SimulatedMetadata.DEADLINE.toMillis() + random.nextInt(150);
                        default -> 500 + random.nextInt(6_500);
                    });
        }
        if (random.nextInt(LONG_WAY) == 0) {
            return Duration.ofMillis(5 + random.nextInt(60));
        }
        return Duration.ofNanos(50_000 + random.nextInt(1_500_000));
    }
}
