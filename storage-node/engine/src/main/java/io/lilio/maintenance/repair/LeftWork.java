package io.lilio.maintenance.repair;

import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.RunResult;
import java.util.Optional;

/** What a walk over all partitions could not do, as its counts tell. */
final class LeftWork {

    private LeftWork() {}

    /** A sentence for people; empty when nothing is left. */
    static Optional<String> of(RunResult result) {
        long incomplete = result.count(Counter.PARTITIONS_INCOMPLETE);
        long unrepaired = result.count(Counter.CHUNKS_UNREPAIRED);
        long lacking = result.count(Counter.MEMBERS_LACKING);
        if (incomplete == 0 && unrepaired == 0 && lacking == 0) {
            return Optional.empty();
        }
        String left =
                "in %d partitions some member did not answer, and %d chunks still lack a copy"
                        .formatted(incomplete, unrepaired);
        return Optional.of(
                lacking == 0
                        ? left
                        : left + "; %d members are not known to be filled again".formatted(lacking));
    }
}
