package io.lilio.maintenance.repair;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.owner.Owner;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkDeletedException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.InFlight;
import io.lilio.placement.MemberId;
import io.lilio.placement.RingView;
import io.lilio.replication.CopyOutcome;
import io.lilio.replication.MemberClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heals a bounded number of chunks while it is in flight in its session. It registers before it
 * reads an owner (rule REGISTER_BEFORE_READ), so what it finds alive is not swept from under it,
 * and neither a copy that it makes nor a confirmation that it sends can outlive its chunk's owner
 * unnoticed. Thread-safe; closed soon, since it holds back its session's mark.
 */
public final class Healer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Healer.class);

    private final HealParts parts;
    private final Run run;
    private final InFlight inFlight;
    private final Map<BlobId, Owner> owners = new ConcurrentHashMap<>();
    private final Map<MemberId, List<ChunkId>> level = new HashMap<>();
    private final long epoch;
    private volatile boolean progressed;

    /** Joins the session's in-flight set. */
    public Healer(HealParts parts, Run run) {
        this(parts, run, parts.ring().current().epoch());
    }

    /**
     * The same for a mover.
     *
     * @param epoch of the ring that it works by: what it finds level there is confirmed only while
     *     that ring is the newest. Else it would confirm a copy where a newer table wants none,
     *     which nobody would find when its blob is swept
     */
    public Healer(HealParts parts, Run run, long epoch) {
        this.parts = parts;
        this.inFlight = parts.sessions().begin();
        this.run = run;
        this.epoch = epoch;
    }

    /** Who owns a chunk's blob, read since this healer began. */
    public Owner owner(ChunkHeader chunk) {
        BlobId blob = chunk.id().blob();
        Owner known = owners.get(blob);
        if (known != null) {
            return known;
        }
        // Not within the map's own lock: a look-up waits for the metadata.
        Owner found = parts.owners().find(chunk.owner(), blob);
        owners.put(blob, found);
        return found;
    }

    /**
     * Brings a chunk level if it has an owner. Where all its slots hold it then, their unconfirmed
     * marks are taken off when this healer is closed; not while a ring change gives it other slots
     * (rule CONFIRM_BY_NEWEST_TABLE), by which it may be settled meanwhile, so that nobody would
     * look for the copy that was put here.
     *
     * @param suspects members whose copy is known to be bad
     * @return slots that may still lack it although a good copy is or may be there
     */
    public Set<MemberId> heal(ChunkHeader chunk, Collection<MemberId> suspects) {
        if (!(owner(chunk) instanceof Owner.Live)) {
            return Set.of();
        }
        run.step(chunk.length());
        Optional<RingView> known = parts.ring().find(chunk.epoch());
        if (known.isEmpty()) {
            log.error("chunk {} was written under epoch {}, unknown", chunk.id(), chunk.epoch());
            run.count(Counter.CHUNKS_UNREPAIRED, 1);
            return Set.of();
        }
        RingView view = known.get();
        int partition = chunk.id().partition(view.partitions());
        Set<MemberId> sources = view.sources(partition, chunk.epoch());
        List<MemberId> slots = view.slots(partition, chunk.epoch());
        Optional<CopyOutcome> outcome = bringLevel(chunk, sources, slots, suspects);
        boolean level = outcome.filter(CopyOutcome::level).isPresent();
        if (level && Set.copyOf(slots).equals(Set.copyOf(view.ring().table().members(partition)))) {
            confirmLater(chunk.id(), slots);
        }
        return outcome.filter(tried -> !tried.sourceless())
                .map(CopyOutcome::failed)
                .orElseGet(Set::of);
    }

    /**
     * Sees to it that the slots of a newer table hold a chunk, if it has an owner (rule
     * MOVER_READS_OWNER), for which the trash counts (rule MOVER_TAKES_TRASHED): until it is swept,
     * some reader may be at it. Copies carry the unconfirmed mark (rule COPIES_ARE_UNCONFIRMED),
     * which is taken off as after {@link #heal}.
     *
     * @param bytes that are to be copied, as far as is known before
     * @return empty when nobody owns it
     */
    public Optional<CopyOutcome> move(
            ChunkHeader chunk, Set<MemberId> sources, List<MemberId> slots, long bytes) {
        Owner owner = owner(chunk);
        if (owner instanceof Owner.None) {
            return Optional.empty();
        }
        run.step(bytes);
        Optional<CopyOutcome> outcome = bringLevel(chunk, sources, slots, Set.of());
        if (outcome.filter(CopyOutcome::level).isPresent() && owner instanceof Owner.Live) {
            confirmLater(chunk.id(), slots);
        }
        return outcome;
    }

    /** Empty when it was deleted meanwhile, so that nobody owns it any more. */
    private Optional<CopyOutcome> bringLevel(
            ChunkHeader chunk,
            Set<MemberId> sources,
            List<MemberId> slots,
            Collection<MemberId> suspects) {
        CopyOutcome outcome;
        try {
            outcome = parts.copier().bringLevel(chunk.id(), sources, slots, suspects);
        } catch (ChunkDeletedException e) {
            return Optional.empty();
        } catch (ChunkStoreException | ObjectStoreException e) {
            log.debug("chunk {} could not be brought level", chunk.id(), e);
            outcome = CopyOutcome.allFailed(slots);
        }
        if (outcome.level() || !outcome.copied().isEmpty()) {
            progressed = true;
        }
        run.count(Counter.CHUNKS_COPIED, outcome.copied().size());
        run.count(Counter.BYTES, (long) outcome.copied().size() * chunk.length());
        run.count(Counter.CHUNKS_CONFLICTING, outcome.conflicting().isEmpty() ? 0 : 1);
        run.count(Counter.CHUNKS_UNREPAIRED, outcome.level() ? 0 : 1);
        return Optional.of(outcome);
    }

    /** Whether anything was copied or found level. */
    public boolean progressed() {
        return progressed;
    }

    private synchronized void confirmLater(ChunkId chunk, List<MemberId> slots) {
        for (MemberId slot : slots) {
            level.computeIfAbsent(slot, member -> new ArrayList<>()).add(chunk);
        }
    }

    /** Confirms what is level (rule CONFIRM_WHILE_LIVE), then leaves the in-flight set. */
    @Override
    public void close() {
        try (inFlight) {
            if (!level.isEmpty() && sessionLives()) {
                level.forEach(this::confirm);
            }
        }
    }

    /**
     * Asked after the last copy: until then its mark has held, so nothing was swept that was copied
     * here. A session that ended before may have let go of a chunk whose copy has landed since.
     */
    private boolean sessionLives() {
        try {
            return parts.sessions().live().lives(inFlight.session().incarnation());
        } catch (MetadataUnavailableException e) {
            log.debug("nothing is confirmed: nobody knows whether the session lives", e);
            return false;
        }
    }

    private void confirm(MemberId slot, List<ChunkId> chunks) {
        Optional<MemberClient> member = parts.members().find(slot);
        if (member.isEmpty()) {
            return;
        }
        try {
            member.get().confirm(chunks, epoch);
            run.count(Counter.CHUNKS_CONFIRMED, chunks.size());
        } catch (ChunkStoreException e) {
            // The marks stay, and the member looks them up again.
            log.debug("{} did not take {} confirmations", slot, chunks.size(), e);
        }
    }
}
