package io.lilio.replication;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.ChunkStoreException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call to one member, on a thread of its own. First it is admitted (or not), then launched;
 * then {@link #answered} is called exactly once: with the outcome, or when the deadline has passed,
 * whichever comes first. {@link #ended} is called exactly once when the I/O is really over, after
 * {@code answered} unless the deadline passes at that very moment; only then may a buffer go.
 */
abstract class MemberCall extends Alarm implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(MemberCall.class);
    private static final VarHandle ANSWERED;

    static {
        try {
            ANSWERED =
                    MethodHandles.lookup()
                            .findVarHandle(MemberCall.class, "answered", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MemberClient client;
    private final Lane lane;
    private final Lane.Load load;
    private final Duration deadline;
    private boolean probe;
    private boolean abandoned;

    @SuppressWarnings("unused") // through ANSWERED
    private volatile boolean answered;

    MemberCall(MemberClient client, Lane lane, Lane.Load load, Duration deadline) {
        this.client = client;
        this.lane = lane;
        this.load = load;
        this.deadline = deadline;
    }

    /** The call itself. Blocks. */
    protected abstract void perform(ChunkStore store);

    /**
     * How it went.
     *
     * @param failure null when it went well. Something else than a {@link ChunkStoreException} is a
     *     fault in the store
     */
    protected abstract void answered(@Nullable RuntimeException failure);

    /** The I/O is over, or there was none. */
    protected void ended() {}

    /** Whether the call is still wanted when its thread begins to run. */
    protected boolean wanted() {
        return true;
    }

    final MemberClient client() {
        return client;
    }

    /** Within {@link #answered}: whether the deadline has passed while the I/O goes on. */
    final boolean abandoned() {
        return abandoned;
    }

    /** Asks the member's lane. Once true, {@link #launch} or {@link #withdraw} has to follow. */
    final boolean admit() {
        CircuitBreaker.Pass pass = lane.enter(load);
        probe = pass == CircuitBreaker.Pass.AS_PROBE;
        return pass != CircuitBreaker.Pass.NO;
    }

    /** Why it was not admitted. */
    final BackendException refusal() {
        return lane.refusal();
    }

    /** It was admitted, and is not made after all. */
    final void withdraw() {
        lane.withdraw(probe);
    }

    /** Starts it and returns. */
    final void launch() {
        client.members().deadlines().set(this, deadline.toNanos());
        try {
            client.members().start(this);
        } catch (RuntimeException | OutOfMemoryError e) {
            finish(new BackendException(Reason.OVERLOADED, "no thread could be started", e));
        }
    }

    @Override
    public final void run() {
        if (!wanted()) {
            finish(new BackendException(Reason.OVERLOADED, "the call was called off", null));
            return;
        }
        finish(outcome());
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private @Nullable RuntimeException outcome() {
        try {
            perform(client.member().store());
            return null;
        } catch (ChunkStoreException e) {
            return e;
        } catch (RuntimeException e) {
            log.error("a call to member {} failed unexpectedly", client.member().name(), e);
            return e;
        } catch (Error e) {
            log.error("a call to member {} failed unexpectedly", client.member().name(), e);
            return new BackendException(Reason.IO, "unexpected: " + e, e);
        }
    }

    private void finish(@Nullable RuntimeException failure) {
        try {
            client.members().deadlines().off(this);
            lane.leave();
            if (ANSWERED.compareAndSet(this, false, true)) {
                lane.judge(failure, load, probe);
                answered(failure);
            } else {
                lane.abandonedEnded();
            }
        } finally {
            ended();
        }
    }

    /** The deadline has passed. */
    @Override
    protected final void ring() {
        if (ANSWERED.compareAndSet(this, false, true)) {
            abandoned = true;
            lane.abandon();
            BackendException late =
                    new BackendException(
                            Reason.TIMEOUT,
                            "%s did not answer within %d ms"
                                    .formatted(client.member().name(), deadline.toMillis()),
                            null);
            lane.judge(late, load, probe);
            answered(late);
        }
    }
}
