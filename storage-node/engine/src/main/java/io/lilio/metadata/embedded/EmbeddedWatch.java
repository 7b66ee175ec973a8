package io.lilio.metadata.embedded;

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
 * is not waited for: the watch is lost then.
 */
final class EmbeddedWatch implements Watch {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedWatch.class);

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

    EmbeddedWatch(KeyRange range, Consumer<Change> listener, Runnable lost, ThreadFactory threads) {
        this.range = range;
        this.listener = listener;
        this.lost = lost;
        this.threads = threads;
    }

    /** False when the watch is over. */
    synchronized boolean offer(List<Change> changes) {
        if (state != State.OPEN) {
            return false;
        }
        for (Change change : changes) {
            if (!range.contains(change.key())) {
                continue;
            }
            if (queue.size() >= WatchHub.MAX_CHANGES) {
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

    synchronized void lose() {
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
