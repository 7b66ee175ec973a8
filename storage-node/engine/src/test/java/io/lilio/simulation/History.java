package io.lilio.simulation;

import io.lilio.history.Linearizability;
import io.lilio.history.Operation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What clients saw of each key, uploads included, which take effect once at most. */
final class History {

    private final Map<String, List<Operation>> keys = new TreeMap<>();
    private final Map<String, Upload> uploads = new HashMap<>();
    private int operations;

    /** The attempts to complete one upload. */
    private static final class Upload {
        final String key;
        final List<Attempt> attempts = new ArrayList<>();
        boolean aborted;

        Upload(String key) {
            this.key = key;
        }
    }

    private record Attempt(String value, long call, long end) {}

    void add(String key, Operation operation) {
        operations++;
        keys.computeIfAbsent(key, _ -> new ArrayList<>()).add(operation);
    }

    /** A completion that went well, or of which nobody knows. */
    void completed(String upload, String key, Operation attempt) {
        if (attempt.effect() instanceof Operation.Write(String value)) {
            uploads.computeIfAbsent(upload, _ -> new Upload(key))
                    .attempts
                    .add(new Attempt(value, attempt.callNanos(), attempt.returnNanos()));
        }
    }

    void aborted(String upload, String key) {
        uploads.computeIfAbsent(upload, _ -> new Upload(key)).aborted = true;
    }

    int operations() {
        return operations;
    }

    /** What is wrong with it. */
    Optional<String> violation() {
        for (Map.Entry<String, Upload> entry : new TreeMap<>(uploads).entrySet()) {
            Optional<String> wrong = settle(entry.getKey(), entry.getValue());
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        uploads.clear();
        for (Map.Entry<String, List<Operation>> key : keys.entrySet()) {
            Optional<String> wrong = Linearizability.violation(key.getKey(), key.getValue());
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    /**
     * All attempts that name the same part are one: who repeats one gets the first one's answer.
     */
    private Optional<String> settle(String id, Upload upload) {
        Map<String, Attempt> byValue = new TreeMap<>();
        for (Attempt attempt : upload.attempts) {
            byValue.merge(
                    attempt.value(),
                    attempt,
                    (one, other) ->
                            new Attempt(
                                    one.value(),
                                    Math.min(one.call(), other.call()),
                                    Math.min(one.end(), other.end())));
        }
        List<Attempt> done =
                byValue.values().stream().filter(each -> each.end() != Operation.NEVER).toList();
        if (done.size() > 1) {
            return Optional.of("upload %s became %s".formatted(id, done));
        }
        if (!done.isEmpty() && upload.aborted) {
            return Optional.of("upload %s was aborted and became %s".formatted(id, done));
        }
        for (Attempt attempt : done.isEmpty() ? byValue.values() : done) {
            add(
                    upload.key,
                    new Operation(
                            "upload",
                            attempt.call(),
                            attempt.end(),
                            new Operation.Write(attempt.value())));
        }
        return Optional.empty();
    }
}
