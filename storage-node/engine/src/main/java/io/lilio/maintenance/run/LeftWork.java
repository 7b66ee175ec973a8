package io.lilio.maintenance.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a walk over all partitions could not do, as its counts tell. */
public final class LeftWork {

    private LeftWork() {}

    /** A sentence for people; empty when nothing is left. */
    public static Optional<String> of(RunResult result) {
        List<String> left = new ArrayList<>();
        add(
                left,
                result.count(Counter.PARTITIONS_INCOMPLETE),
                "in %d partitions some member did not answer");
        add(left, result.count(Counter.CHUNKS_UNREPAIRED), "%d chunks still lack a copy");
        add(
                left,
                result.count(Counter.MEMBERS_LACKING),
                "%d members lost chunks and may still lack some");
        return left.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", left));
    }

    private static void add(List<String> left, long count, String what) {
        if (count > 0) {
            left.add(what.formatted(count));
        }
    }
}
