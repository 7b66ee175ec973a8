package io.lilio.maintenance.move;

import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.placement.MemberId;
import io.lilio.placement.PlacementTable;
import io.lilio.placement.RingView;
import io.lilio.replication.MemberClient;
import io.lilio.replication.Members;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much there is to be moved: exact in partitions, about in copies and bytes. */
final class MoveTotals {

    private static final Logger log = LoggerFactory.getLogger(MoveTotals.class);

    private final Members members;

    MoveTotals(Members members) {
        this.members = members;
    }

    /** Puts a run's totals right: what it has done, what it resumes included, and what is left. */
    void count(RingView view, Run run) {
        long gained = 0;
        for (int partition = 0; partition < view.partitions(); partition++) {
            gained += gained(view, partition);
        }
        Replicas held = replicas(view);
        raise(Counter.PARTITIONS_TOTAL, run.counted(Counter.PARTITIONS) + view.unsettled(), run);
        raise(Counter.OBJECTS_TOTAL, run.counted(Counter.CHUNKS_COPIED) + held.chunks(gained), run);
        raise(Counter.BYTES_TOTAL, run.counted(Counter.BYTES) + held.bytes(gained), run);
        run.save();
    }

    /** What replicas of partitions hold together. */
    private record Replicas(long partitions, long chunks, long bytes) {

        long chunks(long of) {
            return share(chunks, of);
        }

        long bytes(long of) {
            return share(bytes, of);
        }

        private long share(long all, long of) {
            return partitions == 0 ? 0 : (long) ((double) all / partitions * of);
        }
    }

    private static void raise(Counter counter, long to, Run run) {
        run.count(counter, Math.max(0, to - run.counted(counter)));
    }

    /** Slots of a partition whose members do not have it by an older table. */
    private static long gained(RingView view, int partition) {
        if (view.settled().epoch(partition) >= view.epoch()) {
            return 0;
        }
        Set<MemberId> before = new HashSet<>();
        for (PlacementTable older : view.olderTables(partition)) {
            before.addAll(older.members(partition));
        }
        List<MemberId> slots = view.ring().table().members(partition);
        return slots.stream().filter(slot -> !before.contains(slot)).count();
    }

    /**
     * As the members of the oldest table tell by which some partition lies, which have all there
     * is. Those that do not answer, lost ones among them, are left out: a total is not worth
     * holding up a change of the ring.
     */
    private Replicas replicas(RingView view) {
        long settled = view.settled().smallest(view.partitions());
        PlacementTable table = view.ring().tables().tailMap(settled, true).firstEntry().getValue();
        long chunks = 0;
        long bytes = 0;
        long partitions = 0;
        for (MemberId id : table.members()) {
            MemberClient member = members.find(id).orElse(null);
            if (member == null) {
                continue;
            }
            try {
                BackendUsage holds = member.usage();
                chunks += holds.chunks();
                bytes += holds.payloadBytes();
                partitions += table.partitionsOf(id);
            } catch (ChunkStoreException e) {
                log.debug("{} does not tell how much it holds", member.member().name(), e);
            }
        }
        return new Replicas(partitions, chunks, bytes);
    }
}
