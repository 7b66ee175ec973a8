package io.lilio.metadata.rocksdb;

import io.lilio.metadata.embedded.LeaseTable;
import io.lilio.metadata.embedded.WatchHub;

/**
 * What the committer works with, shared with the store.
 *
 * @param space refuses before the disk is full
 * @param views have to go before the database is closed
 */
record CommitterParts(
        DatabaseGate gate,
        Revisions revisions,
        Views views,
        LeaseTable leases,
        WatchHub watches,
        DiskSpace space) {}
