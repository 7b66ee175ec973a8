package io.lilio.bench.profile;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where processor time went, by what was being done. The JIT compiler is left out: in a run of
 * seconds it weighs more than it ever does again.
 *
 * @param samples for each group; those without any are absent
 */
public record Shares(Map<String, Long> samples) {

    private static final String ELSE = "all else";
    private static final String THREADS = "threads: start, park, wake";

    /** What neither Lilio nor its clients have it do, or what is done between runs. */
    private static final List<String> LEFT_OUT =
            List.of("CompileBroker", "Profiler", "forgetChunks", "awaitStragglers");

    /** The first of which a stack shows all parts counts. */
    private static final List<Group> GROUPS =
            List.of(
                    new Group("MD5", "md5_implCompress"),
                    new Group("SHA-256", "sha256_implCompress"),
                    new Group("CRC32C", "updateBytesCRC32C"),
                    new Group("chunk files: write", "ChunkFiles", "FileChannelImpl.write"),
                    new Group("chunk files: sync", "chunk/backend/local", "FileChannelImpl.force"),
                    new Group("chunks: read", "chunk/backend/local", "FileChannelImpl.read"),
                    new Group("chunk files: open, close, names", "chunk/backend/local/ChunkFiles"),
                    new Group("chunk index, segments, look-up", "chunk/backend/local"),
                    new Group("replicas into memory", "chunk/backend/memory"),
                    new Group("the client's bytes", "PatternSource"),
                    new Group("socket: receive", "recvAddress"),
                    new Group("socket: send", "sendAddress"),
                    new Group("socket: send", "writevAddresses"),
                    new Group("metadata (RocksDB)", "rocksdb"),
                    new Group("metadata (memory)", "io/lilio/metadata/memory"),
                    new Group("signature", "s3/signature"),
                    new Group("HTTP (Netty, Vert.x)", "io/netty"),
                    new Group("HTTP (Netty, Vert.x)", "io/vertx"),
                    new Group("garbage collection", "GenCollect"),
                    new Group("garbage collection", "DefNew"),
                    new Group(THREADS, "VirtualThread.start"),
                    new Group(THREADS, "VirtualThread.park"),
                    new Group(THREADS, "VirtualThread.unpark"),
                    new Group(THREADS, "LockSupport"),
                    new Group(THREADS, "AbstractQueuedSynchronizer"),
                    new Group("S3 edge", "io/lilio/server"),
                    new Group("engine", "io/lilio"),
                    new Group(THREADS, "ForkJoin"),
                    new Group(THREADS, "VirtualThread"));

    private record Group(String name, List<String> parts) {

        Group(String name, String... parts) {
            this(name, List.of(parts));
        }

        boolean holds(String stack) {
            return parts.stream().allMatch(stack::contains);
        }
    }

    /** Defensive copy. */
    public Shares {
        samples = Map.copyOf(samples);
    }

    /**
     * Counts stacks.
     *
     * @param collapsed async-profiler's output of that name: frames from the outermost on,
     *     separated by semicolons, a space, and how often it was seen
     */
    static Shares of(List<String> collapsed) {
        Map<String, Long> samples = new LinkedHashMap<>();
        for (String line : collapsed) {
            int end = line.lastIndexOf(' ');
            String stack = line.substring(0, end);
            if (LEFT_OUT.stream().noneMatch(stack::contains)) {
                samples.merge(
                        group(stack), Long.parseLong(line, end + 1, line.length(), 10), Long::sum);
            }
        }
        return new Shares(samples);
    }

    private static String group(String stack) {
        return GROUPS.stream()
                .filter(g -> g.holds(stack))
                .map(Group::name)
                .findFirst()
                .orElse(ELSE);
    }

    /** Those groups that take most, with their shares, for a line of text. */
    String leading(int count) {
        return samples.entrySet().stream()
                .filter(group -> !group.getKey().equals(ELSE))
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(count)
                .map(group -> group.getKey() + " " + percent(group.getKey()))
                .collect(Collectors.joining(", "));
    }

    /** The share of a group as text, rounded to a hundredth; empty for none. */
    String percent(String group) {
        double share = share(group);
        return share == 0 ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /** The share of a group, 0 to 1. */
    double share(String group) {
        long total = samples.values().stream().mapToLong(Long::longValue).sum();
        return total == 0 ? 0 : (double) samples.getOrDefault(group, 0L) / total;
    }
}
