package io.lilio.server.bootstrap;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps virtual threads running while calls to a disk hang. A virtual thread that reads a file
 * holds its carrier until the kernel answers, and there are as many carriers as processors: as many
 * hung reads would stop every request, deadline and probe. A thread of the platform's own sends a
 * heartbeat through the virtual threads; when it does not come back, the scheduler gets more
 * carriers, and fewer again once the calls have ended.
 *
 * <p>The machine being busy looks the same and gets more carriers too, which does no harm.
 */
final class CarrierWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CarrierWatch.class);

    /** How long a heartbeat may take, and how often there is one. */
    static final Duration PERIOD = Duration.ofMillis(200);

    /** The scheduler's own limit unless it is configured. */
    static final int MOST_CARRIERS = 256;

    /** Threads whose queues are tried at once. */
    private static final int WAKERS = 4;

    /** Heartbeats in time before there are fewer carriers. */
    private static final int CALM = 50;

    private final VirtualThreadSchedulerMXBean scheduler =
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    private final int usual = scheduler.getParallelism();
    private final Thread thread;
    private volatile long beat;
    private volatile boolean closed;

    CarrierWatch() {
        thread = Thread.ofPlatform().daemon().name("lilio-carriers").start(this::watch);
    }

    private void watch() {
        long sent = 0;
        int inTime = 0;
        while (!closed) {
            if (beat == sent) {
                sent++;
                long number = sent;
                Thread.ofVirtual().name("lilio-heartbeat").start(() -> beat = number);
            }
            LockSupport.parkNanos(this, PERIOD.toNanos());
            if (beat == sent) {
                inTime++;
                if (inTime >= CALM && scheduler.getParallelism() > usual) {
                    inTime = 0;
                    useFewer();
                }
            } else {
                inTime = 0;
                useMore();
            }
        }
    }

    private void useMore() {
        int now = scheduler.getParallelism();
        int more = Math.min(2 * now, MOST_CARRIERS);
        if (more > now) {
            log.warn(
                    "virtual threads get no turn, as when disks hang: {} carrier threads for them"
                            + " instead of {}",
                    more,
                    now);
            scheduler.setParallelism(more);
        }
        wakeScheduler();
    }

    /**
     * The scheduler begins to use a carrier when a task comes to an empty queue; those that wait in
     * a queue already change nothing. Each platform thread has a queue of its own, or shares it
     * with few.
     */
    private static void wakeScheduler() {
        for (int i = 0; i < WAKERS; i++) {
            Thread.ofPlatform()
                    .daemon()
                    .name("lilio-waker")
                    .start(() -> Thread.ofVirtual().start(() -> {}));
        }
    }

    private void useFewer() {
        if (scheduler.getMountedVirtualThreadCount() < usual) {
            log.info("virtual threads go on with their usual {} carrier threads", usual);
            scheduler.setParallelism(usual);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        scheduler.setParallelism(usual);
    }
}
