package io.lilio.metadata;

/** A transaction puts a key under a lease that has ended; nothing was applied. */
public final class LeaseEndedException extends RuntimeException {

    public LeaseEndedException(LeaseId lease) {
        super("lease " + lease.value() + " has ended");
    }
}
