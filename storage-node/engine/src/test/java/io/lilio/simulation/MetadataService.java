package io.lilio.simulation;

import io.lilio.metadata.CommitResult;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.Txn;
import io.lilio.metadata.memory.MemoryMetadataStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The metadata as a process of their own, on the store in memory. It ends leases itself and keeps a
 * log of all that changed the store, so that an older state can be restored: the one after so many
 * of its changes.
 */
final class MetadataService {

    private final Scheduler scheduler;
    private final GroundTruth truth;
    private final SimulatedProcess process;
    private final List<Change> log = new ArrayList<>();
    private final Map<LeaseId, Lease> leases = new LinkedHashMap<>();
    private MemoryMetadataStore store;
    private Runnable leaseEnded = () -> {};

    /** Something that changed the store. */
    private sealed interface Change {
        record Granted(String holder, Duration ttl) implements Change {}

        record Applied(Txn txn) implements Change {}

        record Ended(LeaseId lease) implements Change {}
    }

    private record Lease(String holder, Duration ttl, Runnable end) {}

    MetadataService(Scheduler scheduler, GroundTruth truth) {
        this.truth = truth;
        this.scheduler = scheduler;
        this.process = new SimulatedProcess(scheduler, "metadata");
        this.store = empty();
    }

    private MemoryMetadataStore empty() {
        return new MemoryMetadataStore(new LeaselessTime(process.time()), process.threads());
    }

    SimulatedProcess process() {
        return process;
    }

    /** The truth, without a network before it. */
    MemoryMetadataStore store() {
        return store;
    }

    CommitResult commit(Txn txn) {
        truth.beforeCommit(txn);
        CommitResult result = store.commit(txn);
        truth.afterCommit(txn);
        if (result instanceof CommitResult.Committed) {
            log.add(new Change.Applied(txn));
        }
        return result;
    }

    LeaseId grant(String holder, Duration ttl) {
        LeaseId id = store.grantLease(ttl);
        log.add(new Change.Granted(holder, ttl));
        leases.put(id, new Lease(holder, ttl, endAfter(id, ttl)));
        return id;
    }

    boolean keepAlive(LeaseId id) {
        Lease lease = leases.get(id);
        if (lease == null) {
            return false;
        }
        lease.end().run();
        leases.put(id, new Lease(lease.holder(), lease.ttl(), endAfter(id, lease.ttl())));
        return true;
    }

    void end(LeaseId id) {
        Lease lease = leases.remove(id);
        if (lease != null) {
            lease.end().run();
            store.revokeLease(id);
            log.add(new Change.Ended(id));
            leaseEnded.run();
        }
    }

    /** Has somebody told of every lease that has ended. */
    void onLeaseEnd(Runnable told) {
        leaseEnded = told;
    }

    private Runnable endAfter(LeaseId id, Duration ttl) {
        return scheduler.after(ttl, process, () -> end(id));
    }

    /** Some lease ends although its holder lives. */
    boolean endAny(Random random) {
        if (leases.isEmpty()) {
            return false;
        }
        List<LeaseId> all = List.copyOf(leases.keySet());
        end(all.get(random.nextInt(all.size())));
        return true;
    }

    /** All leases of somebody end. */
    void endAllOf(String holder) {
        List.copyOf(leases.entrySet()).stream()
                .filter(lease -> lease.getValue().holder().equals(holder))
                .forEach(lease -> end(lease.getKey()));
    }

    /** How many changes there were. */
    int changes() {
        return log.size();
    }

    /**
     * Goes back to the state after so many changes, with the leases that there were then. Whoever
     * watches has to begin anew.
     *
     * @return what was left
     */
    MemoryMetadataStore rollBack(int changes) {
        MemoryMetadataStore newest = store;
        MemoryMetadataStore older = empty();
        Map<LeaseId, Change.Granted> alive = new LinkedHashMap<>();
        for (Change change : log.subList(0, changes)) {
            switch (change) {
                case Change.Granted granted -> alive.put(older.grantLease(granted.ttl()), granted);
                case Change.Applied(Txn txn) -> older.commit(txn);
                case Change.Ended(LeaseId lease) -> {
                    older.revokeLease(lease);
                    alive.remove(lease);
                }
            }
        }
        store = older;
        leases.values().forEach(lease -> lease.end().run());
        leases.clear();
        alive.forEach(
                (id, granted) ->
                        leases.put(
                                id,
                                new Lease(
                                        granted.holder(),
                                        granted.ttl(),
                                        endAfter(id, granted.ttl()))));
        return newest;
    }

    /** Puts back what {@link #rollBack} left, to be looked at. */
    void restore(MemoryMetadataStore newest) {
        store = newest;
    }
}
