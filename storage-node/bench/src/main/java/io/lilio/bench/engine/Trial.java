package io.lilio.bench.engine;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Does something many times from several virtual threads and measures it.
 *
 * @param callers at the same time
 * @param operations in all
 * @param bytesEach payload of each
 */
record Trial(int callers, int operations, long bytesEach) {

    /** Operation number n. */
    @FunctionalInterface
    interface Operation {
        void run(int n);
    }

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    Figures run(Operation operation) throws InterruptedException {
        long[] latencies = new long[operations];
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(callers);
        long allocated = THREADS.getTotalThreadAllocatedBytes();
        long cpu = PROCESS.getProcessCpuTime();
        long began = System.nanoTime();
        for (int i = 0; i < callers; i++) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    work(operation, next, latencies);
                                } catch (RuntimeException | Error e) {
                                    failure.set(e);
                                } finally {
                                    done.countDown();
                                }
                            });
        }
        done.await();
        double seconds = (System.nanoTime() - began) / 1e9;
        long cpuNow = PROCESS.getProcessCpuTime();
        long allocatedNow = THREADS.getTotalThreadAllocatedBytes();
        if (failure.get() != null) {
            throw new IllegalStateException("a benchmark's operation failed", failure.get());
        }
        Arrays.sort(latencies);
        return new Figures(
                operations / seconds,
                operations * (double) bytesEach / seconds / 1e6,
                latencies[operations / 2] / 1e3,
                (double) (allocatedNow - allocated) / operations,
                (cpuNow - cpu) / 1e3 / operations);
    }

    private void work(Operation operation, AtomicInteger next, long[] latencies) {
        for (int n = next.getAndIncrement(); n < operations; n = next.getAndIncrement()) {
            long began = System.nanoTime();
            operation.run(n);
            latencies[n] = System.nanoTime() - began;
        }
    }
}
