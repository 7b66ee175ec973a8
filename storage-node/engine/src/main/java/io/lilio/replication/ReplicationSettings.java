package io.lilio.replication;

import java.time.Duration;

/**
 * Deadlines, bounds and budgets.
 *
 * @param putDeadline for one replica write; then it counts as failed
 * @param readDeadline for one replica read
 * @param controlDeadline for stat, list, delete, confirm
 * @param maxInFlight calls of one kind (reading, writing) under way at one member, 1 or more
 * @param breaker when to stop asking a member
 * @param hedge when to ask a second replica
 * @param confirmations how "all N have it" is batched
 * @param repair the bounds of read repair
 */
public record ReplicationSettings(
        Duration putDeadline,
        Duration readDeadline,
        Duration controlDeadline,
        int maxInFlight,
        Breaker breaker,
        Hedge hedge,
        Confirmation confirmations,
        Repair repair) {

    public ReplicationSettings {
        requirePositive(putDeadline);
        requirePositive(readDeadline);
        requirePositive(controlDeadline);
        if (maxInFlight < 1) {
            throw new IllegalArgumentException("maxInFlight is 1 or more, not " + maxInFlight);
        }
    }

    /** What suits local disks and a data centre's network. */
    public static ReplicationSettings defaults() {
        return new ReplicationSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                1024,
                new Breaker(5, Duration.ofMillis(500), Duration.ofSeconds(10)),
                new Hedge(Duration.ofMillis(10), Duration.ofMillis(500)),
                new Confirmation(65_536, 512, Duration.ofMillis(200), Duration.ofSeconds(2)),
                new Repair(1_024, 2, Duration.ofSeconds(1)));
    }

    /**
     * When a member is not asked any more.
     *
     * @param failures so many in a row open the breaker
     * @param minOpen how long it stays open at first; doubles with every failed probe
     * @param maxOpen and at most
     */
    public record Breaker(int failures, Duration minOpen, Duration maxOpen) {
        public Breaker {
            requirePositive(minOpen);
            requirePositive(maxOpen);
            if (failures < 1) {
                throw new IllegalArgumentException("failures is 1 or more, not " + failures);
            }
        }
    }

    /**
     * The delay after which a slow read is backed by a second one: near the 95th percentile of
     * recent reads, within these bounds.
     */
    public record Hedge(Duration minDelay, Duration maxDelay) {
        public Hedge {
            requirePositive(minDelay);
            if (maxDelay.compareTo(minDelay) < 0) {
                throw new IllegalArgumentException("the largest hedge delay is below the smallest");
            }
        }
    }

    /**
     * How confirmations are sent.
     *
     * @param capacity chunks waiting per member; what exceeds it is dropped
     * @param batch the most chunks in one call
     * @param interval how long a chunk waits for company
     * @param patience how long after its blob's commit a chunk's last member may answer for the
     *     chunk to be confirmed; for so long the session's mark may stand still
     */
    public record Confirmation(int capacity, int batch, Duration interval, Duration patience) {
        public Confirmation {
            requirePositive(interval);
            requirePositive(patience);
            if (batch < 1 || capacity < batch) {
                throw new IllegalArgumentException(
                        "1 <= batch <= capacity, not " + batch + ", " + capacity);
            }
        }
    }

    /**
     * The bounds of read repair.
     *
     * @param capacity chunks waiting; what exceeds it is dropped
     * @param workers repairs under way at once
     * @param delay how long a repair waits first: what seems to lack may be on its way, since a
     *     write is done before its last member has answered
     */
    public record Repair(int capacity, int workers, Duration delay) {
        public Repair {
            requirePositive(delay);
            if (workers < 1 || capacity < workers) {
                throw new IllegalArgumentException(
                        "1 <= workers <= capacity, not " + workers + ", " + capacity);
            }
        }
    }

    private static void requirePositive(Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("a duration has to be positive: " + duration);
        }
    }
}
