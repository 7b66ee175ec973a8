package io.lilio.metadata.etcd;

import io.lilio.metadata.ConcurrencyContract;
import io.lilio.metadata.LeaseContract;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.TransactionContract;
import io.lilio.metadata.ViewContract;
import io.lilio.metadata.WatchContract;
import io.lilio.time.Time;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The store on a real etcd keeps the contract; each test has a prefix of its own. */
class EtcdMetadataStoreTest {

    @RegisterExtension static final SharedEtcd ETCD = new SharedEtcd();

    @Nested
    class Transactions extends TransactionContract {
        @Override
        protected MetadataStore open(Time time) {
            return ETCD.open(time);
        }
    }

    @Nested
    class Views extends ViewContract {
        @Override
        protected MetadataStore open(Time time) {
            return ETCD.open(time);
        }
    }

    @Nested
    class Leases extends LeaseContract {
        @Override
        protected MetadataStore open(Time time) {
            return ETCD.open(time);
        }

        @Override
        protected Duration ttl() {
            return Duration.ofSeconds(2);
        }

        @Override
        protected void pass(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }
    }

    @Nested
    class Watches extends WatchContract {
        @Override
        protected MetadataStore open(Time time) {
            return ETCD.open(time);
        }

        @Override
        protected Duration ttl() {
            return Duration.ofSeconds(1);
        }

        @Override
        protected void pass(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }

        @Override
        protected void forgetThePast() {
            ETCD.process().compact();
        }
    }

    @Nested
    class Concurrency extends ConcurrencyContract {
        @Override
        protected MetadataStore open(Time time) {
            return ETCD.open(time);
        }
    }
}
