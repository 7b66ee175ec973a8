package io.lilio.placement;

import java.util.Map;

/**
 * Up to which epoch each partition's chunks have moved. Immutable.
 *
 * @param exceptions partitions that were settled after the ring was made; the others are at {@link
 *     Ring#FIRST_EPOCH}
 */
public record SettledEpochs(Map<Integer, Settled> exceptions) {

    /** All partitions at the first epoch. */
    public static final SettledEpochs NONE = new SettledEpochs(Map.of());

    /**
     * @param epoch where the partition's older chunks are
     * @param revision the metadata revision at which that was decided
     */
    public record Settled(long epoch, long revision) {}

    public SettledEpochs {
        exceptions = Map.copyOf(exceptions);
    }

    public long epoch(int partition) {
        Settled settled = exceptions.get(partition);
        return settled == null ? Ring.FIRST_EPOCH : settled.epoch();
    }

    /** The revision at which a partition was settled last; 0 when it never was. */
    public long revision(int partition) {
        Settled settled = exceptions.get(partition);
        return settled == null ? 0 : settled.revision();
    }

    /** The smallest epoch that some partition is settled at. */
    public long smallest(int partitions) {
        if (exceptions.size() < partitions) {
            return Ring.FIRST_EPOCH;
        }
        return exceptions.values().stream().mapToLong(Settled::epoch).min().orElseThrow();
    }
}
