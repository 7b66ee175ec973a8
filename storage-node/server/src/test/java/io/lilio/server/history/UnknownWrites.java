package io.lilio.server.history;

import io.lilio.server.history.Operation.Read;
import io.lilio.server.history.Operation.Write;
import io.lilio.server.history.Operation.WriteIf;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What is known of writes whose answer did not come, once a whole history is there. A fault leaves
 * many of them, and each one that may come at any time doubles what a search has to try.
 */
final class UnknownWrites {

    private UnknownWrites() {}

    /**
     * A write of a value that nothing else writes has taken place before the first answer that
     * shows that value.
     */
    static List<Operation> bounded(List<Operation> history) {
        Map<String, Long> seen = firstSeen(history);
        Map<String, Integer> writers = new HashMap<>();
        for (Operation operation : history) {
            written(operation).ifPresent(value -> writers.merge(value, 1, Integer::sum));
        }
        return history.stream()
                .map(
                        operation -> {
                            Optional<String> value = unknown(operation);
                            boolean known =
                                    value.isPresent()
                                            && seen.containsKey(value.get())
                                            && writers.getOrDefault(value.get(), 0) == 1;
                            return known
                                    ? endedAt(
                                            operation,
                                            seen.getOrDefault(value.get(), Operation.NEVER))
                                    : operation;
                        })
                .toList();
    }

    private static Operation endedAt(Operation operation, long nanos) {
        return new Operation(
                operation.client(),
                operation.callNanos(),
                Math.max(operation.callNanos(), nanos),
                operation.effect());
    }

    /** All but unknown writes of values that nobody has seen. */
    static List<Operation> withoutUnseen(List<Operation> history) {
        Map<String, Long> seen = firstSeen(history);
        return history.stream()
                .filter(
                        operation ->
                                unknown(operation)
                                        .map(value -> seen.containsKey(value))
                                        .orElse(true))
                .toList();
    }

    /**
     * For each operation the one that was called before it and is as good as it: both delete, or
     * both write what nobody has seen, under the same condition, and of neither the outcome is
     * known. -1 where there is none.
     */
    static int[] sameBefore(List<Operation> operations) {
        Map<String, Long> seen = firstSeen(operations);
        Map<String, Integer> last = new HashMap<>();
        int[] before = new int[operations.size()];
        Arrays.fill(before, -1);
        IntStream.range(0, operations.size())
                .boxed()
                .filter(i -> operations.get(i).returnNanos() == Operation.NEVER)
                .sorted(Comparator.comparingLong(i -> operations.get(i).callNanos()))
                .forEach(
                        i -> {
                            Integer same =
                                    switch (operations.get(i).effect()) {
                                        case Write(String value) when !seen.containsKey(value) ->
                                                last.put("to " + isDelete(value), i);
                                        case WriteIf(String expected, String value)
                                                when !seen.containsKey(value) ->
                                                last.put("from " + expected, i);
                                        default -> null;
                                    };
                            before[i] = same == null ? -1 : same;
                        });
        return before;
    }

    private static boolean isDelete(String value) {
        return value.equals(Operation.ABSENT);
    }

    /** When the first answer came that shows a value. */
    private static Map<String, Long> firstSeen(List<Operation> history) {
        Map<String, Long> seen = new HashMap<>();
        for (Operation operation : history) {
            String value =
                    switch (operation.effect()) {
                        case Read(String read) -> read;
                        case WriteIf(String expected, _) -> expected;
                        default -> Operation.ABSENT;
                    };
            if (!value.equals(Operation.ABSENT)) {
                seen.merge(value, operation.returnNanos(), Math::min);
            }
        }
        return seen;
    }

    /** What a write without an answer writes, unless it deletes. */
    private static Optional<String> unknown(Operation operation) {
        return operation.returnNanos() == Operation.NEVER ? written(operation) : Optional.empty();
    }

    private static Optional<String> written(Operation operation) {
        String value =
                switch (operation.effect()) {
                    case Write(String put) -> put;
                    case WriteIf(_, String put) -> put;
                    default -> Operation.ABSENT;
                };
        return value.equals(Operation.ABSENT) ? Optional.empty() : Optional.of(value);
    }
}
