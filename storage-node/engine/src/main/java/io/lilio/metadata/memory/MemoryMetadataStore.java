package io.lilio.metadata.memory;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.LeaseEndedException;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.Limits;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import io.lilio.metadata.embedded.LeaseTable;
import io.lilio.metadata.embedded.WatchHub;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything in memory, nothing durable. One immutable state follows the other, so reads and views
 * wait for nobody. Thread-safe.
 */
public final class MemoryMetadataStore implements MetadataStore {

    private final Time time;
    private final LeaseTable leases;
    private final WatchHub watches;
    private final Map<LeaseId, Set<Bytes>> leasedKeys = new HashMap<>();
    private volatile State state = new State(1, null);
    private volatile boolean closed;

    public MemoryMetadataStore(Time time) {
        this(time, Thread.ofVirtual().name("lilio-metadata-watch").factory());
    }

    /**
     * @param threads for watches
     */
    public MemoryMetadataStore(Time time, ThreadFactory threads) {
        this.time = time;
        this.leases = new LeaseTable(time, 1, this::removeKeysOf);
        this.watches = new WatchHub(threads, state.revision());
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        Limits.checkRead(keys);
        return open().read(keys);
    }

    @Override
    public ReadView view() {
        return new MemoryView(open(), time);
    }

    @Override
    public long revision() {
        return open().revision();
    }

    @Override
    public synchronized CommitResult commit(Txn txn) {
        State before = open();
        for (Compare compare : txn.compares()) {
            if (!before.holds(compare)) {
                return new CommitResult.Refused(before.read(txn.elseReads()));
            }
        }
        for (Write write : txn.writes()) {
            if (write instanceof Write.PutLeased(_, _, LeaseId lease) && !leases.isAlive(lease)) {
                throw new LeaseEndedException(lease);
            }
        }
        return new CommitResult.Committed(apply(before, txn.writes()));
    }

    @Override
    public LeaseId grantLease(Duration ttl) {
        return leases.grant(ttl);
    }

    @Override
    public boolean keepAlive(LeaseId lease) {
        open();
        return leases.keepAlive(lease);
    }

    @Override
    public void revokeLease(LeaseId lease) {
        open();
        if (leases.end(lease)) {
            removeKeysOf(lease);
        }
    }

    @Override
    public Watch watch(
            KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost) {
        return watches.watch(range, afterRevision, listener, lost);
    }

    @Override
    public synchronized void close() {
        closed = true;
        leases.close();
        watches.close();
    }

    private State open() {
        if (closed) {
            throw new MetadataUnavailableException("the metadata store is closed", null);
        }
        return state;
    }

    private synchronized void removeKeysOf(LeaseId lease) {
        Set<Bytes> keys = leasedKeys.get(lease);
        if (keys != null && !closed) {
            apply(state, keys.stream().<Write>map(Write.Delete::new).toList());
        }
    }

    /** Returns the revision afterwards. */
    private long apply(State before, List<Write> writes) {
        long revision = before.revision() + 1;
        KeyTree tree = before.tree();
        List<Change> changes = new ArrayList<>(writes.size());
        for (Write write : writes) {
            Bytes key = write.key();
            Entry old = before.entry(key);
            if (old == null && write instanceof Write.Delete) {
                continue;
            }
            Entry entry = after(write, old, revision);
            moveToLease(key, old, entry);
            tree = entry == null ? KeyTree.remove(tree, key) : KeyTree.put(tree, entry);
            changes.add(new Change(revision, key, Optional.ofNullable(entry).map(Entry::keyValue)));
        }
        if (changes.isEmpty()) {
            return before.revision();
        }
        state = new State(revision, tree);
        watches.publish(changes);
        return revision;
    }

    private static @Nullable Entry after(Write write, @Nullable Entry old, long revision) {
        long created = old == null ? revision : old.keyValue().createRevision();
        return switch (write) {
            case Write.Put(Bytes key, Bytes value) ->
                    new Entry(new KeyValue(key, value, created, revision), null);
            case Write.PutLeased(Bytes key, Bytes value, LeaseId lease) ->
                    new Entry(new KeyValue(key, value, created, revision), lease);
            case Write.Delete(_) -> null;
        };
    }

    private void moveToLease(Bytes key, @Nullable Entry from, @Nullable Entry to) {
        LeaseId left = from == null ? null : from.lease();
        LeaseId joined = to == null ? null : to.lease();
        if (left != null) {
            Set<Bytes> keys = leasedKeys.get(left);
            if (keys != null && keys.remove(key) && keys.isEmpty()) {
                leasedKeys.remove(left);
            }
        }
        if (joined != null) {
            leasedKeys.computeIfAbsent(joined, _ -> new LinkedHashSet<>()).add(key);
        }
    }
}
