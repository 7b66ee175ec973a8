package io.lilio.maintenance.move;

import io.lilio.chunk.ChunkHeader;
import io.lilio.maintenance.repair.HealParts;
import io.lilio.maintenance.repair.Healer;
import io.lilio.maintenance.repair.MergedListing;
import io.lilio.maintenance.repair.MergedListing.Listed;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.PlacementTable;
import io.lilio.placement.Replication;
import io.lilio.placement.RingView;
import io.lilio.replication.BreakerState;
import io.lilio.replication.CopyOutcome;
import io.lilio.replication.MemberClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one partition's chunks to the newest table. The epochs before are closed already. Deletes
 * nothing (rule MOVER_DELETES_NOTHING), so that it may be broken off anywhere, begun again, and
 * done by two at once. Used by one thread at a time.
 */
final class PartitionMove {

    private static final Logger log = LoggerFactory.getLogger(PartitionMove.class);

    /** Chunks moved under one entry of the session's in-flight set. */
    private static final int WINDOW = 64;

    private final HealParts parts;
    private final RingView view;
    private final int partition;
    private final Run run;
    private final List<MemberId> slots;
    private final Set<MemberId> sources;
    private final boolean slotsStayTheSame;
    private boolean everyChunkPlaced = true;
    private boolean everySlotFilled = true;
    private boolean hasMoved;
    private Set<MemberId> listed = Set.of();

    PartitionMove(HealParts parts, RingView view, int partition, Run run) {
        this.parts = parts;
        this.view = view;
        this.partition = partition;
        this.run = run;
        this.slots = view.ring().table().members(partition);
        this.sources = view.sources(partition, view.settled().epoch(partition));
        // Where every older table names the same members, nothing is to be listed or moved.
        this.slotsStayTheSame =
                view.olderTables(partition).stream()
                        .allMatch(
                                table ->
                                        Set.copyOf(table.members(partition))
                                                .equals(Set.copyOf(slots)));
    }

    int partition() {
        return partition;
    }

    /** The members that are listed; none when nothing is to be moved. */
    Set<MemberId> sources() {
        return slotsStayTheSame ? Set.of() : sources;
    }

    /** Copies what the slots lack. */
    void copy() {
        if (slotsStayTheSame) {
            return;
        }
        List<MemberClient> asked =
                sources.stream()
                        .map(parts.members()::find)
                        .flatMap(Optional::stream)
                        .filter(member -> member.readState() != BreakerState.OPEN)
                        .toList();
        var listing = new MergedListing(asked, partition, run);
        List<Listed> window = new ArrayList<>();
        for (Listed next = listing.next(); next != null; next = listing.next()) {
            run.checkCancelled();
            if (isToBeMoved(next)) {
                window.add(next);
                if (window.size() == WINDOW) {
                    place(window);
                    window.clear();
                }
            }
        }
        place(window);
        listed = listing.complete();
    }

    /**
     * Whether all is where the newest table places it, after {@link #copy}.
     *
     * @param before what members had lost before anything was listed, by {@link
     *     MemberClient#usage}; those are not in it that did not tell
     * @param after what they have lost by now
     */
    boolean mayBeSettled(Map<MemberId, Long> before, Map<MemberId, Long> after) {
        if (slotsStayTheSame) {
            return true;
        }
        Set<MemberId> whole = new HashSet<>(listed);
        whole.removeIf(id -> !(lacksNothing(id, before) && lacksNothing(id, after)));
        return everyChunkPlaced && everySlotKeptAll(before, after) && wasListedByEnough(whole);
    }

    /** Whether some slot lacked a copy, which was made or tried. */
    boolean hasMoved() {
        return hasMoved;
    }

    /** Whether some slot lacks a copy that a repair has to make. */
    boolean isShort() {
        return !everySlotFilled;
    }

    /**
     * Of those that lost chunks and were not filled again since, or do not tell, what they hold is
     * worth copying, and what they lack proves nothing (rule REFILLING_LISTS_NOTHING).
     */
    private static boolean lacksNothing(MemberId id, Map<MemberId, Long> losses) {
        return losses.getOrDefault(id, -1L) == 0;
    }

    /**
     * A slot that lost chunks meanwhile may have lost some that had been verified (rule
     * EVERY_SLOT_VERIFIED). Once the partition is settled a repair would not miss them there, if it
     * has looked at it before.
     */
    private boolean everySlotKeptAll(Map<MemberId, Long> before, Map<MemberId, Long> after) {
        return slots.stream().allMatch(slot -> Objects.equals(before.get(slot), after.get(slot)));
    }

    /**
     * What was written under the newest table is there already; so is what every slot has listed,
     * knowing this ring.
     */
    private boolean isToBeMoved(Listed listed) {
        run.count(Counter.CHUNKS_CONFLICTING, listed.conflicting() ? 1 : 0);
        return listed.chunk().epoch() < view.epoch()
                && (listed.conflicting() || !listed.holders().containsAll(slots));
    }

    private void place(List<Listed> window) {
        if (window.isEmpty()) {
            return;
        }
        try (Healer healer = new Healer(parts, run, view.epoch())) {
            for (Listed listed : window) {
                run.checkCancelled();
                ChunkHeader chunk = listed.chunk();
                long lacking = slots.stream().filter(s -> !listed.holders().contains(s)).count();
                healer.move(chunk, sources, slots, lacking * chunk.length()).ifPresent(this::heed);
            }
        }
    }

    private void heed(CopyOutcome outcome) {
        hasMoved = true;
        everySlotFilled &= outcome.level();
        everyChunkPlaced &= isPlaced(outcome);
    }

    /**
     * Every slot has a verified copy (rule EVERY_SLOT_VERIFIED). Those that cannot take one for the
     * time being are left to repair, as long as a write quorum has one; so are those that hold
     * other bytes. One that is being tried again (HALF_OPEN) may well take it: whether it does is
     * waited for.
     */
    private boolean isPlaced(CopyOutcome outcome) {
        int verified = outcome.had().size() + outcome.copied().size();
        int quorum = Math.min(slots.size(), replication().writeQuorum());
        return verified >= quorum && outcome.failed().stream().allMatch(this::isAway);
    }

    private boolean isAway(MemberId slot) {
        return parts.members()
                .find(slot)
                .filter(
                        member ->
                                member.writeState() != BreakerState.OPEN
                                        && member.readState() != BreakerState.OPEN
                                        && member.health().writable())
                .isEmpty();
    }

    /**
     * The lists meet every write quorum of every older table (rules LIST_EVERY_OLDER_TABLE,
     * LIST_QUORUM_BY_SLOTS): what was committed under one of them has been seen. Where so many of a
     * table's members are gone that no such lists are to be had, their loss was accepted, and all
     * the others will do.
     */
    private boolean wasListedByEnough(Set<MemberId> listed) {
        for (PlacementTable table : view.olderTables(partition)) {
            List<MemberId> placed = table.members(partition);
            Set<MemberId> there = new LinkedHashSet<>(placed);
            there.removeIf(this::isUncounted);
            Set<MemberId> heard = new HashSet<>(there);
            heard.retainAll(listed);
            int needed = replication().toMeetEveryWrite(placed.size());
            if (heard.size() < Math.min(needed, there.size())) {
                return false;
            }
        }
        return true;
    }

    private boolean isUncounted(MemberId id) {
        return view.ring().member(id).map(Member::state).filter(s -> s.counted()).isEmpty();
    }

    private Replication replication() {
        return view.ring().replication();
    }
}
