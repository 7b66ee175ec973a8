package io.lilio.metadata.embedded;

import io.lilio.metadata.KeyRange;
import io.lilio.metadata.MetadataStore.Change;
import io.lilio.metadata.MetadataStore.Watch;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.watch.QueuedWatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * Tells watches about changes, in order. It remembers a short stretch of the past, so that a watch
 * may begin after a revision that was read a moment ago. Thread-safe; publishing never waits for a
 * listener.
 */
public final class WatchHub implements AutoCloseable {

    /** Watches at the same time. */
    public static final int MAX_WATCHES = 1_024;

    /** Bytes of keys and values that the past holds at most. */
    static final int MAX_PAST_BYTES = 4 * 1024 * 1024;

    private final ThreadFactory threads;
    private final Deque<Change> past = new ArrayDeque<>();
    private final Set<QueuedWatch> watches = new LinkedHashSet<>();
    private long pastBytes;
    private long completeAfter;
    private boolean closed;

    /**
     * @param threads for listeners: one thread for each watch that has something to be told
     * @param revision the store's revision; nothing before it is remembered
     */
    public WatchHub(ThreadFactory threads, long revision) {
        this.threads = threads;
        this.completeAfter = revision;
    }

    /** See {@link io.lilio.metadata.MetadataStore#watch}. */
    public synchronized Watch watch(
            KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost) {
        if (closed) {
            throw new MetadataUnavailableException("the metadata store is closed", null);
        }
        if (watches.size() >= MAX_WATCHES) {
            throw new MetadataUnavailableException(
                    "the metadata store serves " + MAX_WATCHES + " watches and takes no more",
                    null);
        }
        QueuedWatch watch = new QueuedWatch(range, listener, lost, threads);
        if (afterRevision < completeAfter) {
            watch.lose();
            return watch;
        }
        watches.add(watch);
        watch.offer(past.stream().filter(change -> change.revision() > afterRevision).toList());
        return () -> {
            watch.close();
            forget(watch);
        };
    }

    /** Tells about one transaction. Transactions come in order of their revisions. */
    public synchronized void publish(List<Change> changes) {
        for (Change change : changes) {
            past.addLast(change);
            pastBytes += sizeOf(change);
        }
        while (past.size() > QueuedWatch.MAX_CHANGES || pastBytes > MAX_PAST_BYTES) {
            Change oldest = past.removeFirst();
            pastBytes -= sizeOf(oldest);
            // Nothing of a transaction that is cut in half counts as remembered.
            completeAfter = oldest.revision();
        }
        if (watches.isEmpty()) {
            return;
        }
        List<QueuedWatch> over = new ArrayList<>();
        for (QueuedWatch watch : watches) {
            if (!watch.offer(changes)) {
                over.add(watch);
            }
        }
        over.forEach(watches::remove);
    }

    /** All watches are lost: what happened up to a revision is not known here. */
    public synchronized void loseAll(long revision) {
        watches.forEach(QueuedWatch::lose);
        watches.clear();
        past.clear();
        pastBytes = 0;
        completeAfter = revision;
    }

    /** All watches are lost, and none is taken any more. */
    @Override
    public synchronized void close() {
        closed = true;
        loseAll(completeAfter);
    }

    private synchronized void forget(QueuedWatch watch) {
        watches.remove(watch);
    }

    private static long sizeOf(Change change) {
        return (long) change.key().length()
                + change.value().map(entry -> entry.value().length()).orElse(0);
    }
}
