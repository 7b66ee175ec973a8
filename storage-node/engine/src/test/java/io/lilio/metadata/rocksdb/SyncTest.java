package io.lilio.metadata.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.Txn;
import io.lilio.rocks.RocksMemory;
import io.lilio.time.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

/**
 * A process that is killed leaves what it wrote to the page cache, synced or not; so it is RocksDB
 * that is asked how often it has synced its log.
 */
class SyncTest {

    @TempDir Path directory;

    private final RocksMemory memory = new RocksMemory(16 << 20, 4 << 20);
    private final SystemTime time = new SystemTime();
    private final Statistics statistics = new Statistics();

    @AfterEach
    void close() {
        time.close();
        statistics.close();
        memory.close();
    }

    @Test
    void theLogIsSyncedBeforeACommitIsAnswered() {
        try (RocksMetadataStore store = open()) {
            for (int i = 0; i < 30; i++) {
                long before = logSyncs();
                Txn put = Txn.grow().put(bytes("key " + i % 7), bytes("value " + i)).build();
                assertThat(store.commit(put)).isInstanceOf(CommitResult.Committed.class);
                assertThat(logSyncs()).as("syncs after put %d", i).isGreaterThan(before);

                before = logSyncs();
                Txn delete = Txn.upkeep().delete(bytes("key " + i % 7)).build();
                assertThat(store.commit(delete)).isInstanceOf(CommitResult.Committed.class);
                assertThat(logSyncs()).as("syncs after delete %d", i).isGreaterThan(before);
            }
        }
    }

    @Test
    void theLogIsSyncedBeforeALeaseCountsAsRevoked() {
        try (RocksMetadataStore store = open()) {
            LeaseId lease = store.grantLease(Duration.ofMinutes(10));
            store.commit(Txn.grow().put(bytes("leased"), bytes("1"), lease).build());
            long before = logSyncs();
            store.revokeLease(lease);
            assertThat(logSyncs()).isGreaterThan(before);
        }
    }

    private RocksMetadataStore open() {
        return new RocksMetadataStore(
                new RocksMetadataSettings(directory, Duration.ofMinutes(2), 2, 0),
                new Storage(
                        directory, () -> new Database(directory, memory, Optional.of(statistics))),
                time,
                Database::write,
                () -> Long.MAX_VALUE);
    }

    private long logSyncs() {
        return statistics.getTickerCount(TickerType.WAL_FILE_SYNCED);
    }

    private static Bytes bytes(String text) {
        return Bytes.ofUtf8(text);
    }
}
