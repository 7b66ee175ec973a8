package io.lilio.metadata.etcd;

import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.lilio.metadata.MetadataFullException;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Txn;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** etcd's file is so near to its quota that it may not be able to fill its gaps. */
    private static final double TIGHT_SHARE = 0.95;

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** By then etcd has written down, and counts, what it has acknowledged. */
    private static final Duration SETTLING = Duration.ofMillis(150);

    /** What this node writes before it looks again, as a share of the quota. */
    private static final int UNSEEN_PART = 64;

    /** What etcd needs for a key besides its bytes, more or less. */
    private static final int KEY_OVERHEAD = 100;

    private static final long DEFAULT_QUOTA = 2L << 30;

    /** Fields of etcd's StatusResponse that the generated classes do not know yet. */
    private static final int ERRORS = 8;

    private static final int DB_SIZE_IN_USE = 9;

    private static final int DB_SIZE_QUOTA = 12;

    private final EtcdClient client;
    private final Time time;
    private final long configuredQuota;
    private final EtcdHistory history;
    private final AtomicLong unseen = new AtomicLong();
    private final AtomicBoolean hurrying = new AtomicBoolean();
    private volatile Space space;
    private boolean looked;
    private boolean closed;

    /**
     * @param usedBytes in use
     * @param fileBytes of etcd's file; what is not in use is used again
     * @param quotaBytes that etcd's file takes at most
     * @param troubles what etcd says is wrong with it: alarms
     * @param refused whether etcd has refused something for lack of space of late
     */
    record Space(
            long usedBytes,
            long fileBytes,
            long quotaBytes,
            List<String> troubles,
            boolean refused) {

        /** Whether etcd refuses whatever adds something, until somebody lifts that. */
        boolean alarmed() {
            return troubles.stream().anyMatch(each -> each.contains("NOSPACE"));
        }

        boolean nearlyFull() {
            return refused || alarmed() || usedBytes >= GROW_SHARE * quotaBytes;
        }

        boolean tight() {
            return fileBytes >= TIGHT_SHARE * quotaBytes;
        }
    }

    EtcdSpace(EtcdClient client, Time time, long configuredQuota) {
        this.client = client;
        this.time = time;
        this.configuredQuota = configuredQuota;
        this.history = new EtcdHistory(client, time);
        this.space = new Space(0, 0, configuredQuota, List.of(), false);
    }

    Space current() {
        return space;
    }

    /** Looks now, and regularly from then on. */
    void start() {
        look();
        synchronized (this) {
            if (!closed) {
                time.schedule(INTERVAL, this::start);
            }
        }
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

    /** This node has written: what was seen last is out of date before its time. */
    void wrote(Txn txn) {
        long bytes = 0;
        for (var write : txn.writes()) {
            bytes += write.sizeBytes() + KEY_OVERHEAD;
        }
        if (unseen.addAndGet(bytes) > space.quotaBytes() / UNSEEN_PART
                && hurrying.compareAndSet(false, true)) {
            time.schedule(
                    SETTLING,
                    () -> {
                        unseen.set(0);
                        hurrying.set(false);
                        look();
                    });
        }
    }

    /** etcd has refused something for lack of space. */
    void refused() {
        Space now = space;
        space = new Space(now.usedBytes(), now.fileBytes(), now.quotaBytes(), now.troubles(), true);
    }

    private synchronized void look() {
        if (closed) {
            return;
        }
        try {
            StatusResponse status =
                    client.ask(
                            MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance());
            judge(status);
            history.saw(status.getHeader().getRevision());
            if (space.nearlyFull()) {
                history.compact();
                stir();
            }
            history.check();
        } catch (EtcdException | MetadataUnavailableException e) {
            log.debug("etcd does not tell how full it is", e);
        }
    }

    /**
     * What is in use etcd tells as of its latest writes, and nobody writes to a store that is full.
     * A lease that ends by itself makes it write, and leaves nothing.
     */
    private void stir() {
        try {
            client.ask(
                    LeaseGrpc.getLeaseGrantMethod(),
                    LeaseGrantRequest.newBuilder().setTTL(1).build());
        } catch (EtcdException e) {
            log.debug("etcd takes no lease", e);
        }
    }

    private void judge(StatusResponse status) {
        long inUse = unknown(status, DB_SIZE_IN_USE);
        long quota = unknown(status, DB_SIZE_QUOTA);
        Space before = space;
        Space now =
                new Space(
                        inUse > 0 ? inUse : status.getDbSize(),
                        status.getDbSize(),
                        quota > 0 ? quota : configuredQuota,
                        errors(status),
                        false);
        space = now;
        if (!looked) {
            looked = true;
            tellQuota(status.getVersion(), quota);
        }
        tellRoom(before, now);
    }

    private void tellQuota(String version, long quota) {
        if (quota == DEFAULT_QUOTA) {
            log.warn(
                    "etcd {} keeps to its default quota of 2 GiB: --quota-backend-bytes=8589934592"
                            + " is what it is built for",
                    version);
        } else if (quota > 0) {
            log.info("etcd {} takes {} bytes", version, quota);
        } else {
            log.info(
                    "etcd {} does not tell its quota: it is taken to be {} bytes",
                    version,
                    configuredQuota);
        }
    }

    private static void tellRoom(Space before, Space now) {
        if (now.alarmed() && !before.alarmed()) {
            log.error(
                    "etcd is full and takes nothing any more: compact and defragment it or give it"
                            + " a larger quota, then lift its alarm (etcdctl alarm disarm)");
        } else if (now.nearlyFull() && !before.nearlyFull()) {
            log.error(
                    "etcd holds {} of {} bytes: new objects are refused until some are deleted"
                            + " and its history is compacted",
                    now.usedBytes(),
                    now.quotaBytes());
        } else if (!now.nearlyFull() && before.nearlyFull()) {
            log.info("etcd has room again: {} of {} bytes", now.usedBytes(), now.quotaBytes());
        }
        if (now.tight() && !before.tight()) {
            log.warn(
                    "etcd's file has {} of {} bytes, though {} are in use: defragment it",
                    now.fileBytes(),
                    now.quotaBytes(),
                    now.usedBytes());
        }
    }

    private static List<String> errors(StatusResponse status) {
        return status.getUnknownFields().getField(ERRORS).getLengthDelimitedList().stream()
                .map(text -> text.toStringUtf8().strip())
                .toList();
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
