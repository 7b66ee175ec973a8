package io.lilio.chunk.backend.local;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A sync that serves everybody who asked for one before it began: whoever finds none running runs
 * it for all who wait. After one failure nothing that was asked for is known to be durable, and the
 * operating system may well report success next time (Rebello et al., "Can Applications Recover
 * from fsync Failures?", 2020), so a failure stays. Thread-safe.
 */
final class SharedSync {

    private final Sync sync;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition finished = lock.newCondition();
    private long asked;
    private long done;
    private boolean running;
    private @Nullable IOException failure;

    SharedSync(Sync sync) {
        this.sync = sync;
    }

    /** Returns when a sync that began after this call has succeeded. */
    void await() throws IOException {
        lock.lock();
        try {
            long mine = ++asked;
            while (done < mine) {
                if (failure != null) {
                    throw new IOException("a sync failed before", failure);
                }
                if (running) {
                    finished.awaitUninterruptibly();
                } else {
                    runForAll();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void runForAll() throws IOException {
        long upTo = asked;
        running = true;
        lock.unlock();
        IOException thrown = null;
        try {
            sync.run();
        } catch (IOException e) {
            thrown = e;
        } finally {
            lock.lock();
            running = false;
            finished.signalAll();
        }
        if (thrown != null) {
            failure = thrown;
            throw thrown;
        }
        done = Math.max(done, upTo);
    }

    /** Makes durable what was written before. */
    interface Sync {
        void run() throws IOException;
    }
}
