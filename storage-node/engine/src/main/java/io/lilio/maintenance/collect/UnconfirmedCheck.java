package io.lilio.maintenance.collect;

import io.lilio.catalog.owner.Owner;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.chunk.MarkedChunk;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.repair.HealParts;
import io.lilio.maintenance.repair.Healer;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.session.Marks;
import io.lilio.placement.MemberId;
import io.lilio.replication.MemberClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up what stays unconfirmed on this node's own members (DESIGN §8): a coordinator died or
 * lost touch before it could say that all N hold a chunk, or a member was away.
 *
 * <ul>
 *   <li>It has an owner: the slots are brought level, then the marks are taken off.
 *   <li>Only the trash owns it: the sweeper will come (rule LOOKUP_SEES_TRASH).
 *   <li>Nobody does, and the request that wrote it can no longer commit, as the marks read before
 *       the look-up tell (rule ORPHAN_WAITS_FOR_MARK): it is deleted here.
 * </ul>
 */
public final class UnconfirmedCheck implements MaintenanceTask {

    private static final Logger log = LoggerFactory.getLogger(UnconfirmedCheck.class);

    /** Chunks looked at in one run at each member; the next run goes on behind them. */
    private static final int LIMIT = 10_000;

    /** Chunks healed under one entry of the session's in-flight set. */
    private static final int WINDOW = 256;

    private final HealParts parts;
    private final DeletionBrake brake;
    private final Duration age;
    private final int limit;
    private final Map<MemberId, MarkedChunk> lookedAt = new HashMap<>();

    /**
     * @param age how long a chunk may stay unconfirmed before it is looked up; a minute
     */
    public UnconfirmedCheck(HealParts parts, DeletionBrake brake, Duration age) {
        this(parts, brake, age, LIMIT);
    }

    UnconfirmedCheck(HealParts parts, DeletionBrake brake, Duration age, int limit) {
        this.parts = parts;
        this.brake = brake;
        this.age = age;
        this.limit = limit;
    }

    @Override
    public TaskKind kind() {
        return TaskKind.ORPHANS;
    }

    @Override
    public void run(Run run) {
        boolean mayDelete = brake.reason().isEmpty();
        for (MemberClient member : parts.members().all()) {
            if (!member.member().local()) {
                continue;
            }
            try {
                check(member, mayDelete, run);
            } catch (ChunkStoreException e) {
                log.debug("member {} does not answer", member.member().name(), e);
            }
        }
    }

    private void check(MemberClient member, boolean mayDelete, Run run) {
        List<ChunkHeader> chunks = next(member);
        if (chunks.isEmpty()) {
            return;
        }
        run.count(Counter.CHUNKS_LISTED, chunks.size());
        parts.sessions().current().publishNow();
        Marks marks = parts.sessions().live();
        boolean heals = true;
        for (int from = 0; from < chunks.size(); from += WINDOW) {
            var window =
                    new Window(
                            chunks.subList(from, Math.min(from + WINDOW, chunks.size())),
                            marks,
                            run);
            window.look(heals);
            // With a member away nothing gets level: look for orphans only, until the next run.
            heals &= !window.stuck;
            if (mayDelete && !window.orphans.isEmpty()) {
                run.steps(window.orphans.size(), 0);
                brake.check();
                member.delete(List.copyOf(window.orphans));
                run.count(Counter.CHUNKS_DELETED, window.orphans.size());
            }
        }
    }

    /** In turn, so that chunks which stay unconfirmed for long hide no others. */
    private List<ChunkHeader> next(MemberClient member) {
        MemberId id = member.member().id();
        List<MarkedChunk> page = member.unconfirmed(age, lookedAt.get(id), limit);
        if (page.size() < limit) {
            lookedAt.remove(id);
        } else {
            lookedAt.put(id, page.getLast());
        }
        return page.stream().map(MarkedChunk::header).toList();
    }

    /** Some chunks, looked up together. */
    private final class Window {
        private final List<ChunkHeader> chunks;
        private final Marks marks;
        private final Run run;
        private final Queue<ChunkId> orphans = new ConcurrentLinkedQueue<>();
        private final AtomicInteger live = new AtomicInteger();
        private boolean stuck;

        Window(List<ChunkHeader> chunks, Marks marks, Run run) {
            this.chunks = chunks;
            this.marks = marks;
            this.run = run;
        }

        void look(boolean heals) {
            run.steps(chunks.size(), 0);
            try (Healer healer = new Healer(parts, run)) {
                parts.parallel().each(chunks, chunk -> look(chunk, healer, heals));
                stuck = live.get() > 0 && !healer.progressed();
            }
        }

        private void look(ChunkHeader chunk, Healer healer, boolean heals) {
            run.checkCancelled();
            switch (healer.owner(chunk)) {
                case Owner.Live _ -> {
                    live.incrementAndGet();
                    if (heals) {
                        healer.heal(chunk, Set.of());
                    }
                }
                case Owner.Trashed _ -> {}
                case Owner.None _ -> {
                    if (marks.ended(chunk.session(), chunk.openingRevision(), brake.givenUp())) {
                        orphans.add(chunk.id());
                    } else {
                        run.count(Counter.CHUNKS_WAITING, 1);
                    }
                }
            }
        }
    }
}
