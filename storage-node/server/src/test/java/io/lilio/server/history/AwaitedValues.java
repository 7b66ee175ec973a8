package io.lilio.server.history;

import io.lilio.server.history.Operation.Read;
import io.lilio.server.history.Operation.RefusedIf;
import io.lilio.server.history.Operation.Write;
import io.lilio.server.history.Operation.WriteIf;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which operations need which value. One that is written once does not come back: as long as an
 * operation needs it that has not been placed, no other value may follow.
 */
final class AwaitedValues {

    private final Map<String, BitSet> needed = new HashMap<>();

    AwaitedValues(List<Operation> operations) {
        Map<String, Integer> writers = new HashMap<>();
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            boolean happened = operation.returnNanos() != Operation.NEVER;
            switch (operation.effect()) {
                case Read(String seen) -> need(seen, i);
                case Write(String value) -> writers.merge(value, 1, Integer::sum);
                case WriteIf(String expected, String value) -> {
                    writers.merge(value, 1, Integer::sum);
                    if (happened) {
                        need(expected, i);
                    }
                }
                case RefusedIf _ -> {}
            }
        }
        needed.keySet().removeIf(value -> writers.getOrDefault(value, 0) != 1);
        needed.remove(Operation.ABSENT);
    }

    private void need(String value, int operation) {
        needed.computeIfAbsent(value, v -> new BitSet()).set(operation);
    }

    /** Whether some operation that is not done needs this value. */
    boolean isAwaited(String value, BitSet done) {
        BitSet left = needed.get(value);
        if (left == null) {
            return false;
        }
        left = (BitSet) left.clone();
        left.andNot(done);
        return !left.isEmpty();
    }
}
