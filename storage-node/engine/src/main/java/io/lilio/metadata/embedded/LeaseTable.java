package io.lilio.metadata.embedded;

import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The leases of a store and when they end. It knows nothing of keys: the store removes those when
 * it is told that a lease has ended. Thread-safe.
 *
 * <p>A lease is either alive or ended, and whoever keeps it alive successfully can rely on another
 * full ttl: both are decided under one lock.
 */
public final class LeaseTable implements AutoCloseable {

    /** More are refused. */
    public static final int MAX_LEASES = 10_000;

    private static final class Lease {
        final Duration ttl;
        long deadlineNanos;
        Time.Cancellable timer = () -> {};

        Lease(Duration ttl) {
            this.ttl = ttl;
        }
    }

    private final Time time;
    private final Consumer<LeaseId> ended;
    private final Map<LeaseId, Lease> alive = new HashMap<>();
    private long nextId;
    private boolean closed;

    /**
     * @param firstId no lease of this store ever had this id or a greater one
     * @param ended called once for each lease that nobody kept alive, on a thread of {@code time}
     */
    public LeaseTable(Time time, long firstId, Consumer<LeaseId> ended) {
        this.time = time;
        this.nextId = firstId;
        this.ended = ended;
    }

    /**
     * @throws MetadataUnavailableException when there are too many already
     * @throws IllegalArgumentException unless the ttl is positive
     */
    public synchronized LeaseId grant(Duration ttl) {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("a lease needs a positive ttl, not " + ttl);
        }
        if (closed) {
            throw new MetadataUnavailableException("the metadata store is closed", null);
        }
        if (alive.size() >= MAX_LEASES) {
            throw new MetadataUnavailableException(
                    "the metadata store holds " + MAX_LEASES + " leases and grants no more", null);
        }
        LeaseId id = new LeaseId(nextId++);
        Lease lease = new Lease(ttl);
        lease.deadlineNanos = time.nanos() + ttl.toNanos();
        lease.timer = time.schedule(ttl, () -> expireIfDue(id));
        alive.put(id, lease);
        return id;
    }

    /** False when the lease has ended, or never was. */
    public synchronized boolean keepAlive(LeaseId id) {
        Lease lease = alive.get(id);
        if (lease == null) {
            return false;
        }
        // The timer stays where it is: when it fires it finds the later deadline.
        lease.deadlineNanos = time.nanos() + lease.ttl.toNanos();
        return true;
    }

    public synchronized boolean isAlive(LeaseId id) {
        return alive.containsKey(id);
    }

    /** Ends a lease without telling. False when it had ended already. */
    public synchronized boolean end(LeaseId id) {
        Lease lease = alive.remove(id);
        if (lease == null) {
            return false;
        }
        lease.timer.cancel();
        return true;
    }

    /** Forgets all leases without telling, and grants none from now on. */
    @Override
    public synchronized void close() {
        closed = true;
        alive.values().forEach(lease -> lease.timer.cancel());
        alive.clear();
    }

    private void expireIfDue(LeaseId id) {
        synchronized (this) {
            Lease lease = alive.get(id);
            if (lease == null) {
                return;
            }
            long leftNanos = lease.deadlineNanos - time.nanos();
            if (leftNanos > 0) {
                lease.timer = time.schedule(Duration.ofNanos(leftNanos), () -> expireIfDue(id));
                return;
            }
            alive.remove(id);
        }
        ended.accept(id);
    }
}
