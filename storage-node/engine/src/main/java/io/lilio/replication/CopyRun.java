package io.lilio.replication;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.ChunkConflictException;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkMissingException;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.placement.MemberId;
import io.lilio.replication.Replica.Knowledge;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a {@link ChunkCopier}. Used by one thread. */
final class CopyRun {

    private static final Logger log = LoggerFactory.getLogger(CopyRun.class);

    private final Members members;
    private final BufferPool buffers;
    private final ChunkId chunk;
    private final List<Replica> replicas;

    private final Set<MemberId> had = new LinkedHashSet<>();
    private final Set<MemberId> copied = new LinkedHashSet<>();
    private final Set<MemberId> failed = new LinkedHashSet<>();
    private final Set<MemberId> conflicting = new LinkedHashSet<>();

    CopyRun(Members members, BufferPool buffers, ChunkId chunk, List<Replica> replicas) {
        this.members = members;
        this.buffers = buffers;
        this.chunk = chunk;
        this.replicas = replicas;
    }

    CopyOutcome copy(Set<MemberId> targets, Set<MemberId> suspects) {
        Optional<ChunkHeader> agreed = agreedHeader();
        List<Replica> lacking = new ArrayList<>();
        List<Replica> sources = new ArrayList<>();
        for (Replica replica : replicas) {
            boolean differs =
                    replica.header != null && agreed.filter(replica.header::samePayload).isEmpty();
            if (differs) {
                conflict(replica, targets);
                continue;
            }
            boolean good =
                    replica.knowledge == Knowledge.PRESENT
                            && !(suspects.contains(replica.member) && isBad(replica));
            if (good) {
                sources.add(replica);
            }
            if (targets.contains(replica.member)) {
                if (good) {
                    had.add(replica.member);
                } else if (replica.bad()) {
                    lacking.add(replica);
                } else {
                    failed.add(replica.member);
                }
            }
        }
        List<Replica> takers = lacking.stream().filter(CopyRun::takesWrites).toList();
        lacking.stream()
                .filter(replica -> !takers.contains(replica))
                .forEach(replica -> failed.add(replica.member));
        if (!takers.isEmpty()) {
            fill(takers, sources);
        }
        boolean sourceless =
                replicas.stream().allMatch(Replica::answered)
                        && sources.stream().noneMatch(s -> s.knowledge == Knowledge.PRESENT);
        return new CopyOutcome(
                Set.copyOf(had),
                Set.copyOf(copied),
                Set.copyOf(failed),
                Set.copyOf(conflicting),
                sourceless);
    }

    /** As far as is known without asking it: before a whole chunk is read for it in vain. */
    private static boolean takesWrites(Replica replica) {
        MemberClient client = replica.client;
        return client != null
                && client.health().writable()
                && client.writeState() != BreakerState.OPEN;
    }

    /** What most of those who have it hold; nothing when two kinds are equally frequent. */
    private Optional<ChunkHeader> agreedHeader() {
        ChunkHeader best = null;
        long bestCount = 0;
        boolean tie = false;
        for (Replica replica : replicas) {
            ChunkHeader header = replica.header;
            if (header == null || best != null && best.samePayload(header)) {
                continue;
            }
            long count =
                    replicas.stream()
                            .filter(r -> r.header != null && r.header.samePayload(header))
                            .count();
            if (count > bestCount) {
                best = header;
                bestCount = count;
                tie = false;
            } else if (count == bestCount) {
                tie = true;
            }
        }
        return tie ? Optional.empty() : Optional.ofNullable(best);
    }

    private void conflict(Replica replica, Set<MemberId> targets) {
        log.error("chunk {}: member {} holds other bytes than the rest", chunk, replica.member);
        members.listener().conflictingReplicas(chunk);
        if (targets.contains(replica.member)) {
            conflicting.add(replica.member);
        }
    }

    /** Whether a suspect's copy is bad indeed; it may have been mended since it was suspected. */
    private boolean isBad(Replica replica) {
        MemberClient client = replica.client;
        if (client == null) {
            return true;
        }
        try {
            client.verify(chunk);
            return false;
        } catch (ChunkCorruptException | ChunkMissingException e) {
            log.warn("member {}: {}", client.member().name(), e.getMessage());
            replica.knowledge = Knowledge.CORRUPT;
        } catch (RuntimeException e) {
            log.info("member {} cannot tell about {}: {}", client.member().name(), chunk, e);
            replica.knowledge = Knowledge.UNREACHABLE;
        }
        return true;
    }

    /**
     * What turns out about sources that cannot be read is noted with them; a target among them
     * whose copy is bad gets a good one like the others.
     */
    private void fill(List<Replica> lacking, List<Replica> sources) {
        List<Replica> takers = new ArrayList<>(lacking);
        for (Replica source : sources) {
            ChunkHeader header = source.header;
            MemberClient client = source.client;
            if (header == null || client == null) {
                continue;
            }
            try (PooledBuffer buffer =
                    buffers.acquire(header.length(), members.settings().putDeadline())) {
                ChunkHeader read = readWhole(source, client, header.length(), buffer, takers);
                if (read != null) {
                    for (Replica target : takers) {
                        place(target, read, buffer);
                    }
                    return;
                }
            }
        }
        takers.forEach(replica -> failed.add(replica.member));
    }

    /**
     * @param takers gets the source too when that turns out to hold a bad copy and should hold one
     * @return null when it cannot be read there
     */
    private @Nullable ChunkHeader readWhole(
            Replica source,
            MemberClient client,
            int length,
            PooledBuffer buffer,
            List<Replica> takers) {
        try {
            return client.read(chunk, 0, buffer, length);
        } catch (ChunkCorruptException | ChunkMissingException e) {
            source.knowledge = Knowledge.CORRUPT;
            if (had.remove(source.member)) {
                takers.add(source);
            }
            log.warn("no copy from member {}: {}", client.member().name(), e.getMessage());
        } catch (ChunkStoreException e) {
            source.knowledge = Knowledge.UNREACHABLE;
            if (had.remove(source.member)) {
                failed.add(source.member);
            }
            log.warn("no copy from member {}: {}", client.member().name(), e.getMessage());
        }
        return null;
    }

    private void place(Replica target, ChunkHeader header, PooledBuffer payload) {
        MemberClient client = target.client;
        if (client == null) {
            failed.add(target.member);
            return;
        }
        try {
            client.put(header, payload); // replaces what is damaged, and nothing that is not
            copied.add(target.member);
        } catch (ChunkConflictException e) {
            log.error("member {}: {}", client.member().name(), e.getMessage());
            members.listener().conflictingReplicas(chunk);
            conflicting.add(target.member);
        } catch (ChunkMissingException | ChunkCorruptException | BackendException e) {
            log.info("no copy to member {}: {}", client.member().name(), e.getMessage());
            failed.add(target.member);
        }
    }
}
