package io.lilio.metadata.etcd;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Transactions that are sent as one, each of them nested in it. They must be independent: all their
 * compares see the state before the batch, so none may write what another one writes, compares or
 * reads. Not thread-safe.
 */
final class Batch {

    /** Measured: with more, the wait for the slowest outweighs what is shared. */
    private static final int MAX_TRANSACTIONS = 32;

    private static final int MAX_BYTES = 512 * 1024;

    /** etcd counts what is nested together with what it is nested in. */
    private static final int MAX_NESTED_OPERATIONS = 64;

    private final List<Pending> transactions = new ArrayList<>();
    private final Set<Bytes> written = new HashSet<>();
    private final Set<Bytes> looked = new HashSet<>();
    private final List<KeyRange> ranges = new ArrayList<>();
    private int bytes;
    private boolean full;

    List<Pending> transactions() {
        return transactions;
    }

    /** Takes a transaction, or says no. An empty batch takes any. */
    boolean offer(Pending pending) {
        Txn txn = pending.txn();
        int size = txn.writes().stream().mapToInt(Write::sizeBytes).sum();
        if (!transactions.isEmpty()
                && (full
                        || transactions.size() >= MAX_TRANSACTIONS
                        || bytes + size > MAX_BYTES
                        || !nests(txn)
                        || !independent(txn))) {
            return false;
        }
        transactions.add(pending);
        bytes += size;
        full = !nests(txn);
        txn.writes().forEach(write -> written.add(write.key()));
        looked.addAll(txn.elseReads());
        for (Compare compare : txn.compares()) {
            if (compare instanceof Compare.RangeEmpty(KeyRange range)) {
                ranges.add(range);
            } else {
                looked.add(key(compare));
            }
        }
        return true;
    }

    /** A lease that has ended fails all that is sent with it. */
    private static boolean nests(Txn txn) {
        return txn.writes().stream().noneMatch(Write.PutLeased.class::isInstance)
                && txn.compares().size() <= MAX_NESTED_OPERATIONS
                && txn.writes().size() <= MAX_NESTED_OPERATIONS
                && txn.elseReads().size() <= MAX_NESTED_OPERATIONS;
    }

    private boolean independent(Txn txn) {
        for (Write write : txn.writes()) {
            Bytes key = write.key();
            if (written.contains(key)
                    || looked.contains(key)
                    || ranges.stream().anyMatch(range -> range.contains(key))) {
                return false;
            }
        }
        for (Compare compare : txn.compares()) {
            if (compare instanceof Compare.RangeEmpty(KeyRange range)
                    ? written.stream().anyMatch(range::contains)
                    : written.contains(key(compare))) {
                return false;
            }
        }
        return txn.elseReads().stream().noneMatch(written::contains);
    }

    private static Bytes key(Compare compare) {
        return switch (compare) {
            case Compare.Absent(Bytes key) -> key;
            case Compare.Present(Bytes key) -> key;
            case Compare.ModRevision(Bytes key, _) -> key;
            case Compare.CreateRevision(Bytes key, _) -> key;
            case Compare.ValueEquals(Bytes key, _) -> key;
            case Compare.RangeEmpty(KeyRange range) -> range.from();
        };
    }
}
