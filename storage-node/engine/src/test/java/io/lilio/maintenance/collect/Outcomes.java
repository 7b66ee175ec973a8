package io.lilio.maintenance.collect;

import io.lilio.catalog.commit.CommitOutcome;

/** Takes the result out of a commit that has to have happened. */
final class Outcomes {

    private Outcomes() {}

    static <T> T committed(CommitOutcome<T> outcome) {
        return switch (outcome) {
            case CommitOutcome.Committed<T>(T result) -> result;
            default -> throw new AssertionError("not committed: " + outcome);
        };
    }
}
