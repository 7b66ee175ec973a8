package io.lilio.catalog.commit;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.Keys;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.MetadataFullException;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.Txn;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.SessionGuard;
import io.lilio.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out every change of the catalog (DESIGN §6). Thread-safe.
 *
 * <ul>
 *   <li>Each transaction compares, beside what the change itself relies upon, its session's
 *       incarnation, its session's fence, and that its blob's ring epoch is open.
 *   <li>A refusal by anything but the session's end or the epoch's is a conflict: the change
 *       decides again, with the same blob, for up to {@link #PATIENCE}.
 *   <li>A lost answer: the session's fence is bumped, so that the transaction can no longer be
 *       applied; then the change looks whether it was. Proven either way, the change goes on;
 *       otherwise the outcome stays unknown, and the request holds its session's mark.
 * </ul>
 */
public final class Commits {

    /** How long conflicts are retried. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How long a change waits for somebody at work. */
    public static final Duration BUSY_PATIENCE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Commits.class);
    private static final int FREE_CONFLICTS = 3;
    private static final int MAX_PAUSE_MILLIS = 32;

    private final MetadataStore store;
    private final Time time;
    private final RandomGenerator random;

    /**
     * @param random thread-safe, and unpredictable enough that two nodes never draw the same
     */
    public Commits(MetadataStore store, Time time, RandomGenerator random) {
        this.store = store;
        this.time = time;
        this.random = random;
    }

    /** What the changes read from. */
    public MetadataStore store() {
        return store;
    }

    /** The wall clock, in the resolution of records. */
    public Instant now() {
        return time.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** A random number that tells one write from all others. */
    public long tag() {
        return random.nextLong();
    }

    /**
     * Carries out a change.
     *
     * @param request in flight since before anything was read for it
     */
    public <T> CommitOutcome<T> run(InFlight request, Change<T> change) {
        try {
            return attempt(request, change);
        } catch (MetadataFullException e) {
            return new CommitOutcome.Refused<>(RefusedReason.METADATA_FULL);
        } catch (MetadataUnavailableException e) {
            // Nothing of an unknown outcome gets here: see resolve.
            log.debug("a change was not made", e);
            return new CommitOutcome.Refused<>(RefusedReason.METADATA_UNAVAILABLE);
        }
    }

    private <T> CommitOutcome<T> attempt(InFlight request, Change<T> change) {
        long begun = time.nanos();
        for (int conflicts = 0; ; conflicts++) {
            switch (change.decide()) {
                case Step.Done<T>(T result) -> {
                    return new CommitOutcome.Committed<>(result);
                }
                case Step.Refuse<T>(RefusedReason reason) -> {
                    return new CommitOutcome.Refused<>(reason);
                }
                case Step.Again<T>() -> {}
                case Step.Busy<T>(RefusedReason reason) -> {
                    if (time.nanos() - begun > BUSY_PATIENCE.toNanos()
                            || !pause(MAX_PAUSE_MILLIS)) {
                        return new CommitOutcome.Refused<>(reason);
                    }
                }
                case Step.Apply<T> apply -> {
                    Result<T> result = send(request, change, apply);
                    if (result instanceof Result.Ended<T>(CommitOutcome<T> outcome)) {
                        return outcome;
                    }
                }
            }
            boolean patient = time.nanos() - begun < PATIENCE.toNanos();
            if (!patient || conflicts >= FREE_CONFLICTS && !pause(1 << Math.min(conflicts, 5))) {
                return new CommitOutcome.Refused<>(RefusedReason.CONTENDED);
            }
        }
    }

    private sealed interface Result<T> {
        record Ended<T>(CommitOutcome<T> outcome) implements Result<T> {}

        record Conflict<T>() implements Result<T> {}
    }

    private <T> Result<T> send(InFlight request, Change<T> change, Step.Apply<T> apply) {
        SessionGuard guard;
        try {
            guard = request.guard();
        } catch (ObjectStoreException e) { // the session is known to have ended
            return ended(new CommitOutcome.Refused<>(RefusedReason.SESSION_LOST));
        }
        Txn txn = transaction(apply, guard);
        CommitResult result;
        try {
            result = store.commit(txn);
        } catch (MetadataUnavailableException e) {
            throw e; // certainly not applied
        } catch (RuntimeException e) { // a fault of the store: it may have been
            result = new CommitResult.Unknown(e);
        }
        return switch (result) {
            case CommitResult.Committed(long revision) -> {
                request.session().observe(revision);
                yield ended(new CommitOutcome.Committed<>(apply.result()));
            }
            case CommitResult.Refused(ReadResult reads) -> judge(guard, apply, reads);
            case CommitResult.Unknown(Throwable cause) -> resolve(request, change, apply, cause);
        };
    }

    private static Txn transaction(Step.Apply<?> apply, SessionGuard guard) {
        List<Compare> compares = new ArrayList<>(guard.compares());
        compares.addAll(apply.compares());
        List<Bytes> elseReads = new ArrayList<>(List.of(guard.recordKey(), guard.fenceKey()));
        if (apply.epoch().isPresent()) {
            Bytes open = Keys.openEpoch(apply.epoch().getAsLong());
            compares.add(new Compare.Present(open));
            elseReads.add(open);
        }
        return new Txn(apply.purpose(), compares, apply.writes(), elseReads);
    }

    private <T> Result<T> judge(SessionGuard guard, Step.Apply<T> apply, ReadResult reads) {
        if (guard.judge(reads.get(0), reads.get(1)) == SessionGuard.Verdict.SESSION_ENDED) {
            return ended(new CommitOutcome.Refused<>(RefusedReason.SESSION_LOST));
        }
        if (apply.epoch().isPresent() && reads.get(2).isEmpty()) {
            return ended(new CommitOutcome.Refused<>(RefusedReason.EPOCH_CLOSED));
        }
        return new Result.Conflict<>();
    }

    private <T> Result<T> resolve(
            InFlight request, Change<T> change, Step.Apply<T> apply, Throwable cause) {
        request.holdForUnknown();
        try {
            request.session().bumpFence();
            return switch (change.fate(apply)) {
                case APPLIED -> ended(new CommitOutcome.Committed<>(apply.result()));
                case NOT_APPLIED -> new Result.Conflict<>();
                case UNPROVEN -> ended(new CommitOutcome.Unknown<>(cause));
            };
        } catch (MetadataUnavailableException e) {
            log.warn("a commit's outcome stays unknown: {}", e.getMessage());
            return ended(new CommitOutcome.Unknown<>(cause));
        } catch (RuntimeException e) { // whatever it is, it proves nothing
            log.error("a commit's outcome stays unknown", e);
            return ended(new CommitOutcome.Unknown<>(cause));
        }
    }

    private static <T> Result<T> ended(CommitOutcome<T> outcome) {
        return new Result.Ended<>(outcome);
    }

    /** Waits up to some milliseconds; false when the thread was interrupted. */
    private boolean pause(int maxMillis) {
        try {
            time.sleep(Duration.ofMillis(1 + random.nextInt(maxMillis)));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
