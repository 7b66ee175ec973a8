package io.lilio.catalog.operation;

import io.lilio.catalog.Keys;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Txn;
import io.lilio.time.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to run one kind of maintenance, held by at most one process and kept alive until it is
 * closed or lost. Saves work; safety does not rest on it. Thread-safe.
 */
public final class MaintenanceLease implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MaintenanceLease.class);

    /** To give it back: until it ends by itself, nobody else runs what it is for. */
    private static final int ATTEMPTS = 3;

    private final MetadataStore store;
    private final Time time;
    private final LeaseId lease;
    private final Duration ttl;
    private boolean held = true;
    private Time.Cancellable next = () -> {};

    private MaintenanceLease(MetadataStore store, Time time, LeaseId lease, Duration ttl) {
        this.store = store;
        this.time = time;
        this.lease = lease;
        this.ttl = ttl;
    }

    /**
     * Takes the lease if nobody has it.
     *
     * @param kind of maintenance
     * @param holder who asks, for people
     * @param ttl how long it outlives a process that dies
     * @throws MetadataUnavailableException when it is not known whether it was taken
     */
    public static Optional<MaintenanceLease> tryTake(
            MetadataStore store, Time time, String kind, String holder, Duration ttl) {
        Bytes key = Keys.maintenanceLease(kind);
        LeaseId lease = store.grantLease(ttl);
        CommitResult result;
        try {
            result =
                    store.commit(
                            Txn.upkeep()
                                    .when(new Compare.Absent(key))
                                    .put(key, Bytes.ofUtf8(holder), lease)
                                    .build());
        } catch (RuntimeException e) {
            store.revokeLease(lease);
            throw e;
        }
        return switch (result) {
            case CommitResult.Committed _ -> {
                var taken = new MaintenanceLease(store, time, lease, ttl);
                taken.keepAliveLater();
                yield Optional.of(taken);
            }
            case CommitResult.Refused _ -> {
                store.revokeLease(lease);
                yield Optional.empty();
            }
            case CommitResult.Unknown(Throwable cause) -> {
                store.revokeLease(lease);
                throw new MetadataUnavailableException(
                        "it is not known whether the lease of " + kind + " was taken", cause);
            }
        };
    }

    /** Who holds the lease of a kind now; empty when nobody does. */
    public static Optional<String> holder(MetadataStore store, String kind) {
        return store.read(List.of(Keys.maintenanceLease(kind)))
                .get(0)
                .map(stored -> new String(stored.value().array(), StandardCharsets.UTF_8));
    }

    /** Whether it is still held, as far as this process knows. */
    public synchronized boolean held() {
        return held;
    }

    private synchronized void keepAliveLater() {
        if (held) {
            next = time.schedule(ttl.dividedBy(3), this::keepAlive);
        }
    }

    private void keepAlive() {
        if (!held()) {
            return;
        }
        try {
            if (!store.keepAlive(lease)) {
                lose();
            }
        } catch (MetadataUnavailableException e) {
            log.debug("a maintenance lease could not be kept alive, trying again", e);
        } finally {
            keepAliveLater();
        }
    }

    private synchronized void lose() {
        held = false;
        next.cancel();
    }

    /** Gives it back. Idempotent. */
    @Override
    public void close() {
        if (!held()) {
            return;
        }
        lose();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                store.revokeLease(lease);
                return;
            } catch (MetadataUnavailableException e) {
                log.debug("a maintenance lease could not be given back", e);
            }
        }
        log.info("a maintenance lease could not be given back: it ends by itself");
    }
}
