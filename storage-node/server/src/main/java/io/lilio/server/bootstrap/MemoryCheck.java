package io.lilio.server.bootstrap;

import com.sun.management.OperatingSystemMXBean;
import io.lilio.server.bootstrap.config.InvalidSettingException;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.bootstrap.config.NodeSettings.Place;
import io.lilio.server.rpc.RpcMemory;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;

/**
 * Whether what the process may take fits into what there is (the container's limit, or the
 * machine's memory): better a sentence at the start than an end at the worst moment.
 */
final class MemoryCheck {

    private static final long M = 1L << 20;

    /** Code, class data, stacks, the collector, and what RocksDB takes besides its caches. */
    private static final long OVERHEAD_BYTES = 160 * M;

    /** Direct memory that clients' connections take besides the pool of buffers. */
    private static final long NETWORK_BYTES = 16 * M;

    private MemoryCheck() {}

    /**
     * What there is, in bytes.
     *
     * @param direct memory outside the heap that the JVM allows
     * @param heap at its largest
     * @param total the container's limit, or the machine's memory
     */
    record Available(long direct, long heap, long total) {

        static Available toThisProcess() {
            return new Available(
                    PlatformDependent.estimateMaxDirectMemory(),
                    Runtime.getRuntime().maxMemory(),
                    ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                            .getTotalMemorySize());
        }
    }

    /**
     * @throws InvalidSettingException when it does not fit
     */
    static void check(NodeSettings settings, Available available) {
        long inMemory =
                settings.storage().backends().stream()
                        .mapToLong(
                                backend ->
                                        backend.place() instanceof Place.InMemory(long capacity)
                                                ? capacity
                                                : 0)
                        .sum();
        long ofOthers =
                settings.cluster().network().isPresent() ? RpcMemory.bytes(peers(settings)) : 0;
        long direct = settings.memory().bufferBytes() + inMemory + ofOthers + NETWORK_BYTES;
        if (direct > available.direct()) {
            throw new InvalidSettingException(
                    ("lilio.memory.buffers, the backends in memory and the other nodes need %d MiB"
                                    + " of direct memory, but the JVM allows %d MiB: lower them or"
                                    + " raise -XX:MaxDirectMemorySize.")
                            .formatted(direct / M, available.direct() / M));
        }
        long needed = available.heap() + direct + settings.memory().rocksBytes() + OVERHEAD_BYTES;
        if (needed > available.total()) {
            throw new InvalidSettingException(
                    ("The process may take %d MiB (heap %d, buffers and network %d,"
                                    + " lilio.memory.rocksdb %d, the rest %d), but there are only"
                                    + " %d MiB: lower lilio.memory.buffers, lilio.memory.rocksdb or"
                                    + " -Xmx.")
                            .formatted(
                                    needed / M,
                                    available.heap() / M,
                                    direct / M,
                                    settings.memory().rocksBytes() / M,
                                    OVERHEAD_BYTES / M,
                                    available.total() / M));
        }
    }

    /** The other nodes that the cluster is founded with; how many come later nobody knows. */
    private static int peers(NodeSettings settings) {
        return (int)
                settings.cluster().founders().stream()
                        .filter(founder -> !founder.equals(settings.nodeName()))
                        .count();
    }
}
