package io.lilio.metadata.memory;

import io.lilio.metadata.ConcurrencyContract;
import io.lilio.metadata.LeaseContract;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.TransactionContract;
import io.lilio.metadata.ViewContract;
import io.lilio.metadata.WatchContract;
import io.lilio.time.Time;
import org.junit.jupiter.api.Nested;

/** The memory store keeps the contract. */
class MemoryMetadataStoreTest {

    @Nested
    class Transactions extends TransactionContract {
        @Override
        protected MetadataStore open(Time time) {
            return new MemoryMetadataStore(time);
        }
    }

    @Nested
    class Views extends ViewContract {
        @Override
        protected MetadataStore open(Time time) {
            return new MemoryMetadataStore(time);
        }
    }

    @Nested
    class Leases extends LeaseContract {
        @Override
        protected MetadataStore open(Time time) {
            return new MemoryMetadataStore(time);
        }
    }

    @Nested
    class Watches extends WatchContract {
        @Override
        protected MetadataStore open(Time time) {
            return new MemoryMetadataStore(time);
        }
    }

    @Nested
    class Concurrency extends ConcurrencyContract {
        @Override
        protected MetadataStore open(Time time) {
            return new MemoryMetadataStore(time);
        }
    }
}
