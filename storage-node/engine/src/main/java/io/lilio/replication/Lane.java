package io.lilio.replication;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkStoreException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one kind, reading or writing, to one member: a bound on how many are under way,
 * abandoned ones included, and a circuit breaker of their own, so that a disk that hangs on writes
 * goes on being read. Thread-safe.
 */
final class Lane {

    private final String name;
    private final int maxInFlight;
    private final CircuitBreaker breaker;
    private final AtomicInteger inFlight = new AtomicInteger();

    /**
     * @param name for messages
     */
    Lane(String name, int maxInFlight, CircuitBreaker breaker) {
        this.name = name;
        this.maxInFlight = maxInFlight;
        this.breaker = breaker;
    }

    BreakerState state() {
        return breaker.state();
    }

    int inFlight() {
        return inFlight.get();
    }

    /**
     * Lets a call in, which then leaves once and is judged once.
     *
     * @return NO when too many are under way or the breaker is open
     */
    CircuitBreaker.Pass enter() {
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

    /** What the outcome of a call says about the member. */
    void judge(@Nullable Throwable failure, boolean probe) {
        switch (failure) {
            case null -> breaker.answered(probe);
            case BackendException e when e.reason() == Reason.OVERLOADED ->
                    breaker.withdrawn(probe);
            // It said so itself, quickly: that is well enough. It is full, read-only, or lacks it.
            case BackendException e
                    when e.reason() == Reason.FULL || e.reason() == Reason.READ_ONLY ->
                    breaker.answered(probe);
            case BackendException _ -> breaker.failed(probe);
            case ChunkStoreException _ -> breaker.answered(probe);
            default -> breaker.failed(probe);
        }
    }

    /** The call was let in and then not made. */
    void withdraw(boolean probe) {
        breaker.withdrawn(probe);
        leave();
    }

    /** Why {@link #enter} said no. */
    BackendException refusal() {
        return breaker.state() == BreakerState.CLOSED
                ? new BackendException(
                        Reason.OVERLOADED, "too many calls are under way to " + name, null)
                : new BackendException(Reason.IO, name + " keeps failing and is not asked", null);
    }
}
