package io.lilio.chunk.backend.local;

import io.lilio.rocks.RocksMemory;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.WriteOptions;

/** How the index is opened, read and written; owns the native objects. */
final class IndexOptions implements AutoCloseable {

    private static final long MEBIBYTE = 1 << 20;

    private final BloomFilter bloom = new BloomFilter(10, false);
    private final Options database = new Options();
    private final ReadOptions reads = new ReadOptions();
    private final ReadOptions cachedReads = new ReadOptions();
    private final WriteOptions unsyncedWrites = new WriteOptions();

    IndexOptions(RocksMemory memory) {
        BlockBasedTableConfig table =
                new BlockBasedTableConfig()
                        .setBlockCache(memory.cache())
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setFilterPolicy(bloom);
        database.setCreateIfMissing(true)
                .setWriteBufferManager(memory.memtables())
                .setWriteBufferSize(8 * MEBIBYTE)
                .setMemtablePrefixBloomSizeRatio(0.02)
                .setMemtableWholeKeyFiltering(true)
                .setMaxTotalWalSize(32 * MEBIBYTE)
                .setTableFormatConfig(table)
                .setMaxOpenFiles(128)
                .setMaxBackgroundJobs(2)
                .setAvoidFlushDuringShutdown(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(MEBIBYTE)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
        cachedReads.setReadTier(ReadTier.BLOCK_CACHE_TIER);
        unsyncedWrites.setSync(false);
    }

    Options database() {
        return database;
    }

    ReadOptions reads() {
        return reads;
    }

    /** Reads that fail as incomplete rather than touch the medium. */
    ReadOptions cachedReads() {
        return cachedReads;
    }

    WriteOptions unsyncedWrites() {
        return unsyncedWrites;
    }

    @Override
    public void close() {
        database.close();
        reads.close();
        cachedReads.close();
        unsyncedWrites.close();
        bloom.close();
    }
}
