package io.lilio.placement;

import java.util.Optional;

/**
 * How many replicas, and how many of them a write and a negative read have to hear from.
 *
 * @param factor N, replicas of every chunk
 * @param writeQuorum W, durable acknowledgements before a write counts
 * @param readQuorum R, members that have to agree before a chunk counts as absent
 * @param spread what replicas are spread over first
 * @param strictReads whether a read waits for R confirmations before its first byte
 */
public record Replication(
        int factor, int writeQuorum, int readQuorum, Spread spread, boolean strictReads) {

    /** The largest factor that a placement table can hold. */
    public static final int MAX_FACTOR = 32;

    /** What replicas are spread over, as far as enough of it exist. */
    public enum Spread {
        /** Distinct hosts before distinct members. */
        HOST,
        /**
         * Distinct zones before distinct hosts before distinct members; evenly over the zones as
         * far as their hosts allow.
         */
        ZONE
    }

    /**
     * @throws IllegalArgumentException with a sentence for an administrator, when these numbers
     *     cannot keep the promise that a read sees what was written
     */
    public Replication {
        if (factor < 1 || factor > MAX_FACTOR) {
            throw new IllegalArgumentException(
                    "the replication factor is 1 to %d, not %d".formatted(MAX_FACTOR, factor));
        }
        requireQuorum("write", writeQuorum, factor);
        requireQuorum("read", readQuorum, factor);
        if (writeQuorum + readQuorum <= factor) {
            throw new IllegalArgumentException(
                    ("write quorum %d + read quorum %d has to be greater than the replication"
                                    + " factor %d, else a read may miss what was written")
                            .formatted(writeQuorum, readQuorum, factor));
        }
    }

    private static void requireQuorum(String which, int quorum, int factor) {
        if (quorum < 1) {
            throw new IllegalArgumentException(
                    "the %s quorum is at least 1, not %d".formatted(which, quorum));
        }
        if (quorum > factor) {
            throw new IllegalArgumentException(
                    "the %s quorum %d cannot be greater than the replication factor %d"
                            .formatted(which, quorum, factor));
        }
    }

    /**
     * How many of the slots of a table have to be asked so that one is among them of every quorum
     * that has acknowledged a write: slots − W + 1 (rule LIST_QUORUM_BY_SLOTS). That is R where the
     * table has N slots and R is no larger than it has to be.
     *
     * @param slots as many as the table has
     */
    public int toMeetEveryWrite(int slots) {
        return Math.max(1, slots - writeQuorum + 1);
    }

    /** A sentence about a legal but dangerous choice. */
    public Optional<String> warning() {
        if (writeQuorum == 1 && factor > 1) {
            return Optional.of(
                    ("write quorum 1 with replication factor %d: one replica alone acknowledges a"
                                    + " write, so losing it before the others have their copies loses"
                                    + " acknowledged data")
                            .formatted(factor));
        }
        return Optional.empty();
    }
}
