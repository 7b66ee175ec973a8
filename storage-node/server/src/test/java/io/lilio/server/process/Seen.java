package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.history.Linearizability;
import io.lilio.history.Operation;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What the clients of a load saw: the history of each key, and everything that they did not ask
 * for. Thread-safe.
 */
final class Seen {

    /** Who is refused does not ask at once again. */
    private static final Duration AFTER_REFUSAL = Duration.ofMillis(300);

    private final Map<String, Queue<Operation>> histories = new ConcurrentHashMap<>();
    private final Map<String, String> valuesByEtag = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final AtomicLong brokenOff = new AtomicLong();
    private final Map<URI, Long> troubledUntil = new ConcurrentHashMap<>();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean killing;

    void add(String key, Operation operation) {
        histories.computeIfAbsent(key, k -> new ConcurrentLinkedQueue<>()).add(operation);
    }

    Set<String> keys() {
        return histories.keySet();
    }

    /** From now on an object of these bytes may be met. */
    void mayAppear(Payload payload) {
        valuesByEtag.put(payload.etag(), payload.value());
    }

    /**
     * What an object with this ETag holds, however the ETag is quoted; one that nobody wrote is a
     * surprise.
     */
    Optional<String> valueOf(String key, String etag) {
        Optional<String> value = Optional.ofNullable(valuesByEtag.get(etag.replace("\"", "")));
        if (value.isEmpty()) {
            surprise(key + " has the ETag " + etag + ", which nothing written has");
        }
        return value;
    }

    /** Something happened, to be counted under a name. */
    void happened(String what) {
        counts.computeIfAbsent(what, w -> new AtomicLong()).incrementAndGet();
    }

    /** How often it happened. */
    Map<String, AtomicLong> counts() {
        return counts;
    }

    void surprise(String what) {
        surprises.add(what);
    }

    /** What no client should have seen. */
    List<String> surprises() {
        return List.copyOf(surprises);
    }

    /** From now on connections may break. Answers that are errors are surprises all the same. */
    void serverIsBeingKilled(boolean now) {
        killing = now;
    }

    /** From now on requests to this server may be answered 503, or not at all. */
    void isInTrouble(URI server) {
        troubledUntil.put(server, Long.MAX_VALUE);
    }

    /** What is sent to it from now on has to succeed again. */
    void isWell(URI server) {
        troubledUntil.put(server, System.nanoTime());
    }

    /** Requests to servers in trouble that got no answer, or a 503. */
    long refused() {
        return refused.get();
    }

    /** Requests whose connection broke while the server was being killed. */
    long brokenOff() {
        return brokenOff.get();
    }

    /**
     * A request that did not get what it asked for.
     *
     * @param server which was asked
     * @param callNanos when
     * @param e what the SDK throws; a connection that is reset may come out of it as the JDK's own
     * @return whether the server is gone, so that more requests make no sense
     */
    boolean failed(URI server, long callNanos, String what, RuntimeException e) {
        if (tellsOfAChecksum(e)) {
            surprise(what + " at " + server + ": " + e);
            return false;
        }
        if (killing && !(e instanceof S3Exception)) {
            brokenOff.incrementAndGet();
            return true;
        }
        boolean mayFail = !(e instanceof S3Exception answer) || isUnavailable(answer);
        if (mayFail && callNanos < troubledUntil.getOrDefault(server, Long.MIN_VALUE)) {
            refused.incrementAndGet();
            LockSupport.parkNanos(AFTER_REFUSAL.toNanos());
            return false;
        }
        surprise(what + " at " + server + ": " + e);
        return false;
    }

    /** Also in the body of an answer that was begun before it was known, as Complete has it. */
    private static boolean isUnavailable(S3Exception answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return answer.statusCode() == 503
                || answer.statusCode() == 200
                        && details != null
                        && "ServiceUnavailable".equals(details.errorCode());
    }

    /** Wrong bytes: a connection that breaks says that it did, and excuses no others. */
    private static boolean tellsOfAChecksum(@Nullable Throwable e) {
        return e != null
                && (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("checksum")
                        || tellsOfAChecksum(e.getCause()));
    }

    /**
     * Fails with the first key whose history has no explanation, a lost or mixed object among them.
     */
    void assertLinearizable(long seed) {
        assertThat(histories).as("the load did nothing").isNotEmpty();
        histories.forEach(
                (key, history) ->
                        assertThat(Linearizability.violation(key, List.copyOf(history)))
                                .as("seed %d", seed)
                                .isEmpty());
    }
}
