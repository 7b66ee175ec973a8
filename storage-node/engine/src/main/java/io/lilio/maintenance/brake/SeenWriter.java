package io.lilio.maintenance.brake;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to one {@link SeenFile}, one write at a time, on a thread of its own that lasts as long as
 * there is something to write: a medium that hangs holds up nobody else, and has the newest written
 * when it comes back. Thread-safe.
 */
final class SeenWriter {

    private static final Logger log = LoggerFactory.getLogger(SeenWriter.class);
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final SeenFile file;
    private final ThreadFactory threads;
    private @Nullable Seen newest;
    private @Nullable Seen written;

    /** Completed when nothing is left to try; null while nothing is under way. */
    private @Nullable CompletableFuture<Void> writing;

    private boolean hanging;
    private boolean failing;

    SeenWriter(SeenFile file, ThreadFactory threads) {
        this.file = file;
        this.threads = threads;
    }

    /**
     * Has this written, unless the file holds it.
     *
     * @return done when it, or something newer, was written or could not be written; at once while
     *     an earlier write hangs
     */
    synchronized CompletableFuture<Void> write(Seen seen) {
        newest = seen;
        if (writing != null) {
            return hanging ? DONE : writing;
        }
        if (seen.equals(written)) {
            return DONE;
        }
        threads.newThread(this::run).start();
        writing = new CompletableFuture<>();
        return writing;
    }

    /** Whether it was written. */
    synchronized boolean holds(Seen seen) {
        return seen.equals(written);
    }

    /** Says that what is under way, if anything, is taking too long. */
    synchronized void hangs() {
        if (writing != null && !hanging) {
            hanging = true;
            log.warn("writing {} hangs; it is written as soon as its medium answers", file);
        }
    }

    private void run() {
        @Nullable Seen tried = null;
        try {
            for (Seen next = after(tried); next != null; next = after(tried)) {
                store(next);
                tried = next;
            }
        } catch (Error e) { // memory ran out: nobody may wait for ever
            end();
            throw e;
        }
    }

    /**
     * What is newer than what was tried last; when there is nothing, the next write begins anew.
     */
    private synchronized @Nullable Seen after(@Nullable Seen tried) {
        if (newest != null && !newest.equals(tried)) {
            return newest;
        }
        end();
        return null;
    }

    private synchronized void end() {
        if (hanging) {
            log.info("writing {} hangs no more", file);
            hanging = false;
        }
        if (writing != null) {
            writing.complete(null);
            writing = null;
        }
    }

    private void store(Seen seen) {
        try {
            file.store(seen);
            stored(seen);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private synchronized void stored(Seen seen) {
        written = seen;
        failing = false;
    }

    /** The other files hold it; one of a backend that is away must not stop the rest. */
    private synchronized void failed(RuntimeException e) {
        if (failing) {
            log.debug("still could not write {}", file, e);
        } else {
            log.warn("could not remember the metadata's revision in {}: {}", file, e.getMessage());
        }
        failing = true;
    }
}
