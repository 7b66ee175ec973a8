package io.lilio.metadata.rocksdb;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.LeaseId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** Which keys are under which lease, as the committer's batch has it. The committer's alone. */
final class LeasedKeys {

    private final Map<Bytes, LeaseId> leases = new HashMap<>();
    private final Map<LeaseId, Set<Bytes>> keys = new HashMap<>();

    /** As stored. */
    static LeasedKeys load(Database database) throws RocksDBException {
        LeasedKeys loaded = new LeasedKeys();
        try (Slice end = new Slice(Stored.afterLeased());
                ReadOptions options = new ReadOptions().setIterateUpperBound(end);
                RocksIterator at = database.iterate(options)) {
            for (at.seek(Stored.firstLeased()); at.isValid(); at.next()) {
                loaded.set(Stored.key(at.key()), Stored.lease(at.value()));
            }
            at.status();
        }
        return loaded;
    }

    @Nullable LeaseId leaseOf(Bytes key) {
        return leases.get(key);
    }

    /** In the order in which they were put under the lease. */
    List<Bytes> keysOf(LeaseId lease) {
        return List.copyOf(keys.getOrDefault(lease, Set.of()));
    }

    Set<LeaseId> all() {
        return Set.copyOf(keys.keySet());
    }

    void set(Bytes key, @Nullable LeaseId lease) {
        LeaseId left = lease == null ? leases.remove(key) : leases.put(key, lease);
        if (left != null) {
            Set<Bytes> others = keys.get(left);
            if (others != null && others.remove(key) && others.isEmpty()) {
                keys.remove(left);
            }
        }
        if (lease != null) {
            keys.computeIfAbsent(lease, _ -> new LinkedHashSet<>()).add(key);
        }
    }
}
