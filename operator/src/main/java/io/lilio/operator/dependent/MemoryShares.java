package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a container's memory is shared out to a storage node's process, all in MiB. The process looks
 * at the start whether it fits, and says so in a sentence where it does not, as in a container that
 * is too small.
 *
 * @param heap of the JVM
 * @param buffers for payloads of clients
 * @param direct all memory outside the heap that the JVM hands out: buffers, and what connections
 *     take
 */
record MemoryShares(long heap, long buffers, long direct) {

    /** The least that is given to a node, as scripts/lilio-server has it. */
    private static final long LEAST_HEAP = 192;

    /** The storage node's own default of {@code lilio.memory.buffers}. */
    private static final long LEAST_BUFFERS = 96;

    /** And the most that it takes. */
    private static final long MOST_BUFFERS = 64 << 10;

    /** Of clients and of 100 other nodes, the most that a cluster has: 80 + 100 · 4. */
    private static final long NETWORK = 480;

    /** RocksDB's share, {@code lilio.memory.rocksdb}, and what the process takes besides. */
    private static final long FIXED = 64 + 160;

    /**
     * Three sixteenths are heap. Buffers take no more than a quarter, since what is left serves the
     * page cache; connections come first.
     */
    static MemoryShares of(ResourceRequirements resources) {
        return limitOf(resources)
                .map(MemoryShares::within)
                .orElseGet(
                        () -> new MemoryShares(LEAST_HEAP, LEAST_BUFFERS, LEAST_BUFFERS + NETWORK));
    }

    private static MemoryShares within(long limit) {
        long heap = Math.max(LEAST_HEAP, limit * 3 / 16);
        long outside = limit - heap - FIXED;
        long buffers =
                Math.clamp(Math.min(outside - NETWORK, limit / 4), LEAST_BUFFERS, MOST_BUFFERS);
        long direct = Math.max(1, Math.min(outside, buffers + NETWORK));
        return new MemoryShares(heap, buffers, direct);
    }

    private static Optional<Long> limitOf(ResourceRequirements resources) {
        return Optional.ofNullable(resources.getLimits())
                .map((Map<String, Quantity> limits) -> limits.get("memory"))
                .map(memory -> Bytes.of(memory) >> 20);
    }

    /** What tells the process; later options of the JVM outrank those of its script. */
    List<EnvVar> variables() {
        return List.of(
                Variables.plain("LILIO_MEMORY_BUFFERS", buffers + "M"),
                Variables.plain(
                        "LILIO_JAVA_OPTS",
                        "-Xmx%dm -XX:MaxDirectMemorySize=%dm".formatted(heap, direct)));
    }
}
