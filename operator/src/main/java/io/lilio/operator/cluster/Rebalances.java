package io.lilio.operator.cluster;

import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.OperationsApi;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The runs that carry out one change of the ring, the first first. The first has the change's id;
 * one that is over although the change is not is followed by another, with a number behind the id.
 *
 * @param change of the ring
 * @param runs those that are remembered
 */
record Rebalances(UUID change, List<OperationStatus> runs) {

    static final String KIND = "rebalance";

    Rebalances {
        runs = List.copyOf(runs);
    }

    static Rebalances of(OperationsApi operations, UUID change) {
        return new Rebalances(
                change,
                operations.list(KIND).stream()
                        .filter(run -> number(change, run.id()) > 0)
                        .sorted(Comparator.comparingInt(run -> number(change, run.id())))
                        .toList());
    }

    Optional<OperationStatus> latest() {
        return runs.isEmpty() ? Optional.empty() : Optional.of(runs.getLast());
    }

    /** How many there were, those among them that nobody remembers any more. */
    int count() {
        return latest().map(run -> number(change, run.id())).orElse(0);
    }

    /** The id of the run after all of these. */
    String next() {
        int number = count() + 1;
        return number == 1 ? change.toString() : change + "-" + number;
    }

    /** Which of the change's runs has an id, from 1; 0 for none. */
    private static int number(UUID change, String id) {
        String name = change.toString();
        if (id.equals(name)) {
            return 1;
        }
        String number = id.startsWith(name + "-") ? id.substring(name.length() + 1) : "";
        return number.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(number) : 0;
    }
}
