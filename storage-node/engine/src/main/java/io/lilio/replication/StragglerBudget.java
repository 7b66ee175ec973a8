package io.lilio.replication;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much buffer memory is held by writes that have their quorum (or have lost it) and only wait
 * for members that are behind. It is counted, not enforced: memory that I/O uses cannot be taken
 * from it. While the budget is exhausted, members that are behind get no new writes. Thread-safe.
 */
final class StragglerBudget {

    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    StragglerBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    void hold(int bytes) {
        heldBytes.addAndGet(bytes);
    }

    void release(int bytes) {
        heldBytes.addAndGet(-bytes);
    }

    boolean exhausted() {
        return heldBytes.get() >= limitBytes;
    }

    long heldBytes() {
        return heldBytes.get();
    }
}
