package io.lilio.metadata.rocksdb;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.Limits;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import io.lilio.metadata.ViewExpiredException;
import io.lilio.time.Time;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/** A snapshot, until it is closed, a minute old, or its database is. */
final class RocksView implements ReadView {

    /**
     * Pages up to this many keys are tried on the caller's thread, from memory: those of a listing,
     * which asks for one key more than it shows.
     */
    private static final int INLINE_KEYS = 1_024;

    private final Views views;
    private final Reads reads;
    private final Snapshot snapshot;
    private final long revision;
    private final Time time;
    private final long openedNanos;
    private int users;
    private boolean closed;
    private boolean released;

    RocksView(Views views, Reads reads, Snapshot snapshot, long revision, Time time) {
        this.views = views;
        this.reads = reads;
        this.snapshot = snapshot;
        this.revision = revision;
        this.time = time;
        this.openedNanos = time.nanos();
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        Limits.checkRead(keys);
        return reads.cachedElseAnywhere(
                (database, tier) ->
                        using(database, () -> Reads.at(database, snapshot, revision, tier, keys)));
    }

    @Override
    public ScanPage scan(KeyRange range, int limit) {
        Limits.checkScan(limit);
        Scan scan = new Scan(range, limit);
        Reads.Read<ScanPage> page =
                (database, tier) -> using(database, () -> scan.page(database, snapshot, tier));
        return limit <= INLINE_KEYS ? reads.cachedElseAnywhere(page) : reads.anywhere(page);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        views.forget(this);
        reads.ifOpen(this::releaseIfUnused);
    }

    boolean isExpired() {
        return time.nanos() - openedNanos > Views.MAX_AGE.toNanos();
    }

    /** With nobody inside the gate. */
    synchronized void releaseNow(Database database) {
        closed = true;
        if (!released) {
            released = true;
            database.release(snapshot);
        }
    }

    /** Something done with the snapshot, which stays meanwhile. */
    @FunctionalInterface
    private interface Use<T> {
        T get() throws RocksDBException;
    }

    private <T> T using(Database database, Use<T> use) throws RocksDBException {
        synchronized (this) {
            if (closed) {
                throw new ViewExpiredException("the view of revision " + revision + " is closed");
            }
            if (isExpired()) {
                throw new ViewExpiredException(
                        "the view of revision " + revision + " is older than a minute");
            }
            users++;
        }
        try {
            return use.get();
        } finally {
            synchronized (this) {
                users--;
            }
            releaseIfUnused(database);
        }
    }

    private synchronized void releaseIfUnused(Database database) {
        if (closed && users == 0) {
            releaseNow(database);
        }
    }
}
