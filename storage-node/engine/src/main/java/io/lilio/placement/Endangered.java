package io.lilio.placement;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The chunks of which no copy may remain when certain members alone do. A write quorum of a
 * partition's slots has acknowledged each chunk, and nobody knows which of them: so they are those
 * of a table that keeps too few of a partition's slots to meet every write quorum. Immutable.
 *
 * @param remaining the members that remain, and have all that they were given
 */
public record Endangered(RingView view, Set<MemberId> remaining) {

    public Endangered {
        remaining = Set.copyOf(remaining);
    }

    /**
     * Whether they include a chunk, which lies by the table of {@code max(blob's epoch, settled)}.
     * A blob that is newer than the view is taken to lie by its newest table.
     *
     * @param partition the chunk's partition
     * @param blobEpoch the epoch under which its blob was opened
     */
    public boolean includes(int partition, long blobEpoch) {
        long epoch = Math.max(blobEpoch, view.settled().epoch(partition));
        Map.Entry<Long, PlacementTable> table = view.ring().tables().floorEntry(epoch);
        return table == null || isShort(table.getValue(), partition);
    }

    /** How many partitions have such chunks by some table that is still needed. */
    public int partitions() {
        int count = 0;
        for (int partition = 0; partition < view.partitions(); partition++) {
            long settled = view.settled().epoch(partition);
            for (PlacementTable table : view.ring().tables().tailMap(settled, true).values()) {
                if (isShort(table, partition)) {
                    count++;
                    break;
                }
            }
        }
        return count;
    }

    private boolean isShort(PlacementTable table, int partition) {
        List<MemberId> slots = table.members(partition);
        int left = 0;
        for (MemberId slot : slots) {
            left += remaining.contains(slot) ? 1 : 0;
        }
        return left < view.ring().replication().toMeetEveryWrite(slots.size());
    }
}
