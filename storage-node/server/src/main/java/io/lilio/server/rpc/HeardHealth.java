package io.lilio.server.rpc;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendHealth;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a peer's member fares, as was heard last. It is asked beside whoever wants to know, once at a
 * time: a peer that is frozen holds up nobody for longer than {@link #PATIENCE}, and only those who
 * come while nothing is known. Thread-safe.
 */
final class HeardHealth {

    /** What is younger is not asked again. */
    static final Duration FRESH = Duration.ofSeconds(1);

    /** What is older counts no more. */
    static final Duration AGE = Duration.ofSeconds(10);

    /** How long a question may be under way before it counts as not answered. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Supplier<BackendHealth> question;
    private final RpcRuntime runtime;
    private @Nullable Heard last;
    private @Nullable Asked underWay;
    private volatile long timesEmptied;

    private record Heard(BackendHealth health, long nanos) {}

    private record Asked(CompletableFuture<BackendHealth> answer, long nanos) {}

    /**
     * @param question asks the peer; may block, and throws {@link BackendException}
     */
    HeardHealth(Supplier<BackendHealth> question, RpcRuntime runtime) {
        this.question = question;
        this.runtime = runtime;
    }

    /** One that does not answer has failed. */
    BackendHealth now() {
        Asked asked;
        synchronized (this) {
            long now = runtime.time().nanos();
            if (last != null && now - last.nanos() < FRESH.toNanos()) {
                return last.health();
            }
            if (underWay == null) {
                underWay = ask(now);
            }
            asked = underWay;
            if (last != null && now - last.nanos() < AGE.toNanos()) {
                return last.health();
            }
        }
        return await(asked);
    }

    private Asked ask(long now) {
        var asked = new Asked(new CompletableFuture<>(), now);
        runtime.threads().newThread(() -> carryOut(asked)).start();
        return asked;
    }

    private void carryOut(Asked asked) {
        BackendHealth health = failed("its answer could not be taken");
        try {
            health = question.get();
            timesEmptied = health.timesEmptied();
        } catch (BackendException e) {
            health = failed(String.valueOf(e.getMessage()));
        } finally {
            heard(health);
            asked.answer().complete(health);
        }
    }

    private synchronized void heard(BackendHealth health) {
        last = new Heard(health, runtime.time().nanos());
        underWay = null;
    }

    private BackendHealth await(Asked asked) {
        long left = asked.nanos() + PATIENCE.toNanos() - runtime.time().nanos();
        try {
            return asked.answer().get(Math.max(left, 0), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return failed("it has not said how it fares");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("nobody waited for its answer");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private BackendHealth failed(String why) {
        return new BackendHealth(BackendHealth.State.FAILED, -1, -1, why, timesEmptied);
    }
}
