package io.lilio.simulation;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A call from one process to another, whose caller waits for the answer until a deadline. */
final class RemoteCall<T> {

    private final Network network;
    private final SimulatedProcess caller;
    private final SimulatedProcess called;
    private @Nullable T answer;
    private @Nullable RuntimeException failure;
    private @Nullable Thread waiting;
    private Optional<Activity> about = Optional.empty();
    private boolean repeatable;
    private Duration straggling = Duration.ZERO;
    private boolean done;

    RemoteCall(Network network, SimulatedProcess caller, SimulatedProcess called) {
        this.network = network;
        this.caller = caller;
        this.called = called;
    }

    /** It may be made twice. */
    RemoteCall<T> repeatable() {
        repeatable = true;
        return this;
    }

    /** Its request is on its way for so much longer. */
    RemoteCall<T> straggling(Duration longer) {
        straggling = longer;
        return this;
    }

    /** Nobody knows whether the call was made. */
    static final class NoAnswerException extends RuntimeException {
        NoAnswerException(String called) {
            super("no answer from " + called);
        }
    }

    /** Has the call served on a thread of its own. */
    T onThread(Scheduler scheduler, Duration deadline, Supplier<T> work) {
        return make(scheduler, deadline, () -> called.start(() -> serve(work)));
    }

    /** Has the call served on arrival: it must not wait. */
    T onArrival(Scheduler scheduler, Duration deadline, Supplier<T> work) {
        return make(scheduler, deadline, () -> serve(work));
    }

    private T make(Scheduler scheduler, Duration deadline, Runnable request) {
        Thread self = Thread.currentThread();
        waiting = self;
        boolean[] late = new boolean[1];
        Runnable cancel =
                scheduler.after(
                        deadline,
                        caller,
                        () -> {
                            late[0] = true;
                            LockSupport.unpark(self);
                        });
        about = scheduler.activity();
        Network.Way way = new Network.Way(caller, called, false, repeatable);
        if (straggling.isZero()) {
            network.send(way, about, request);
        } else {
            network.straggle(straggling, called, () -> network.send(way, about, request));
        }
        boolean interrupted = false;
        while (!done && !late[0]) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        cancel.run();
        if (!done) {
            throw new NoAnswerException(called.name());
        }
        if (failure != null) {
            throw failure;
        }
        T value = answer;
        if (value == null) {
            throw new IllegalStateException("a call that went well has an answer");
        }
        return value;
    }

    private void serve(Supplier<T> work) {
        T value = null;
        RuntimeException thrown = null;
        try {
            value = work.get();
        } catch (RuntimeException e) {
            thrown = e;
        }
        T result = value;
        RuntimeException failed = thrown;
        network.send(
                new Network.Way(called, caller, true, false),
                about,
                () -> answered(result, failed));
    }

    private void answered(@Nullable T value, @Nullable RuntimeException thrown) {
        if (!done) {
            done = true;
            answer = value;
            failure = thrown;
            LockSupport.unpark(waiting);
        }
    }
}
