package io.lilio.operator.bucket;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often the usage of a bucket is written: once a minute at most (DESIGN §13, rule 12). Nothing
 * is known of what another process wrote. Thread-safe; holds one entry for each bucket.
 */
final class UsagePace {

    private static final Duration APART = Duration.ofMinutes(1);

    private final Map<String, Instant> written = new ConcurrentHashMap<>();

    /** Whether usage may be written now. */
    boolean isDue(String uid, Instant now) {
        Instant last = written.getOrDefault(uid, Instant.MIN);
        return !now.isBefore(last.plus(APART));
    }

    void wrote(String uid, Instant now) {
        written.put(uid, now);
    }

    void forget(String uid) {
        written.remove(uid);
    }
}
