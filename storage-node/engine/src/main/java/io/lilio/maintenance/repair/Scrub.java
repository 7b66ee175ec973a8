package io.lilio.maintenance.repair;

import io.lilio.catalog.owner.Owner;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkMissingException;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.LeftWork;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.maintenance.run.WalkTotals;
import io.lilio.replication.BreakerState;
import io.lilio.replication.MemberClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every member read every chunk from its medium and verify all of it. A bad one is replaced
 * from a good one, if it still has an owner: the copier deletes the bad copy only with a verified
 * one in hand.
 */
public final class Scrub implements MaintenanceTask {

    private static final Logger log = LoggerFactory.getLogger(Scrub.class);

    /** So many calls in a row without an answer. */
    private static final int AWAY = 5;

    private final HealParts parts;

    public Scrub(HealParts parts) {
        this.parts = parts;
    }

    @Override
    public TaskKind kind() {
        return TaskKind.SCRUB;
    }

    @Override
    public void run(Run run) {
        int partitions = parts.ring().refresh().partitions();
        WalkTotals.count(run, partitions, parts.members(), true);
        for (int partition = run.firstPartition(); partition < partitions; partition++) {
            int current = partition;
            parts.parallel().each(parts.members().all(), member -> scrub(member, current, run));
            run.count(Counter.PARTITIONS, 1);
            run.reached(partition + 1);
        }
    }

    /** What could not be verified, or not be replaced, may be so in a minute. */
    @Override
    public Optional<String> leftWork(RunResult result) {
        return LeftWork.of(result);
    }

    /**
     * A member that is known to be unwell is left out, and is no reason to read all others again
     * soon: when it is back it is brought level, and the next scrub takes it in.
     */
    private void scrub(MemberClient member, int partition, Run run) {
        BreakerState before = member.readState();
        if (!member.health().readable() || before == BreakerState.OPEN) {
            log.debug("member {} is left out of the scrub", member.member().name());
            return;
        }
        List<ChunkHeader> bad = new ArrayList<>();
        boolean complete = false;
        try {
            complete = examine(new MemberListing(member, partition, run), member, bad, run);
        } catch (ChunkStoreException e) {
            log.info("member {} does not answer: {}", member.member().name(), e.getMessage());
        }
        boolean thoughtWell =
                before == BreakerState.CLOSED || member.readState() == BreakerState.CLOSED;
        if (!complete && thoughtWell) {
            run.count(Counter.PARTITIONS_INCOMPLETE, 1);
        }
        replace(member, bad, run);
    }

    /**
     * One chunk that a member cannot tell about hides no other; a member that tells about none is
     * away.
     *
     * @param bad what is to be replaced is added to it
     * @return whether it told about all
     */
    private boolean examine(
            MemberListing listing, MemberClient member, List<ChunkHeader> bad, Run run) {
        boolean complete = true;
        int unanswered = 0;
        @Nullable ChunkHeader chunk = listing.peek();
        while (chunk != null && unanswered < AWAY) {
            try {
                if (!isGood(member, chunk, run)) {
                    bad.add(chunk);
                }
                unanswered = 0;
            } catch (BackendException e) {
                complete = false;
                unanswered++;
                log.info(
                        "member {} cannot tell about {}: {}",
                        member.member().name(),
                        chunk.id(),
                        e);
            }
            listing.advance();
            chunk = listing.peek();
        }
        return complete;
    }

    private boolean isGood(MemberClient member, ChunkHeader chunk, Run run) {
        run.step(chunk.length());
        try {
            member.verify(chunk.id());
        } catch (ChunkCorruptException e) {
            log.warn("member {} holds a bad copy: {}", member.member().name(), e.getMessage());
            parts.members().listener().corruptReplica(member.member(), chunk.id());
            run.count(Counter.CHUNKS_BAD, 1);
            return false;
        } catch (ChunkMissingException e) {
            // Deleted since it was listed, or its file is gone: the index tells which.
            if (member.stat(chunk.id()).isEmpty()) {
                return true;
            }
            log.warn("member {} lost a copy: {}", member.member().name(), e.getMessage());
            run.count(Counter.CHUNKS_BAD, 1);
            return false;
        }
        run.count(Counter.CHUNKS_VERIFIED, 1);
        run.count(Counter.BYTES, chunk.length());
        return true;
    }

    private void replace(MemberClient member, List<ChunkHeader> bad, Run run) {
        if (bad.isEmpty()) {
            return;
        }
        try (Healer healer = new Healer(parts, run)) {
            for (ChunkHeader chunk : bad) {
                run.checkCancelled();
                if (healer.owner(chunk) instanceof Owner.Live) {
                    healer.heal(chunk, Set.of(member.member().id()));
                }
            }
        }
    }
}
