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

/** Pages of a range. */
final class Scan {

    private Scan() {}

    /**
     * @throws RocksDBException incomplete, when the tier does not hold all that the page needs
     */
    static ScanPage page(
            Database database, Snapshot snapshot, ReadTier tier, KeyRange range, int limit)
            throws RocksDBException {
        List<KeyValue> entries = new ArrayList<>(Math.min(limit, 1_000));
        try (Slice end = new Slice(Stored.dataKey(range.to()));
                ReadOptions options =
                        new ReadOptions()
                                .setSnapshot(snapshot)
                                .setReadTier(tier)
                                .setIterateUpperBound(end);
                RocksIterator at = database.iterate(options)) {
            long bytes = 0;
            for (at.seek(Stored.dataKey(range.from())); at.isValid(); at.next()) {
                if (entries.size() == limit) {
                    return new ScanPage(entries, false);
                }
                Bytes key = Stored.key(at.key());
                KeyValue entry = Stored.entry(key, at.value());
                bytes += key.length() + entry.value().length();
                if (bytes > Limits.MAX_PAGE_BYTES && !entries.isEmpty()) {
                    return new ScanPage(entries, false);
                }
                entries.add(entry);
            }
            at.status();
        }
        return new ScanPage(entries, true);
    }
}
