package io.lilio.metadata.rocksdb;

/**
 * Since the store was opened.
 *
 * @param committed transactions
 * @param syncs of the log that those took
 * @param waiting transactions in the queue now
 */
public record RocksMetadataStats(long committed, long syncs, int waiting) {}
