package io.lilio.operator.cluster;

import io.lilio.operator.plan.Desired;
import io.lilio.operator.plan.Hold;
import io.lilio.operator.plan.Operation;
import io.lilio.operator.plan.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What rings have refused lately, so that it is not asked for again at once; forgotten when
 * something else is asked for, and when the operator ends, which is when it is asked once more.
 * Thread-safe.
 */
final class Refusals {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final Map<String, List<Entry>> entries = new ConcurrentHashMap<>();

    private record Entry(Desired desired, Refusal refusal, Instant until, Duration pause) {}

    /** Those that still count. */
    List<Refusal> of(String cluster, Desired desired, Instant now) {
        return entries.getOrDefault(cluster, List.of()).stream()
                .filter(entry -> entry.desired().equals(desired) && now.isBefore(entry.until()))
                .map(Entry::refusal)
                .toList();
    }

    /** The ring has refused the change of an operation. */
    void add(
            String cluster,
            Desired desired,
            Operation operation,
            Optional<Hold> hold,
            Instant now) {
        Refusal refusal = new Refusal(operation.type(), operation.members(), hold);
        entries.compute(
                cluster,
                (_, before) -> {
                    List<Entry> kept = new ArrayList<>();
                    Duration pause = FIRST_PAUSE;
                    for (Entry entry : before == null ? List.<Entry>of() : before) {
                        if (isOfSame(entry, desired, refusal)) {
                            pause = shorter(entry.pause().multipliedBy(2), LONGEST_PAUSE);
                        } else if (entry.desired().equals(desired)) {
                            kept.add(entry);
                        }
                    }
                    kept.add(new Entry(desired, refusal, now.plus(pause), pause));
                    return List.copyOf(kept);
                });
    }

    private static boolean isOfSame(Entry entry, Desired desired, Refusal refusal) {
        return entry.desired().equals(desired)
                && entry.refusal().type() == refusal.type()
                && entry.refusal().members().equals(refusal.members());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The cluster is gone. */
    void forget(String cluster) {
        entries.remove(cluster);
    }
}
