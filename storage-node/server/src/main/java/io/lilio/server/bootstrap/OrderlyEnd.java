package io.lilio.server.bootstrap;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the process alive after SIGTERM until it has drained, and health and metrics with it.
 * Quarkus stops the application in the JVM's shutdown hook, beside {@link LilioProcess#run}, and
 * when the hook is done the JVM is gone, whatever other threads are doing: so the hook has to wait.
 * It waits before Quarkus closes anything, for which Quarkus knows a delayed shutdown. Thread-safe.
 */
@Singleton
class OrderlyEnd {

    private static final Logger LOG = LoggerFactory.getLogger(OrderlyEnd.class);

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Runnable asked = () -> {};
    private volatile Duration patience = Duration.ZERO;
    private @Nullable Thread starting; // guarded by this
    private boolean isAsked; // guarded by this

    /**
     * The process has begun its work.
     *
     * @param atMost how long its end may take; a disk that hangs must not keep the process for ever
     */
    void begun(Duration atMost) {
        patience = atMost;
    }

    /**
     * The thread that asks may have to wait for long before its work begins: from now on it is
     * interrupted when the end is asked for, or was already.
     */
    synchronized void beginStart() {
        starting = Thread.currentThread();
        if (isAsked) {
            starting.interrupt();
        }
    }

    /**
     * The thread that asks waits for nothing any more. No interrupt is left over, which would cut
     * short what comes.
     *
     * @return whether the end was asked for meanwhile
     */
    synchronized boolean endStart() {
        starting = null;
        boolean _ = Thread.interrupted();
        return isAsked;
    }

    private synchronized void interruptStart() {
        isAsked = true;
        if (starting != null) {
            starting.interrupt();
        }
    }

    /** What is to be done when the end is asked for, by work that would not end by itself. */
    void whenAsked(Runnable toDo) {
        asked = toDo;
    }

    /**
     * Everything is closed: called by the thread that did the work, which nobody has to ask now.
     */
    void ended() {
        asked = () -> {};
        boolean _ = endStart();
        ended.countDown();
    }

    void await(@Observes ShutdownDelayInitiatedEvent stopping) throws InterruptedException {
        interruptStart();
        asked.run();
        if (!ended.await(patience.toNanos(), TimeUnit.NANOSECONDS) && !patience.isZero()) {
            LOG.error("The end takes longer than {}: the process is left as it is", patience);
        }
    }
}
