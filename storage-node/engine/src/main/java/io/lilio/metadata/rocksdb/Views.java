package io.lilio.metadata.rocksdb;

import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/**
 * All views that are open, oldest first: bounded in number and in age, because a snapshot keeps
 * every older value of every key from being cleaned away. Thread-safe.
 */
final class Views {

    static final int MAX_VIEWS = 4_096;
    static final Duration MAX_AGE = Duration.ofMinutes(1);

    private final Time time;
    private final Set<RocksView> open = new LinkedHashSet<>();
    private boolean reaping;

    Views(Time time) {
        this.time = time;
    }

    /** A view of the newest revision. */
    RocksView open(Reads reads) {
        return reads.cachedElseAnywhere((database, tier) -> open(database, tier, reads));
    }

    private RocksView open(Database database, ReadTier tier, Reads reads) throws RocksDBException {
        synchronized (this) {
            if (open.size() >= MAX_VIEWS) {
                throw new MetadataUnavailableException(
                        "the metadata store has " + MAX_VIEWS + " views open and opens no more",
                        null);
            }
        }
        Snapshot snapshot = database.snapshot();
        long revision;
        try (ReadOptions options = new ReadOptions().setSnapshot(snapshot).setReadTier(tier)) {
            revision = database.number(options, Stored.REVISION);
        } catch (RocksDBException e) {
            database.release(snapshot);
            throw e;
        }
        RocksView view = new RocksView(this, reads, snapshot, revision, time);
        synchronized (this) {
            open.add(view);
            if (!reaping) {
                reaping = true;
                time.schedule(MAX_AGE, () -> reap(reads));
            }
        }
        return view;
    }

    synchronized void forget(RocksView view) {
        open.remove(view);
    }

    /** Inside the gate, with nobody else inside, before the database is closed. */
    synchronized void releaseAll(Database database) {
        open.forEach(view -> view.releaseNow(database));
        open.clear();
    }

    /** Ends views that were left open. */
    private void reap(Reads reads) {
        List<RocksView> old = new ArrayList<>();
        synchronized (this) {
            for (RocksView view : open) {
                if (!view.isExpired()) {
                    break;
                }
                old.add(view);
            }
        }
        old.forEach(RocksView::close);
        synchronized (this) {
            reaping = !open.isEmpty();
            if (reaping) {
                time.schedule(MAX_AGE, () -> reap(reads));
            }
        }
    }
}
