package io.lilio.maintenance.move;

import io.lilio.chunk.ChunkStoreException;
import io.lilio.maintenance.run.Run;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.PlacementTable;
import io.lilio.placement.RingView;
import io.lilio.replication.MemberClient;
import io.lilio.replication.Members;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tables before the smallest settled epoch the sweep still needs: those by which some member
 * holds copies that it has not dropped (rule SWEEP_ALL_TABLES). Were such a table forgotten, nobody
 * would ask that member to delete what is swept, and what it holds would be an orphan without a
 * mark as soon as a later change gave it the partition back.
 *
 * <p>Nothing is written down about drops: members are asked whether they hold anything of the
 * partitions in question. One that does not answer may. Those that are lost are left out, since
 * they mark all their chunks when they are taken in again; so are those that were removed, which
 * never come back.
 */
final class OldHolders {

    private static final Logger log = LoggerFactory.getLogger(OldHolders.class);

    /** Tables kept for this purpose, so that the ring document stays small. */
    static final int MOST_TABLES = 16;

    /** The same in bytes of their cells: sixteen tables of 4,096 partitions and three slots. */
    private static final long MOST_BYTES = 384 << 10;

    private final Members members;

    OldHolders(Members members) {
        this.members = members;
    }

    /**
     * The oldest epoch whose table is to be kept: the smallest settled one, or an older one by
     * which some member still holds something. Bounded: where members have been away for very many
     * changes, the oldest tables go nevertheless, and the full collection finds what is left there.
     */
    long oldestNeeded(RingView view, Run run) {
        long smallestSettled = view.settled().smallest(view.partitions());
        NavigableMap<Long, PlacementTable> past =
                view.ring().tables().headMap(smallestSettled, false);
        for (long epoch : affordable(past)) {
            run.checkCancelled();
            if (isHeldBy(epoch, view)) {
                return epoch;
            }
        }
        return smallestSettled;
    }

    /** The newest of them, as many as may be kept; the oldest first. */
    private static Collection<Long> affordable(NavigableMap<Long, PlacementTable> past) {
        List<Long> epochs = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<Long, PlacementTable> entry : past.descendingMap().entrySet()) {
            PlacementTable table = entry.getValue();
            bytes += (long) Character.BYTES * table.partitions() * table.width();
            if (epochs.size() == MOST_TABLES || bytes > MOST_BYTES) {
                log.info(
                        "the placement of epochs up to {} is forgotten, although some members may"
                                + " not have dropped what they hold by it",
                        entry.getKey());
                break;
            }
            epochs.addFirst(entry.getKey());
        }
        return epochs;
    }

    /** Whether some member holds something that no newer table gives it, but this one does. */
    private boolean isHeldBy(long epoch, RingView view) {
        Map<MemberId, List<Integer>> lost = lost(epoch, view);
        return lost.entrySet().stream()
                .anyMatch(member -> holdsSome(member.getKey(), member.getValue()));
    }

    /** Which partitions members have lost since an epoch. */
    private static Map<MemberId, List<Integer>> lost(long epoch, RingView view) {
        PlacementTable table = view.ring().tables().get(epoch);
        Map<MemberId, List<Integer>> lost = new TreeMap<>();
        if (table == null) {
            return lost;
        }
        Collection<PlacementTable> newer = view.ring().tables().tailMap(epoch, false).values();
        for (int partition = 0; partition < view.partitions(); partition++) {
            for (MemberId member : table.members(partition)) {
                int each = partition;
                if (mayDrop(member, view)
                        && newer.stream().noneMatch(later -> later.places(each, member))) {
                    lost.computeIfAbsent(member, _ -> new ArrayList<>()).add(partition);
                }
            }
        }
        return lost;
    }

    private static boolean mayDrop(MemberId id, RingView view) {
        Optional<MemberState> state = view.ring().member(id).map(Member::state);
        return switch (state.orElse(MemberState.REMOVED)) {
            case JOINING, ACTIVE, DRAINING -> true;
            case LOST, RETURNED, REMOVED -> false;
        };
    }

    private boolean holdsSome(MemberId id, List<Integer> partitions) {
        MemberClient member = members.find(id).orElse(null);
        if (member == null) {
            return true;
        }
        try {
            return member.usage().chunks() > 0
                    && partitions.stream().anyMatch(p -> !member.list(p, null, 1).isEmpty());
        } catch (ChunkStoreException e) {
            log.debug("{} does not tell what it holds", member.member().name(), e);
            return true;
        }
    }
}
