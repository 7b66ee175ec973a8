package io.lilio.operator.apiserver;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What becomes of requests to the API server. Thread-safe. */
@FunctionalInterface
interface Weather {

    /** All goes well. */
    Weather FAIR = (_, _) -> new Fate.Passed(Duration.ZERO);

    /** Nobody answers. */
    Weather AWAY = (_, _) -> new Fate.Cut();

    /** What becomes of one request. */
    sealed interface Fate {

        /** It is passed on after a while. */
        record Passed(Duration after) implements Fate {}

        /** Its connection ends. */
        record Cut() implements Fate {}

        /**
         * It fails.
         *
         * @param status of HTTP
         * @param carriedOut whether it is carried out all the same, and its answer kept back
         */
        record Failed(int status, boolean carriedOut) implements Fate {}
    }

    Fate of(String method, String path);

    static boolean isWrite(String method) {
        return !Set.of("GET", "HEAD", "OPTIONS").contains(method);
    }

    /** Each request takes so much longer. */
    static Weather slow(Duration by) {
        return (_, _) -> new Fate.Passed(by);
    }

    /**
     * Of the paths that are written to every third one fails the first time, until there were
     * enough failures. Whoever leads is another matter, and is spared.
     *
     * @param failures how many
     * @param carriedOut whether what fails happens all the same
     */
    static Weather failing(int status, int failures, boolean carriedOut) {
        Set<String> met = ConcurrentHashMap.newKeySet();
        AtomicInteger fresh = new AtomicInteger();
        AtomicInteger left = new AtomicInteger(failures);
        return (method, path) -> {
            boolean fails =
                    isWrite(method)
                            && !path.contains("/leases")
                            && !path.contains("authorization.k8s.io")
                            && !path.contains("/events")
                            && met.add(method + " " + path)
                            && fresh.getAndIncrement() % 3 == 0
                            && left.getAndDecrement() > 0;
            return fails ? new Fate.Failed(status, carriedOut) : new Fate.Passed(Duration.ZERO);
        };
    }
}
