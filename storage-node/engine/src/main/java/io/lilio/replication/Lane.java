package io.lilio.replication;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkStoreException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that read from one member, or those that write to it: a bound on how many are under
 * way, abandoned ones included, and a circuit breaker of their own, so that a disk that hangs on
 * writes goes on being read. Thread-safe.
 *
 * <p>Each abandoned call holds a thread, and its buffer if it has one, for as long as the disk
 * likes. So while a few of them go on, payloads are not asked for until some have ended; and while
 * one goes on, what is answered from an index in memory does not tell that the disk is well.
 */
final class Lane {

    /** What a call moves. */
    enum Load {
        /** The bytes of a chunk, which only the medium has. */
        PAYLOAD,
        /** Anything else: the member may know the answer without its medium. */
        CONTROL
    }

    /**
     * With so many abandoned calls payloads are neither read nor written. A disk that is merely
     * slow seldom lets even one exceed a deadline of seconds; so many buffers and threads do no
     * harm.
     */
    static final int MOST_ABANDONED = 8;

    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    private final String name;
    private final int maxInFlight;
    private final CircuitBreaker breaker;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();

    /**
     * @param name for messages
     */
    Lane(String name, int maxInFlight, CircuitBreaker breaker) {
        this.name = name;
        this.maxInFlight = maxInFlight;
        this.breaker = breaker;
    }

    /** Whether payloads are asked for. */
    BreakerState state() {
        return hangs(Load.PAYLOAD) ? BreakerState.OPEN : breaker.state();
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Calls whose deadline has passed while their I/O goes on. */
    int abandoned() {
        return abandoned.get();
    }

    /** Control calls may hang too: some more of them, then nothing is asked. */
    private boolean hangs(Load load) {
        return abandoned.get() >= (load == Load.PAYLOAD ? 1 : 2) * MOST_ABANDONED;
    }

    /**
     * Lets a call in, which then leaves once and is judged once.
     *
     * @return NO when too many are under way or hang, or the breaker is open
     */
    CircuitBreaker.Pass enter(Load load) {
        if (hangs(load)) {
            return CircuitBreaker.Pass.NO;
        }
        CircuitBreaker.Pass pass = breaker.ask();
        if (pass == CircuitBreaker.Pass.NO) {
            return pass;
        }
        if (inFlight.incrementAndGet() > maxInFlight) {
            inFlight.decrementAndGet();
            breaker.withdrawn(pass == CircuitBreaker.Pass.AS_PROBE);
            return CircuitBreaker.Pass.NO;
        }
        return pass;
    }

    /** The call has really ended. */
    void leave() {
        inFlight.decrementAndGet();
    }

    /** The deadline of a call has passed, and its I/O goes on. */
    void abandon() {
        if (abandoned.incrementAndGet() == MOST_ABANDONED) {
            log.warn(
                    "{} calls {} hang; no more payloads until some of them end",
                    MOST_ABANDONED,
                    name);
        }
    }

    /** The I/O of an abandoned call has ended. */
    void abandonedEnded() {
        if (abandoned.decrementAndGet() == 0) {
            log.info("calls {} that were overdue have ended", name);
        }
    }

    /** What the outcome of a call says about the member. */
    void judge(@Nullable Throwable failure, Load load, boolean probe) {
        switch (failure) {
            case null -> answered(load, probe);
            case BackendException e when e.reason() == Reason.OVERLOADED ->
                    breaker.withdrawn(probe);
            // It said so itself, quickly: that is well enough. It is full, read-only, or lacks it.
            case BackendException e
                    when e.reason() == Reason.FULL || e.reason() == Reason.READ_ONLY ->
                    answered(load, probe);
            case BackendException _ -> breaker.failed(probe);
            case ChunkStoreException _ -> answered(load, probe);
            default -> breaker.failed(probe);
        }
    }

    /** It answered; but from memory perhaps, while its medium does not. */
    private void answered(Load load, boolean probe) {
        if (load == Load.PAYLOAD || abandoned.get() <= 0) {
            breaker.answered(probe);
        } else {
            breaker.withdrawn(probe);
        }
    }

    /** The call was let in and then not made. */
    void withdraw(boolean probe) {
        breaker.withdrawn(probe);
        leave();
    }

    /** Why {@link #enter} said no. */
    BackendException refusal() {
        if (hangs(Load.PAYLOAD)) {
            return new BackendException(
                    Reason.IO, name + " hangs and is not asked until it answers", null);
        }
        return breaker.state() == BreakerState.CLOSED
                ? new BackendException(
                        Reason.OVERLOADED, "too many calls are under way to " + name, null)
                : new BackendException(Reason.IO, name + " keeps failing and is not asked", null);
    }
}
