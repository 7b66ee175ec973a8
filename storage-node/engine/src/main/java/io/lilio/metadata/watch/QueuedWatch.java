package io.lilio.metadata.watch;

import io.lilio.metadata.KeyRange;
import io.lilio.metadata.MetadataStore.Change;
import io.lilio.metadata.MetadataStore.Watch;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch: a bounded queue, and a thread as long as there is something in it. What does not fit
 * is not waited for: the watch is lost then. Thread-safe.
 */
public final class QueuedWatch implements Watch {

    /** Changes that a watch may lie behind, at most. */
    public static final int MAX_CHANGES = 4_096;

    private static final Logger log = LoggerFactory.getLogger(QueuedWatch.class);

    private enum State {
        OPEN,
        /** Lost, but the listener is still to be told what came before, and then of the loss. */
        LOSING,
        OVER
    }

    private final KeyRange range;
    private final Consumer<Change> listener;
    private final Runnable lost;
    private final ThreadFactory threads;
    private final Queue<Change> queue = new ArrayDeque<>();
    private State state = State.OPEN;
    private boolean telling;

    /**
     * @param listener told of changes in the range, in order, on a thread of its own
     * @param lost run once when the watch is lost, never after {@link #close()}
     */
    public QueuedWatch(
            KeyRange range, Consumer<Change> listener, Runnable lost, ThreadFactory threads) {
        this.range = range;
        this.listener = listener;
        this.lost = lost;
        this.threads = threads;
    }

    /**
     * Takes changes in order of their revisions, those of other ranges among them.
     *
     * @return false when the watch is over
     */
    public synchronized boolean offer(List<Change> changes) {
        if (state != State.OPEN) {
            return false;
        }
        for (Change change : changes) {
            if (!range.contains(change.key())) {
                continue;
            }
            if (queue.size() >= MAX_CHANGES) {
                lose();
                return false;
            }
            queue.add(change);
        }
        if (!queue.isEmpty()) {
            tell();
        }
        return true;
    }

    /** Changes may have been missed: once what came before is told, the watch is over. */
    public synchronized void lose() {
        if (state == State.OPEN) {
            state = State.LOSING;
            tell();
        }
    }

    @Override
    public synchronized void close() {
        state = State.OVER;
        queue.clear();
    }

    private synchronized void tell() {
        if (!telling) {
            telling = true;
            threads.newThread(this::tellAll).start();
        }
    }

    private void tellAll() {
        while (true) {
            Change next;
            synchronized (this) {
                next = queue.poll();
                if (next == null) {
                    if (state == State.LOSING) {
                        break;
                    }
                    telling = false;
                    return;
                }
            }
            try {
                listener.accept(next);
            } catch (RuntimeException e) {
                log.error("a watch's listener failed at revision {}", next.revision(), e);
                synchronized (this) {
                    queue.clear();
                    state = state == State.OPEN ? State.LOSING : state;
                }
            }
        }
        synchronized (this) {
            state = State.OVER;
        }
        try {
            lost.run();
        } catch (RuntimeException e) {
            log.error("a watch that was lost could not be taken up again", e);
        }
    }
}
