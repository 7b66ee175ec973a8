package io.lilio.metadata.session;

import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.etcd.EtcdMetadataStore;
import io.lilio.metadata.etcd.EtcdProcess;
import io.lilio.time.SystemTime;
import io.lilio.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Leases end by etcd's clock, which no test moves: they are long, and are ended when they have to
 * be.
 */
class EtcdSessionsTest extends SessionsContract {

    private static final AtomicInteger PREFIX = new AtomicInteger();
    private static final SystemTime SYSTEM = new SystemTime();

    private static EtcdProcess etcd;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        etcd = EtcdProcess.start(directory);
    }

    @AfterAll
    static void stop() {
        etcd.close();
        SYSTEM.close();
    }

    @Override
    MetadataStore open(Time time) {
        return new EtcdMetadataStore(
                etcd.settings("/sessions" + PREFIX.incrementAndGet() + "/"),
                SYSTEM,
                Thread.ofVirtual().factory());
    }

    @Override
    SessionSettings settings(String node) {
        return new SessionSettings(
                node, node + ":9002", List.of(), Duration.ofMinutes(10), Duration.ofSeconds(1));
    }

    @Override
    void expire(MetadataStore opened, LeaseId lease) {
        opened.revokeLease(lease);
    }
}
