package io.lilio.maintenance.repair;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.chunk.PartitionDigest;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.placement.MemberId;
import io.lilio.placement.RingView;
import io.lilio.replication.MemberClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

    /** Chunks healed under one entry of the session's in-flight set. */
    private static final int WINDOW = 64;

    private final HealParts parts;

    public PartitionRepair(HealParts parts) {
        this.parts = parts;
    }

    @Override
    public TaskKind kind() {
        return TaskKind.REPAIR;
    }

    @Override
    public void run(Run run) {
        int partitions = parts.ring().refresh().partitions();
        for (int partition = run.firstPartition(); partition < partitions; partition++) {
            run.checkCancelled();
            repair(partition, run);
            run.count(Counter.PARTITIONS, 1);
            run.reached(partition + 1);
        }
    }

    /** A member that did not answer, or took no copy, may do so in a minute. */
    @Override
    public boolean leftWork(RunResult result) {
        return result.count(Counter.PARTITIONS_INCOMPLETE) > 0
                || result.count(Counter.CHUNKS_UNREPAIRED) > 0;
    }

    private void repair(int partition, Run run) {
        RingView view = parts.ring().current();
        long settled = view.settled().epoch(partition);
        Set<MemberId> holders = view.everyHolder(partition, settled);
        List<MemberClient> answering = new ArrayList<>();
        Set<PartitionDigest> digests = new HashSet<>();
        boolean oneTable = true;
        for (MemberId holder : holders) {
            if (view.ring().member(holder).map(m -> m.state().gone()).orElse(true)) {
                continue;
            }
            oneTable &= view.slots(partition, settled).contains(holder);
            try {
                MemberClient member = parts.members().find(holder).orElse(null);
                if (member != null) {
                    digests.add(digest(member, partition, run));
                    answering.add(member);
                }
            } catch (ChunkStoreException e) {
                log.debug("member {} does not answer", holder, e);
            }
        }
        if (answering.size() < holders.size()) {
            run.count(Counter.PARTITIONS_INCOMPLETE, 1);
        }
        if (digests.size() > 1 || !oneTable) {
            try {
                merge(partition, answering, run);
            } catch (ChunkStoreException e) {
                run.count(Counter.PARTITIONS_INCOMPLETE, 1);
                log.debug("a member stopped answering in partition {}", partition, e);
            }
        }
    }

    /** Computed where the chunks are: what is level is not listed to anyone. */
    private static PartitionDigest digest(MemberClient member, int partition, Run run) {
        PartitionDigest digest = member.digest(partition);
        run.steps(digest.chunks(), 0);
        run.count(Counter.CHUNKS_LISTED, digest.chunks());
        return digest;
    }

    private void merge(int partition, List<MemberClient> members, Run run) {
        List<MemberListing> listings =
                members.stream().map(m -> new MemberListing(m, partition, run)).toList();
        List<ChunkHeader> uneven = new ArrayList<>();
        for (ChunkHeader next = smallest(listings); next != null; next = smallest(listings)) {
            if (!isLevel(next, partition, listings, run)) {
                uneven.add(next);
                if (uneven.size() == WINDOW) {
                    heal(uneven, run);
                    uneven.clear();
                }
            }
        }
        heal(uneven, run);
    }

    private static @Nullable ChunkHeader smallest(List<MemberListing> listings) {
        @Nullable ChunkHeader smallest = null;
        for (MemberListing listing : listings) {
            @Nullable ChunkHeader head = listing.peek();
            if (head != null && (smallest == null || head.id().compareTo(smallest.id()) < 0)) {
                smallest = head;
            }
        }
        return smallest;
    }

    /** Moves the lists of all who hold the chunk on. */
    private boolean isLevel(
            ChunkHeader chunk, int partition, List<MemberListing> listings, Run run) {
        RingView view = parts.ring().knowing(chunk.epoch());
        Set<MemberId> lacking = new HashSet<>(view.slots(partition, chunk.epoch()));
        boolean same = true;
        for (MemberListing listing : listings) {
            @Nullable ChunkHeader head = listing.peek();
            if (head != null && head.id().equals(chunk.id())) {
                same &= Arrays.equals(head.sha256(), chunk.sha256());
                lacking.remove(listing.member().member().id());
                listing.advance();
            }
        }
        if (!same) {
            run.count(Counter.CHUNKS_CONFLICTING, 1);
            log.error("members hold different bytes under chunk {}", chunk.id());
        }
        return same && lacking.isEmpty();
    }

    private void heal(List<ChunkHeader> chunks, Run run) {
        if (chunks.isEmpty()) {
            return;
        }
        try (Healer healer = new Healer(parts, run)) {
            parts.parallel()
                    .each(
                            chunks,
                            chunk -> {
                                run.checkCancelled();
                                healer.heal(chunk, Set.of());
                            });
        }
    }
}
