package io.lilio.placement;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ring and what is settled, as known at one moment: the answer to "where is a chunk?".
 * Immutable.
 *
 * @param ring the ring document
 * @param settled per partition; possibly newer than the document, never older
 */
public record RingView(Ring ring, SettledEpochs settled) {

    public int partitions() {
        return ring.partitions();
    }

    /** The newest epoch: what new blobs are written under. */
    public long epoch() {
        return ring.epoch();
    }

    /**
     * Where a chunk is: the table of {@code max(blob's epoch, settled)} (DESIGN §5). Members that
     * are LOST or RETURNED are left out: what they say, and what they hold, does not count.
     *
     * @param partition the chunk's partition
     * @param blobEpoch the epoch under which its blob was opened
     * @throws UnknownEpochException when the blob is newer than this view: refresh and ask again
     */
    public List<MemberId> slots(int partition, long blobEpoch) {
        List<MemberId> placed =
                ring.slots(partition, Math.max(blobEpoch, settled.epoch(partition)));
        Set<MemberId> uncounted = ring.among(state -> !state.counted());
        if (uncounted.isEmpty() || Collections.disjoint(placed, uncounted)) {
            return placed;
        }
        return placed.stream().filter(member -> !uncounted.contains(member)).toList();
    }

    /**
     * Everyone who may hold a copy: the members of every table from {@code min(blob's epoch,
     * settled)} to the newest (rule SWEEP_ALL_TABLES). A table that is not kept any more is not
     * needed by anyone: its members have dropped what it gave them.
     */
    public Set<MemberId> everyHolder(int partition, long blobEpoch) {
        Set<MemberId> holders = new LinkedHashSet<>();
        long oldest = Math.min(blobEpoch, settled.epoch(partition));
        for (PlacementTable table : ring.tables().tailMap(oldest, true).values()) {
            holders.addAll(table.members(partition));
        }
        return holders;
    }

    /**
     * Everyone whose copies are worth reading when a chunk is to be healed or moved: its holders,
     * and members that were lost and have come back.
     */
    public Set<MemberId> sources(int partition, long blobEpoch) {
        Set<MemberId> sources = everyHolder(partition, blobEpoch);
        sources.removeAll(ring.among(MemberState::gone));
        sources.addAll(ring.among(state -> state == MemberState.RETURNED));
        return sources;
    }

    /** The tables whose chunks move to the newest: from settled on, without the newest. */
    public Collection<PlacementTable> olderTables(int partition) {
        return ring.tables().subMap(settled.epoch(partition), true, epoch(), false).values();
    }

    /** Partitions whose older chunks have not all moved to the newest table. */
    public int unsettled() {
        int count = 0;
        for (int partition = 0; partition < partitions(); partition++) {
            count += settled.epoch(partition) < epoch() ? 1 : 0;
        }
        return count;
    }

    /** Whether a member holds a partition in any table from settled to the newest. */
    public boolean needs(int partition, MemberId member) {
        for (PlacementTable table :
                ring.tables().tailMap(settled.epoch(partition), true).values()) {
            if (table.places(partition, member)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The newest epoch by whose table some partition may need a member: the tables from settled to
     * the newest are looked at, each of them.
     */
    public Optional<Long> epochThatNeeds(MemberId member) {
        for (Map.Entry<Long, PlacementTable> entry : ring.tables().descendingMap().entrySet()) {
            PlacementTable table = entry.getValue();
            if (!table.members().contains(member)) {
                continue;
            }
            for (int partition = 0; partition < partitions(); partition++) {
                if (settled.epoch(partition) <= entry.getKey() && table.places(partition, member)) {
                    return Optional.of(entry.getKey());
                }
            }
        }
        return Optional.empty();
    }
}
