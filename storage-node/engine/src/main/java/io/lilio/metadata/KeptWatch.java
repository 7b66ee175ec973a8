package io.lilio.metadata;

import io.lilio.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches for as long as it is open: a watch that is lost is begun anew. Tells that something may
 * have changed, not what: whoever is told reads it. Thread-safe.
 */
public final class KeptWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KeptWatch.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final MetadataStore store;
    private final Time time;
    private final What what;
    private final Runnable changed;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean telling = new AtomicBoolean();
    private List<MetadataStore.Watch> watches = List.of();
    private boolean closed;

    /**
     * What is watched.
     *
     * @param name for logs
     * @param heeded which changes are worth telling; called on a thread of the store
     */
    public record What(String name, List<KeyRange> ranges, Predicate<MetadataStore.Change> heeded) {
        public What {
            ranges = List.copyOf(ranges);
        }
    }

    /**
     * Begins at once, or as soon as the store answers.
     *
     * @param changed run soon after each change, and after every beginning of the watch; never
     *     twice at a time. A {@link MetadataUnavailableException} has it run again
     */
    public KeptWatch(MetadataStore store, Time time, What what, Runnable changed) {
        this.store = store;
        this.time = time;
        this.what = what;
        this.changed = changed;
    }

    /** Begins. */
    public void start() {
        time.schedule(Duration.ZERO, this::begin);
    }

    private void begin() {
        try {
            watch(store.revision());
            tell();
        } catch (MetadataUnavailableException e) {
            log.debug("{} cannot be watched, trying again", what.name(), e);
            time.schedule(RETRY, this::begin);
        }
    }

    private void watch(long afterRevision) {
        lock.lock();
        try {
            watches.forEach(MetadataStore.Watch::close);
            watches = List.of();
            if (closed) {
                return;
            }
            var once = new AtomicBoolean();
            Runnable lost =
                    () -> {
                        if (once.compareAndSet(false, true)) {
                            time.schedule(RETRY, this::begin);
                        }
                    };
            watches =
                    what.ranges().stream()
                            .map(range -> store.watch(range, afterRevision, this::heed, lost))
                            .toList();
        } finally {
            lock.unlock();
        }
    }

    private void heed(MetadataStore.Change change) {
        if (what.heeded().test(change)) {
            tell();
        }
    }

    /** Has what is run after a change run soon, as if something had changed. */
    public void tell() {
        if (telling.compareAndSet(false, true)) {
            time.schedule(Duration.ZERO, this::run);
        }
    }

    private void run() {
        if (isClosed()) {
            return;
        }
        turn.lock();
        try {
            // Before it reads: what changes from now on is told once more.
            telling.set(false);
            changed.run();
        } catch (MetadataUnavailableException e) {
            log.debug("what has changed of {} cannot be read, trying again", what.name(), e);
            time.schedule(RETRY, this::tell);
        } finally {
            turn.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the watch. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            watches.forEach(MetadataStore.Watch::close);
            watches = List.of();
        } finally {
            lock.unlock();
        }
    }
}
