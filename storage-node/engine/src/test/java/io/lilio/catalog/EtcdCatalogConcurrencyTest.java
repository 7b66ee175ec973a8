package io.lilio.catalog;

import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.etcd.EtcdMetadataStore;
import io.lilio.metadata.etcd.EtcdProcess;
import io.lilio.time.SystemTime;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class EtcdCatalogConcurrencyTest extends CatalogConcurrencyContract {

    private static final AtomicInteger PREFIX = new AtomicInteger();
    private static final SystemTime TIME = new SystemTime();

    private static EtcdProcess etcd;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        etcd = EtcdProcess.start(directory);
    }

    @AfterAll
    static void stop() {
        etcd.close();
        TIME.close();
    }

    @Override
    int steps() {
        return 30;
    }

    @Override
    MetadataStore open() {
        return new EtcdMetadataStore(
                etcd.settings("/catalog" + PREFIX.incrementAndGet() + "/"),
                TIME,
                Thread.ofVirtual().factory());
    }
}
