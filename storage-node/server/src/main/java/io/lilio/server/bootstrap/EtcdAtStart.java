package io.lilio.server.bootstrap;

import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.etcd.EtcdMetadataStore;
import io.lilio.metadata.etcd.EtcdSettings;
import io.lilio.time.SystemTime;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits, before a node opens anything, until its etcd answers: the machines of a cluster may be
 * started in any order. Meanwhile the process is alive and not ready. An etcd that answers and does
 * not let this node in is a mistake that waiting does not mend. Thread-safe.
 */
final class EtcdAtStart {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdAtStart.class);

    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration TELL = Duration.ofSeconds(10);

    private final EtcdSettings settings;

    EtcdAtStart(EtcdSettings settings) {
        this.settings = settings;
    }

    /**
     * @throws MetadataUnavailableException with what etcd said, when it does not let this node in,
     *     or when the thread is interrupted
     */
    void await() {
        try (SystemTime time = new SystemTime();
                EtcdMetadataStore etcd =
                        new EtcdMetadataStore(settings, time, Thread.ofVirtual().factory())) {
            long toldNanos = time.nanos() - TELL.toNanos();
            while (!etcd.answers()) {
                if (time.nanos() - toldNanos >= TELL.toNanos()) {
                    LOG.warn(
                            "waiting for etcd at {}: {}",
                            String.join(", ", settings.endpoints()),
                            etcd.status().away().map(EtcdMetadataStore.Away::why).orElse("busy"));
                    toldNanos = time.nanos();
                }
                pause(time);
            }
        }
    }

    private static void pause(SystemTime time) {
        try {
            time.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MetadataUnavailableException("The start was broken off", e);
        }
    }
}
