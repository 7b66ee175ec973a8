package io.lilio.metadata.rocksdb;

import io.lilio.files.DurableDirectories;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.rocks.RocksMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.Statistics;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The native database, open. Nothing here keeps callers from using it after it was closed, which
 * would take the process down: {@link DatabaseGate} does.
 */
final class Database implements AutoCloseable {

    private final BloomFilter filter;
    private final Options options;
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final ReadOptions cached = new ReadOptions().setReadTier(ReadTier.BLOCK_CACHE_TIER);
    private final ReadOptions anywhere = new ReadOptions();
    private final RocksDB db;

    /**
     * @throws MetadataUnavailableException with a sentence that says what is wrong with the
     *     directory
     */
    Database(Path directory, RocksMemory memory) {
        this(directory, memory, Optional.empty());
    }

    /**
     * @param statistics for tests, which want to know what the native side did; outlive this
     */
    Database(Path directory, RocksMemory memory, Optional<Statistics> statistics) {
        filter = new BloomFilter(10, false);
        options = options(memory, filter);
        statistics.ifPresent(options::setStatistics);
        try {
            DurableDirectories.create(directory);
            db = RocksDB.open(options, directory.toString());
            checkFormat(directory);
        } catch (RocksDBException | IOException e) {
            closeOptions();
            throw new MetadataUnavailableException(sentence(directory, e), e);
        }
    }

    private static Options options(RocksMemory memory, BloomFilter filter) {
        BlockBasedTableConfig table =
                new BlockBasedTableConfig()
                        .setBlockCache(memory.cache())
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setFilterPolicy(filter)
                        .setBlockSize(8 << 10)
                        .setFormatVersion(6);
        return new Options()
                .setCreateIfMissing(true)
                .setWriteBufferManager(memory.memtables())
                .setWriteBufferSize(16 << 20)
                .setMaxWriteBufferNumber(3)
                // Most compares ask for a key that is new, or hot: this answers without a search.
                .setMemtablePrefixBloomSizeRatio(0.05)
                .setMemtableWholeKeyFiltering(true)
                .setTableFormatConfig(table)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setMaxBackgroundJobs(2)
                .setBytesPerSync(1 << 20)
                .setMaxTotalWalSize(64 << 20)
                // A log that is written over needs no new blocks, so its syncs are short.
                .setRecycleLogFileNum(2)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(4 << 20)
                .setKeepLogFileNum(3);
    }

    private void checkFormat(Path directory) throws RocksDBException, IOException {
        byte[] found = get(anywhere, Stored.FORMAT);
        if (found != null && Stored.number(found) != Stored.FORMAT_VERSION) {
            db.close();
            throw new IOException(
                    directory
                            + " was written by another version of Lilio: its format is "
                            + Stored.number(found)
                            + ", this one reads "
                            + Stored.FORMAT_VERSION);
        }
    }

    /** The newest state; what is not in memory fails with {@link #isIncomplete} in that tier. */
    ReadOptions from(ReadTier tier) {
        return tier == ReadTier.READ_ALL_TIER ? anywhere : cached;
    }

    /** May wait for the disk. */
    ReadOptions anywhere() {
        return anywhere;
    }

    static boolean isIncomplete(RocksDBException e) {
        return e.getStatus() != null && e.getStatus().getCode() == Status.Code.Incomplete;
    }

    byte @Nullable [] get(ReadOptions from, byte[] key) throws RocksDBException {
        return db.get(from, key);
    }

    /** 0 when the store is new. */
    long number(ReadOptions from, byte[] key) throws RocksDBException {
        byte[] stored = get(from, key);
        return stored == null ? 0 : Stored.number(stored);
    }

    /** Returns when the batch is on disk. */
    void write(WriteBatch batch) throws RocksDBException {
        db.write(synced, batch);
    }

    RocksIterator iterate(ReadOptions from) {
        return db.newIterator(from);
    }

    Snapshot snapshot() {
        return db.getSnapshot();
    }

    void release(Snapshot snapshot) {
        db.releaseSnapshot(snapshot);
        snapshot.close();
    }

    @Override
    public void close() {
        db.close();
        closeOptions();
    }

    private void closeOptions() {
        anywhere.close();
        cached.close();
        synced.close();
        options.close();
        filter.close();
    }

    private static String sentence(Path directory, Exception e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("lock")) {
            return "the metadata directory "
                    + directory
                    + " is in use: another process, or another store of this one, has it open";
        }
        return "the metadata directory " + directory + " cannot be opened: " + message;
    }
}
