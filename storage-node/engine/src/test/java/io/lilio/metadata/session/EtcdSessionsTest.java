package io.lilio.metadata.session;

import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.etcd.SharedEtcd;
import io.lilio.time.SystemTime;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Leases end by etcd's clock, which no test moves: they are long, and are ended when they have to
 * be.
 */
class EtcdSessionsTest extends SessionsContract {

    @RegisterExtension static final SharedEtcd ETCD = new SharedEtcd();

    private static final SystemTime SYSTEM = new SystemTime();

    @AfterAll
    static void stop() {
        SYSTEM.close();
    }

    @Override
    MetadataStore open(Time time) {
        return ETCD.open(SYSTEM);
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
