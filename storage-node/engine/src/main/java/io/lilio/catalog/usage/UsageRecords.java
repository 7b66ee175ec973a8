package io.lilio.catalog.usage;

import java.util.Map;
import java.util.UUID;

/**
 * How much each bucket holds. Commits count into memory; {@link #flush} adds what was counted to
 * this node's records; a bucket's usage is the sum over all nodes. Approximate after a crash, until
 * the full walk corrects it. Thread-safe.
 */
public interface UsageRecords {

    /** Counts a change that was committed. Never blocks. */
    void count(UUID bucket, Usage change);

    /** Writes what was counted since the last time; what could not be written stays counted. */
    void flush();

    /** A bucket's usage; includes what this node has counted and not yet written. */
    Usage of(UUID bucket);

    /** All buckets' usage. */
    Map<UUID, Usage> all();

    /**
     * Corrects a bucket's usage to what the full walk counted.
     *
     * @param counted by the walk
     */
    void correct(UUID bucket, Usage counted);
}
