package io.lilio.catalog;

import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.etcd.SharedEtcd;
import io.lilio.time.SystemTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class EtcdCatalogConcurrencyTest extends CatalogConcurrencyContract {

    @RegisterExtension static final SharedEtcd ETCD = new SharedEtcd();

    private static final SystemTime TIME = new SystemTime();

    @AfterAll
    static void stop() {
        TIME.close();
    }

    @Override
    int steps() {
        return 30;
    }

    @Override
    MetadataStore open() {
        return ETCD.open(TIME);
    }
}
