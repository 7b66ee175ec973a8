package io.lilio.replication;

import java.util.concurrent.CompletionStage;

/** One chunk on its way to its members. Thread-safe. */
public final class ChunkWrite {

    ChunkWrite() {}

    /**
     * Waits until W members have the chunk durably, or until that has become impossible. An
     * interrupt does not end the wait; deadlines do.
     *
     * @throws io.lilio.ObjectStoreException UNAVAILABLE when fewer than W members can take it,
     *     STORAGE_FULL or SLOW_DOWN when that is because they are full or overloaded. The caller
     *     rolls the blob back
     */
    public void await() {
        throw new UnsupportedOperationException();
    }

    /** How it stands. */
    public WriteOutcome outcome() {
        throw new UnsupportedOperationException();
    }

    /** Completes, never exceptionally, when no member's answer is open any more. */
    public CompletionStage<WriteOutcome> completion() {
        throw new UnsupportedOperationException();
    }
}
