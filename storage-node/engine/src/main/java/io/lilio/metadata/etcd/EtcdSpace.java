package io.lilio.metadata.etcd;

import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.lilio.metadata.MetadataFullException;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Txn;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How full etcd is. New data stop at 80 % of its quota, so that deleting, which writes a little,
 * goes on until there is room again. What counts is the space in use: what was freed stays in
 * etcd's file and is used again. Thread-safe.
 */
final class EtcdSpace {

    private static final Logger log = LoggerFactory.getLogger(EtcdSpace.class);

    static final double GROW_SHARE = 0.8;
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final long MIN_UNSEEN = 1 << 20;

    /** Fields of etcd's StatusResponse that the generated classes do not know yet. */
    private static final int DB_SIZE_IN_USE = 9;

    private static final int DB_SIZE_QUOTA = 12;

    private final EtcdClient client;
    private final Time time;
    private final long configuredQuota;
    private final AtomicLong unseen = new AtomicLong();
    private volatile Space space;
    private boolean closed;

    /**
     * @param usedBytes in use
     * @param quotaBytes that etcd takes at most
     * @param refused whether etcd has refused something for lack of space of late
     */
    record Space(long usedBytes, long quotaBytes, boolean refused) {
        boolean nearlyFull() {
            return refused || usedBytes >= GROW_SHARE * quotaBytes;
        }
    }

    EtcdSpace(EtcdClient client, Time time, long configuredQuota) {
        this.client = client;
        this.time = time;
        this.configuredQuota = configuredQuota;
        this.space = new Space(0, configuredQuota, false);
    }

    Space current() {
        return space;
    }

    /** Looks now, and regularly from then on. */
    void start() {
        look();
    }

    /**
     * @throws MetadataFullException when there is no room for the purpose
     */
    void require(Txn.Purpose purpose) {
        Space now = space;
        if (purpose == Txn.Purpose.GROW && now.nearlyFull()) {
            throw new MetadataFullException(
                    "etcd holds %d of %d bytes: new data are refused from %d %% on"
                            .formatted(
                                    now.usedBytes(),
                                    now.quotaBytes(),
                                    Math.round(GROW_SHARE * 100)));
        }
    }

    /** This node has written so much: what was seen last is out of date before its time. */
    void wrote(long bytes) {
        Space now = space;
        long margin = (long) (GROW_SHARE * now.quotaBytes()) - now.usedBytes();
        if (unseen.addAndGet(bytes) > Math.max(MIN_UNSEEN, margin / 8)) {
            unseen.set(0);
            time.schedule(Duration.ZERO, this::ask);
        }
    }

    /** etcd has refused something for lack of space. */
    void refused() {
        Space now = space;
        space = new Space(now.usedBytes(), now.quotaBytes(), true);
    }

    private void look() {
        ask();
        synchronized (this) {
            if (!closed) {
                time.schedule(INTERVAL, this::look);
            }
        }
    }

    private void ask() {
        try {
            StatusResponse status =
                    client.ask(
                            MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance());
            judge(status);
        } catch (EtcdException | MetadataUnavailableException e) {
            log.debug("etcd does not tell how full it is", e);
        }
    }

    private synchronized void judge(StatusResponse status) {
        long inUse = unknown(status, DB_SIZE_IN_USE);
        long quota = unknown(status, DB_SIZE_QUOTA);
        Space before = space;
        Space now =
                new Space(
                        inUse > 0 ? inUse : status.getDbSize(),
                        quota > 0 ? quota : configuredQuota,
                        false);
        space = now;
        if (now.nearlyFull() != before.nearlyFull()) {
            if (now.nearlyFull()) {
                log.error(
                        "etcd holds {} of {} bytes: new objects are refused until some are deleted"
                                + " and its history is compacted",
                        now.usedBytes(),
                        now.quotaBytes());
            } else {
                log.info("etcd has room again: {} of {} bytes", now.usedBytes(), now.quotaBytes());
            }
        }
    }

    private static long unknown(StatusResponse status, int field) {
        UnknownFieldSet unknown = status.getUnknownFields();
        List<Long> values = unknown.getField(field).getVarintList();
        return values.isEmpty() ? 0 : values.getLast();
    }

    synchronized void close() {
        closed = true;
    }
}
