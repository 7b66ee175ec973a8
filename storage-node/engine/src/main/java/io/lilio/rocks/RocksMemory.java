package io.lilio.rocks;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The native memory of all RocksDB databases of this process: one block cache that also pays for
 * their memtables, so that the sum is bounded however many databases there are (RocksDB wiki,
 * "Write Buffer Manager", "cost memory used in memtable to block cache").
 *
 * <p>Every database sets {@link #cache} in its table options and {@link #memtables} in its database
 * options, and keeps index and filter blocks in the cache. Closed after the last of them.
 * Thread-safe.
 */
public final class RocksMemory implements AutoCloseable {

    static {
        RocksDB.loadLibrary();
    }

    private final Cache cache;
    private final WriteBufferManager memtables;

    /**
     * @param totalBytes what blocks and memtables take together, at least 8 MiB
     * @param memtableBytes the part of it that memtables may take before the largest is flushed
     */
    public RocksMemory(long totalBytes, long memtableBytes) {
        if (totalBytes < (8 << 20) || memtableBytes < (1 << 20) || memtableBytes >= totalBytes) {
            throw new IllegalArgumentException(
                    "RocksDB cannot share %d bytes of which %d are memtables"
                            .formatted(totalBytes, memtableBytes));
        }
        cache = new LRUCache(totalBytes);
        memtables = new WriteBufferManager(memtableBytes, cache);
    }

    /** 64 MiB, of which 24 MiB may be memtables. */
    public static RocksMemory withDefaults() {
        return new RocksMemory(64 << 20, 24 << 20);
    }

    /** The block cache. */
    public Cache cache() {
        return cache;
    }

    /** The bound of all memtables together. */
    public WriteBufferManager memtables() {
        return memtables;
    }

    @Override
    public void close() {
        memtables.close();
        cache.close();
    }
}
