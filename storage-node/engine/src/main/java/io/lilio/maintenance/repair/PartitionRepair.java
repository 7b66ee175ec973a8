package io.lilio.maintenance.repair;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.chunk.PartitionDigest;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.LeftWork;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.MarkWait;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.maintenance.run.WalkTotals;
import io.lilio.placement.MemberId;
import io.lilio.placement.RingView;
import io.lilio.replication.MemberClient;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings members level, partition by partition: those that hold a partition compare digests; where
 * these differ, their lists are merged and every chunk that some slot lacks is copied, if it still
 * has an owner (rule REPAIR_READS_OWNER). Copies carry the unconfirmed mark (rule
 * COPIES_ARE_UNCONFIRMED). Deletes nothing.
 *
 * <p>Memory: a page of each member's list and a bounded number of chunks being copied.
 */
public final class PartitionRepair implements MaintenanceTask {

    private static final Logger log = LoggerFactory.getLogger(PartitionRepair.class);

    /** Partitions whose digests are asked for side by side. */
    private static final int GROUP = 16;

    /** Chunks healed under one entry of the session's in-flight set. */
    private static final int WINDOW = 64;

    private final HealParts parts;
    private final MarkWait marks;
    private final Duration patience;

    /**
     * @param patience how long requests under way are waited for when some member has lost chunks:
     *     it is filled in any case, but it cannot be said that it lacks nothing while they go on
     */
    public PartitionRepair(HealParts parts, Time time, Duration patience) {
        this.parts = parts;
        this.marks = new MarkWait(parts.sessions(), time);
        this.patience = patience;
    }

    @Override
    public TaskKind kind() {
        return TaskKind.REPAIR;
    }

    @Override
    public void run(Run run) {
        Refills refills = Refills.begin(parts, marks, patience, run);
        int partitions = parts.ring().refresh().partitions();
        WalkTotals.count(run, partitions, parts.members(), false);
        for (int first = run.firstPartition(); first < partitions; first += GROUP) {
            run.checkCancelled();
            for (Digests each : digests(first, Math.min(first + GROUP, partitions), run)) {
                repair(each, refills, run);
                run.count(Counter.PARTITIONS, 1);
                run.reached(each.partition() + 1);
            }
        }
        refills.end(run);
    }

    /** A member that did not answer, or took no copy, may do so in a minute. */
    @Override
    public Optional<String> leftWork(RunResult result) {
        return LeftWork.of(result);
    }

    /**
     * What the holders of a partition say of what they have.
     *
     * @param view by which they are its holders
     * @param answering those who said it
     * @param different what they said, each answer once
     * @param chunks all of them together
     */
    private record Digests(
            int partition,
            RingView view,
            Set<MemberId> holders,
            List<MemberClient> answering,
            Set<PartitionDigest> different,
            long chunks) {}

    /** Those of some partitions, asked for side by side. */
    private List<Digests> digests(int first, int end, Run run) {
        SortedMap<Integer, Digests> all = new ConcurrentSkipListMap<>();
        parts.parallel()
                .each(
                        IntStream.range(first, end).boxed().toList(),
                        partition -> all.put(partition, digests(partition, run)));
        return List.copyOf(all.values());
    }

    private Digests digests(int partition, Run run) {
        RingView view = parts.ring().current();
        Set<MemberId> holders = view.sources(partition, view.settled().epoch(partition));
        List<MemberClient> answering = new ArrayList<>();
        Set<PartitionDigest> different = new HashSet<>();
        long chunks = 0;
        for (MemberId holder : holders) {
            try {
                MemberClient member = parts.members().find(holder).orElse(null);
                if (member != null) {
                    PartitionDigest digest = digest(member, partition, run);
                    different.add(digest);
                    answering.add(member);
                    chunks += digest.chunks();
                }
            } catch (ChunkStoreException e) {
                log.debug("member {} does not answer", holder, e);
            }
        }
        return new Digests(partition, view, holders, answering, different, chunks);
    }

    private void repair(Digests digests, Refills refills, Run run) {
        int partition = digests.partition();
        RingView view = digests.view();
        Set<MemberId> holders = digests.holders();
        List<MemberClient> answering = digests.answering();
        long settled = view.settled().epoch(partition);
        boolean oneTable = view.slots(partition, settled).containsAll(holders);
        boolean whole = true;
        if (digests.different().size() > 1 || !oneTable) {
            whole = merge(partition, answering, refills, run);
        } else {
            run.count(Counter.CHUNKS_LISTED, digests.chunks());
        }
        if (!whole || isSomeoneSilent(view, holders, answering)) {
            refills.lack(holders);
        }
        boolean incomplete = !whole || answering.size() < holders.size();
        run.count(Counter.PARTITIONS_INCOMPLETE, incomplete ? 1 : 0);
    }

    /** What those hold, any other may lack; but of one that was lost before nobody counts on it. */
    private static boolean isSomeoneSilent(
            RingView view, Set<MemberId> holders, List<MemberClient> answering) {
        Set<MemberId> silent = new HashSet<>(holders);
        answering.forEach(member -> silent.remove(member.member().id()));
        return silent.stream()
                .map(view.ring()::member)
                .flatMap(Optional::stream)
                .anyMatch(member -> member.state().counted());
    }

    /** Computed where the chunks are: what is level is not listed to anyone. */
    private static PartitionDigest digest(MemberClient member, int partition, Run run) {
        PartitionDigest digest = member.digest(partition);
        run.steps(digest.chunks(), 0);
        return digest;
    }

    /**
     * @return whether all of them answered to the end
     */
    private boolean merge(int partition, List<MemberClient> members, Refills refills, Run run) {
        var listing = new MergedListing(members, partition, run);
        List<ChunkHeader> uneven = new ArrayList<>();
        for (MergedListing.Listed next = listing.next(); next != null; next = listing.next()) {
            if (listing.complete().size() < members.size()) {
                break;
            }
            run.count(Counter.CHUNKS_CONFLICTING, next.conflicting() ? 1 : 0);
            if (next.conflicting() || !isLevel(next, partition)) {
                uneven.add(next.chunk());
                if (uneven.size() == WINDOW) {
                    heal(uneven, refills, run);
                    uneven.clear();
                }
            }
        }
        heal(uneven, refills, run);
        return listing.complete().size() == members.size();
    }

    /**
     * Not where the ring known here is too old to say where a chunk belongs: whether it has an
     * owner is to be looked up then, and the ring read anew only if it has.
     */
    private boolean isLevel(MergedListing.Listed listed, int partition) {
        long epoch = listed.chunk().epoch();
        RingView view = parts.ring().current();
        return epoch <= view.epoch() && listed.holders().containsAll(view.slots(partition, epoch));
    }

    private void heal(List<ChunkHeader> chunks, Refills refills, Run run) {
        if (chunks.isEmpty()) {
            return;
        }
        try (Healer healer = new Healer(parts, run)) {
            parts.parallel()
                    .each(
                            chunks,
                            chunk -> {
                                run.checkCancelled();
                                refills.lack(healer.heal(chunk, Set.of()));
                            });
        }
    }
}
