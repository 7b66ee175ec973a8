package io.lilio.metadata;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The furthest that metadata are known to have been. Reads of the metadata are linearizable: what
 * is answered to a question that was asked after {@link #get} is no less, or else the metadata went
 * back. Thread-safe.
 */
public final class HighWaterMark {

    private final AtomicReference<Progress> highest = new AtomicReference<>(Progress.NONE);

    /** The furthest so far. */
    public Progress get() {
        return highest.get();
    }

    /** Somebody has seen the metadata there; what is less than is known changes nothing. */
    public void raise(Progress seen) {
        highest.updateAndGet(seen::furthest);
    }
}
