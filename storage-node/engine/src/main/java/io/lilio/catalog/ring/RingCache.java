package io.lilio.catalog.ring;

import io.lilio.catalog.Keys;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest ring that this process knows, kept fresh by a watch. Thread-safe.
 *
 * <p>{@link #current()} costs nothing and may be a little old. That is safe: a commit compares that
 * its blob's epoch is open, and a reader that does not find a chunk calls {@link #refresh()} and
 * looks once more (DESIGN §4).
 */
public final class RingCache implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RingCache.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /**
     * Movers settle partition after partition, and all of it is read again: so often at most. Who
     * knows an older one finds what has moved by a refresh.
     */
    private static final Duration SETTLED_DELAY = Duration.ofSeconds(1);

    private final MetadataStore metadata;
    private final RingStore store;
    private final Time time;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock refreshing = new ReentrantLock(true);
    private final AtomicBoolean reloadQueued = new AtomicBoolean();
    private final AtomicBoolean laterQueued = new AtomicBoolean();

    private volatile RingStore.Loaded newest;

    /** How many refreshes have begun; the last of them may be under way. */
    private volatile long begun;

    /** Which refresh ended last, and why it failed if it did. */
    private Ended ended = new Ended(0, null);

    private record Ended(long number, @Nullable RuntimeException failure) {}

    private List<MetadataStore.Watch> watches = List.of();
    private boolean closed;

    private RingCache(MetadataStore metadata, Time time, RingStore.Loaded loaded) {
        this.metadata = metadata;
        this.store = new RingStore(metadata);
        this.time = time;
        this.newest = loaded;
    }

    /**
     * Reads the ring and watches it from then on. A node does so before it serves, and keeps no
     * ring on its disks (rule RESTART_READS_RING): one that was away knows every table by which
     * others may have written to its members meanwhile.
     *
     * @throws IllegalStateException when the metadata knows of no cluster
     */
    public static RingCache open(MetadataStore metadata, Time time) {
        RingStore.Loaded loaded =
                new RingStore(metadata)
                        .read(null)
                        .orElseThrow(() -> new IllegalStateException("the metadata holds no ring"));
        var cache = new RingCache(metadata, time, loaded);
        cache.watch(loaded.revision());
        return cache;
    }

    /** The newest view known here; no call to the store. */
    public RingView current() {
        return newest.view();
    }

    /**
     * Reads the ring from the metadata now. Whoever asks while that is done for others waits, and
     * shares the next reading with all who wait: many may ask at once, when a new epoch is heard of
     * or the metadata are away, and each reading takes several calls.
     *
     * @throws MetadataUnavailableException when that is not possible
     */
    public RingView refresh() {
        long asked = begun;
        refreshing.lock();
        try {
            if (ended.number() <= asked) {
                refreshAlone();
            }
            RuntimeException failure = ended.failure();
            if (failure != null) {
                throw failure;
            }
            return newest.view();
        } finally {
            refreshing.unlock();
        }
    }

    private void refreshAlone() {
        long number = begun + 1;
        begun = number;
        RuntimeException failure = null;
        try {
            reload();
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e; // its own affair: whoever waits reads for itself
            }
            failure = e;
        }
        ended = new Ended(number, failure);
    }

    private void reload() {
        RingStore.Loaded before = newest;
        RingStore.Loaded loaded = read(before.view().ring());
        boolean wentBack = loaded.revision() < before.revision();
        if (wentBack) { // and it was acknowledged that what came later is lost
            loaded = read(null);
        }
        reading.lock();
        try {
            if (wentBack || loaded.revision() > newest.revision()) {
                newest = loaded;
            }
        } finally {
            reading.unlock();
        }
    }

    private RingStore.Loaded read(@Nullable Ring known) {
        return store.read(known)
                .orElseThrow(
                        () ->
                                new MetadataUnavailableException(
                                        "the metadata holds no ring any more", null));
    }

    /**
     * A view that knows a ring epoch, read from the metadata when the current one does not.
     *
     * @throws MetadataUnavailableException when that is not possible, or the metadata know no such
     *     epoch (any more)
     */
    public RingView knowing(long epoch) {
        return find(epoch)
                .orElseThrow(
                        () ->
                                new MetadataUnavailableException(
                                        "the metadata know the ring up to epoch %d, not %d"
                                                .formatted(current().epoch(), epoch),
                                        null));
    }

    /**
     * The same, empty when the metadata know no such epoch (any more): they were put back to before
     * a change of the ring, and what was written under it has stayed.
     *
     * @throws MetadataUnavailableException when they do not answer
     */
    public Optional<RingView> find(long epoch) {
        RingView view = current();
        if (view.epoch() >= epoch) {
            return Optional.of(view);
        }
        return Optional.of(refresh()).filter(read -> read.epoch() >= epoch);
    }

    private void watch(long afterRevision) {
        var ring = new KeyRange(Keys.ring(), Keys.ring().next());
        reading.lock();
        try {
            watches.forEach(MetadataStore.Watch::close);
            if (closed) {
                watches = List.of();
                return;
            }
            var once = new AtomicBoolean();
            Runnable lost =
                    () -> {
                        if (once.compareAndSet(false, true)) {
                            time.schedule(RETRY, this::watchAgain);
                        }
                    };
            watches =
                    List.of(
                            metadata.watch(
                                    ring,
                                    afterRevision,
                                    change -> queueReload(Duration.ZERO),
                                    lost),
                            metadata.watch(
                                    Keys.allSettled(),
                                    afterRevision,
                                    change -> queueReload(SETTLED_DELAY),
                                    lost));
        } finally {
            reading.unlock();
        }
    }

    private void watchAgain() {
        if (isClosed()) {
            return;
        }
        try {
            refresh();
            watch(newest.revision());
        } catch (MetadataUnavailableException e) {
            log.debug("the ring cannot be read, trying again", e);
            time.schedule(RETRY, this::watchAgain);
        }
    }

    private void queueReload(Duration delay) {
        AtomicBoolean queued = delay.isZero() ? reloadQueued : laterQueued;
        if (queued.compareAndSet(false, true)) {
            time.schedule(delay, () -> reloadQueued(queued));
        }
    }

    private void reloadQueued(AtomicBoolean queued) {
        queued.set(false);
        if (isClosed()) {
            return;
        }
        try {
            refresh();
        } catch (MetadataUnavailableException e) {
            log.debug("the changed ring cannot be read, trying again", e);
            time.schedule(RETRY, () -> queueReload(Duration.ZERO));
        }
    }

    private boolean isClosed() {
        reading.lock();
        try {
            return closed;
        } finally {
            reading.unlock();
        }
    }

    /** Ends the watch. Idempotent. */
    @Override
    public void close() {
        reading.lock();
        try {
            closed = true;
            watches.forEach(MetadataStore.Watch::close);
            watches = List.of();
        } finally {
            reading.unlock();
        }
    }
}
