/**
 * The embedded metadata store: RocksDB with one committer thread that turns a queue of transactions
 * into synced batches.
 *
 * <p>Invariants: only the committer writes; a transaction is answered after the batch that holds it
 * was synced; what a read sees is durable; whoever touches the native database holds it open
 * ({@link io.lilio.metadata.rocksdb.DatabaseGate}).
 */
@NullMarked
package io.lilio.metadata.rocksdb;

import org.jspecify.annotations.NullMarked;
