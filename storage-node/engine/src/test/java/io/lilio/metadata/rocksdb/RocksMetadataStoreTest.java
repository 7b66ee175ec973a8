package io.lilio.metadata.rocksdb;

import io.lilio.metadata.ConcurrencyContract;
import io.lilio.metadata.LeaseContract;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.TransactionContract;
import io.lilio.metadata.ViewContract;
import io.lilio.metadata.WatchContract;
import io.lilio.rocks.RocksMemory;
import io.lilio.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The RocksDB store keeps the contract. */
class RocksMetadataStoreTest {

    @TempDir Path directory;

    private final RocksMemory memory = new RocksMemory(16 << 20, 4 << 20);

    @AfterEach
    void closeMemory() {
        memory.close();
    }

    private MetadataStore openStore(Time time) {
        return new RocksMetadataStore(
                new RocksMetadataSettings(directory, Duration.ofSeconds(10), 2, 0), memory, time);
    }

    @Nested
    class Transactions extends TransactionContract {
        @Override
        protected MetadataStore open(Time time) {
            return openStore(time);
        }
    }

    @Nested
    class Views extends ViewContract {
        @Override
        protected MetadataStore open(Time time) {
            return openStore(time);
        }
    }

    @Nested
    class Leases extends LeaseContract {
        @Override
        protected MetadataStore open(Time time) {
            return openStore(time);
        }
    }

    @Nested
    class Watches extends WatchContract {
        @Override
        protected MetadataStore open(Time time) {
            return openStore(time);
        }
    }

    @Nested
    class Concurrency extends ConcurrencyContract {
        @Override
        protected MetadataStore open(Time time) {
            return openStore(time);
        }
    }
}
