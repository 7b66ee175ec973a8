package io.lilio.metadata.rocksdb;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.LeaseEndedException;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore.Change;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import io.lilio.metadata.embedded.LeaseTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;

/**
 * Transactions that become durable together. Each sees the database and what those before it in
 * this batch have written, and has its own revision. The committer's alone.
 */
final class Batch {

    private final Database database;
    private final Recent recent;
    private final LeasedKeys leased;
    private final NavigableMap<Bytes, Optional<KeyValue>> written = new TreeMap<>();
    private final Map<Bytes, Optional<LeaseId>> leaseMoves = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private long revision;

    /**
     * @param revision what is applied
     */
    Batch(Database database, Recent recent, LeasedKeys leased, long revision) {
        this.database = database;
        this.recent = recent;
        this.leased = leased;
        this.revision = revision;
    }

    /**
     * Decides one transaction. When it throws, nothing of the transaction is in the batch.
     *
     * @throws LeaseEndedException see {@link io.lilio.metadata.MetadataStore#commit}
     */
    CommitResult decide(Txn txn, LeaseTable leases) throws RocksDBException {
        for (Compare compare : txn.compares()) {
            if (!holds(compare)) {
                return new CommitResult.Refused(read(txn.elseReads()));
            }
        }
        for (Write write : txn.writes()) {
            if (write instanceof Write.PutLeased(_, _, LeaseId lease) && !leases.isAlive(lease)) {
                throw new LeaseEndedException(lease);
            }
        }
        apply(txn.writes());
        return new CommitResult.Committed(revision);
    }

    /** Removes all keys of a lease. */
    void endLease(LeaseId lease) throws RocksDBException {
        apply(leased.keysOf(lease).stream().<Write>map(Write.Delete::new).toList());
    }

    boolean isEmpty() {
        return written.isEmpty();
    }

    /** Of the last transaction that changed something. */
    long revision() {
        return revision;
    }

    /** In order. */
    List<Change> changes() {
        return changes;
    }

    void fill(WriteBatch target) throws RocksDBException {
        for (var entry : written.entrySet()) {
            Bytes key = entry.getKey();
            if (entry.getValue().isPresent()) {
                target.put(Stored.dataKey(key), Stored.value(entry.getValue().get()));
            } else {
                target.delete(Stored.dataKey(key));
            }
        }
        for (var move : leaseMoves.entrySet()) {
            byte[] key = Stored.leasedKey(move.getKey());
            if (move.getValue().isPresent()) {
                target.put(key, Stored.number(move.getValue().get().value()));
            } else {
                target.delete(key);
            }
        }
        target.put(Stored.REVISION, Stored.number(revision));
    }

    /** It is about to be written. */
    void begin() {
        recent.change(written.keySet());
    }

    /** It was written: that is what is so. */
    void remember() {
        recent.changed(revision, written);
    }

    private boolean holds(Compare compare) throws RocksDBException {
        return switch (compare) {
            case Compare.Absent(Bytes key) -> get(key).isEmpty();
            case Compare.Present(Bytes key) -> get(key).isPresent();
            case Compare.ModRevision(Bytes key, long expected) ->
                    get(key).filter(found -> found.modRevision() == expected).isPresent();
            case Compare.CreateRevision(Bytes key, long expected) ->
                    get(key).filter(found -> found.createRevision() == expected).isPresent();
            case Compare.ValueEquals(Bytes key, Bytes expected) ->
                    get(key).filter(found -> found.value().equals(expected)).isPresent();
            case Compare.RangeEmpty(KeyRange range) -> isEmpty(range);
        };
    }

    private ReadResult read(List<Bytes> keys) throws RocksDBException {
        List<Optional<KeyValue>> values = new ArrayList<>(keys.size());
        for (Bytes key : keys) {
            values.add(get(key));
        }
        return new ReadResult(revision, values);
    }

    private Optional<KeyValue> get(Bytes key) throws RocksDBException {
        if (written.containsKey(key)) {
            return written.get(key);
        }
        Recent.Known known = recent.find(key);
        if (known != null) {
            return known.value();
        }
        byte[] stored = database.get(database.anywhere(), Stored.dataKey(key));
        Optional<KeyValue> found =
                stored == null ? Optional.empty() : Optional.of(Stored.entry(key, stored));
        recent.learn(key, found);
        return found;
    }

    private boolean isEmpty(KeyRange range) throws RocksDBException {
        if (range.isEmpty()) {
            return true;
        }
        NavigableMap<Bytes, Optional<KeyValue>> inBatch =
                written.subMap(range.from(), true, range.to(), false);
        if (inBatch.values().stream().anyMatch(Optional::isPresent)) {
            return false;
        }
        try (Slice end = new Slice(Stored.dataKey(range.to()));
                ReadOptions options = new ReadOptions().setIterateUpperBound(end);
                RocksIterator at = database.iterate(options)) {
            at.seek(Stored.dataKey(range.from()));
            while (at.isValid() && inBatch.containsKey(Stored.key(at.key()))) {
                at.next();
            }
            at.status();
            return !at.isValid();
        }
    }

    private void apply(List<Write> writes) throws RocksDBException {
        // Everything that can fail comes before the first change.
        List<Optional<KeyValue>> before = new ArrayList<>(writes.size());
        boolean effect = false;
        for (Write write : writes) {
            Optional<KeyValue> old = get(write.key());
            before.add(old);
            effect |= old.isPresent() || !(write instanceof Write.Delete);
        }
        if (!effect) {
            return;
        }
        revision++;
        for (int i = 0; i < writes.size(); i++) {
            apply(writes.get(i), before.get(i));
        }
    }

    private void apply(Write write, Optional<KeyValue> before) {
        Bytes key = write.key();
        Optional<KeyValue> after =
                switch (write) {
                    case Write.Put(_, Bytes value) -> Optional.of(entry(key, value, before));
                    case Write.PutLeased(_, Bytes value, _) ->
                            Optional.of(entry(key, value, before));
                    case Write.Delete _ -> Optional.empty();
                };
        LeaseId lease = write instanceof Write.PutLeased(_, _, LeaseId joined) ? joined : null;
        if (!Objects.equals(leased.leaseOf(key), lease)) {
            leased.set(key, lease);
            leaseMoves.put(key, Optional.ofNullable(lease));
        }
        if (before.isPresent() || after.isPresent()) {
            written.put(key, after);
            changes.add(new Change(revision, key, after));
        }
    }

    private KeyValue entry(Bytes key, Bytes value, Optional<KeyValue> before) {
        return new KeyValue(
                key, value, before.map(KeyValue::createRevision).orElse(revision), revision);
    }
}
