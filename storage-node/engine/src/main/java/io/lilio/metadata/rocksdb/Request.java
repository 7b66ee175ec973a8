package io.lilio.metadata.rocksdb;

import io.lilio.metadata.CommitResult;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Txn;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Something for the committer to do, and the caller who waits for it. Whether it is still in the
 * queue, in a batch, or answered is one atomic state, so that a deadline always knows whether the
 * outcome is certain.
 */
final class Request {

    /** What is to be done. */
    sealed interface Work {
        record Commit(Txn txn) implements Work {}

        /** Removes the keys of a lease that has ended. */
        record EndLease(LeaseId lease) implements Work {}
    }

    private sealed interface State {
        record Queued() implements State {}

        record InBatch() implements State {}

        record Answered(CommitResult result) implements State {}

        record Failed(RuntimeException cause) implements State {}
    }

    private static final State QUEUED = new State.Queued();
    private static final State IN_BATCH = new State.InBatch();

    private final Work work;
    private final long queuedNanos;
    private final @Nullable Thread caller;
    private final Runnable notDone;
    private final AtomicReference<State> state = new AtomicReference<>(QUEUED);

    /** The calling thread waits for it. */
    Request(Work work, long nowNanos) {
        this.work = work;
        this.queuedNanos = nowNanos;
        this.caller = Thread.currentThread();
        this.notDone = () -> {};
    }

    /**
     * Nobody waits for it.
     *
     * @param notDone run, on any thread, when it was not committed for sure; does not block
     */
    Request(Work work, long nowNanos, Runnable notDone) {
        this.work = work;
        this.queuedNanos = nowNanos;
        this.caller = null;
        this.notDone = notDone;
    }

    Work work() {
        return work;
    }

    long queuedNanos() {
        return queuedNanos;
    }

    /** About the room it takes in the queue and in a batch. */
    long sizeBytes() {
        if (!(work instanceof Work.Commit(Txn txn))) {
            return 0;
        }
        long bytes = 0;
        for (var write : txn.writes()) {
            bytes += write.sizeBytes();
        }
        return bytes;
    }

    /** False when the caller has given up. */
    boolean take() {
        return state.compareAndSet(QUEUED, IN_BATCH);
    }

    void answer(CommitResult result) {
        finish(IN_BATCH, new State.Answered(result));
    }

    void fail(RuntimeException cause) {
        finish(IN_BATCH, new State.Failed(cause));
    }

    /** It never came to a batch: certainly not applied. */
    void refuse(RuntimeException cause) {
        finish(QUEUED, new State.Failed(cause));
    }

    /** Its time is over: certainly not applied when still queued, else unknown. */
    void expire() {
        refuse(
                new MetadataUnavailableException(
                        "the metadata store did not come to a transaction in time", null));
        finish(
                IN_BATCH,
                new State.Answered(
                        new CommitResult.Unknown(
                                new MetadataUnavailableException(
                                        "the metadata store did not write a transaction in time",
                                        null))));
    }

    boolean isFinished() {
        State now = state.get();
        return now instanceof State.Answered || now instanceof State.Failed;
    }

    /** Parks the caller. An interrupt is kept for later: the outcome has to be known. */
    CommitResult await() {
        boolean interrupted = false;
        try {
            while (true) {
                switch (state.get()) {
                    case State.Answered(CommitResult result) -> {
                        return result;
                    }
                    case State.Failed(RuntimeException cause) -> throw cause;
                    case State.Queued _, State.InBatch _ -> {
                        LockSupport.park(this);
                        interrupted |= Thread.interrupted();
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void finish(State from, State to) {
        if (state.compareAndSet(from, to)) {
            LockSupport.unpark(caller);
            if (!(to instanceof State.Answered(CommitResult.Committed _))) {
                notDone.run();
            }
        }
    }
}
