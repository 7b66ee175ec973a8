package io.lilio.metadata.rocksdb;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.Limits;
import io.lilio.metadata.ScanPage;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/**
 * One page of a range. What one tier had of it is kept when the rest has to come from another. Used
 * by one thread after the other.
 */
final class Scan {

    /** Room for most keys and values; grows when one is larger. */
    private static final int USUAL_BYTES = 4 * 1024;

    private final KeyRange range;
    private final int limit;
    private final List<KeyValue> entries;
    private byte[] buffer = new byte[USUAL_BYTES];
    private long bytes;

    Scan(KeyRange range, int limit) {
        this.range = range;
        this.limit = limit;
        this.entries = new ArrayList<>(Math.min(limit, 1_024));
    }

    /**
     * The page.
     *
     * @throws RocksDBException incomplete, when the tier does not hold all that the page needs: to
     *     be called again with another
     */
    ScanPage page(Database database, Snapshot snapshot, ReadTier tier) throws RocksDBException {
        try (Slice end = new Slice(Stored.dataKey(range.to()));
                ReadOptions options =
                        new ReadOptions()
                                .setSnapshot(snapshot)
                                .setReadTier(tier)
                                .setIterateUpperBound(end);
                RocksIterator at = database.iterate(options)) {
            for (at.seek(Stored.dataKey(rest())); at.isValid(); at.next()) {
                if (entries.size() == limit) {
                    return new ScanPage(entries, false);
                }
                KeyValue entry = entry(at);
                bytes += entry.key().length() + entry.value().length();
                if (bytes > Limits.MAX_PAGE_BYTES && !entries.isEmpty()) {
                    return new ScanPage(entries, false);
                }
                entries.add(entry);
            }
            at.status();
        }
        return new ScanPage(entries, true);
    }

    private Bytes rest() {
        return entries.isEmpty() ? range.from() : entries.getLast().key().next();
    }

    /** By way of one buffer: the arrays that RocksDB would make are not the ones that are kept. */
    private KeyValue entry(RocksIterator at) {
        int keyBytes = at.key(buffer);
        if (keyBytes > buffer.length) {
            buffer = new byte[keyBytes];
            at.key(buffer);
        }
        Bytes key = Stored.key(buffer, keyBytes);
        int valueBytes = at.value(buffer);
        if (valueBytes > buffer.length) {
            buffer = new byte[valueBytes];
            at.value(buffer);
        }
        return Stored.entry(key, buffer, valueBytes);
    }
}
