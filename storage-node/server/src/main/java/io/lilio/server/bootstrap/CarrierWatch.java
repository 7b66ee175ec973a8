package io.lilio.server.bootstrap;

import com.sun.management.OperatingSystemMXBean;
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
 * carriers, and fewer again later: {@link CarrierPolicy} decides.
 *
 * <p>When it is late because this process keeps the processors busy, more carriers would not help.
 */
final class CarrierWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CarrierWatch.class);

    /** How long a heartbeat may take, and how often there is one. */
    static final Duration PERIOD = Duration.ofMillis(200);

    /** The scheduler's own limit unless it is configured. */
    static final int MOST_CARRIERS = 256;

    /** Threads whose queues are tried at once. */
    private static final int WAKERS = 4;

    /** The share of what the usual carriers could use of the processors that counts as busy. */
    private static final double BUSY = 0.75;

    private final VirtualThreadSchedulerMXBean scheduler =
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    private final OperatingSystemMXBean system =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final int usual = scheduler.getParallelism();
    private final CarrierPolicy policy = new CarrierPolicy(usual, MOST_CARRIERS);
    private final Thread thread;
    private long sent;
    private long usedNanos = system.getProcessCpuTime();
    private long sinceNanos = System.nanoTime();
    private volatile long beat;
    private volatile boolean closed;

    CarrierWatch() {
        thread = Thread.ofPlatform().daemon().name("lilio-carriers").start(this::watch);
    }

    private void watch() {
        while (!closed) {
            try {
                judge();
                send();
            } catch (RuntimeException | Error e) {
                // No memory or no thread just now; the watch is needed all the more.
                log.error("the watch over virtual threads goes on after", e);
            }
            LockSupport.parkNanos(this, PERIOD.toNanos());
        }
    }

    private void send() {
        if (beat == sent) {
            long number = sent + 1;
            Thread.ofVirtual().name("lilio-heartbeat").start(() -> beat = number);
            sent = number;
        }
    }

    private void judge() {
        boolean busy = wasBusy();
        boolean punctual = beat == sent;
        int now = scheduler.getParallelism();
        int next = policy.next(punctual, busy, scheduler.getMountedVirtualThreadCount(), now);
        if (next > now) {
            log.warn(
                    "virtual threads get no turn, as when disks hang: {} carrier threads for them"
                            + " instead of {}",
                    next,
                    now);
        } else if (next < now) {
            log.info("virtual threads go on with {} carrier threads instead of {}", next, now);
        }
        if (next != now) {
            scheduler.setParallelism(next);
        }
        if (!punctual && !busy) {
            wakeScheduler();
        }
    }

    /** Whether this process has used the processors since it was asked last. */
    private boolean wasBusy() {
        long used = system.getProcessCpuTime();
        long now = System.nanoTime();
        long could = usual * (now - sinceNanos);
        boolean busy = used >= 0 && used - usedNanos >= BUSY * could;
        usedNanos = used;
        sinceNanos = now;
        return busy;
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
