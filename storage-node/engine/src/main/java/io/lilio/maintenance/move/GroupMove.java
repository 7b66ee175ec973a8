package io.lilio.maintenance.move;

import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.maintenance.repair.HealParts;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.placement.MemberId;
import io.lilio.placement.RingView;
import io.lilio.replication.BreakerState;
import io.lilio.replication.MemberClient;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves some partitions and settles them: one that lacked copies at once, so that what was done is
 * not looked at again should this process end, and the others together. What members have lost is
 * asked once before any of them is listed and once after all are (rules REFILLING_LISTS_NOTHING,
 * EVERY_SLOT_VERIFIED): where partitions hold little, that question and the settling would be most
 * of what they take. Used by one thread.
 */
final class GroupMove {

    private static final Logger log = LoggerFactory.getLogger(GroupMove.class);

    private final HealParts parts;
    private final RingStore store;
    private final RingView view;
    private final Run run;

    /**
     * @param view whose newest table they are moved to; the epochs before are closed
     */
    GroupMove(HealParts parts, RingStore store, RingView view, Run run) {
        this.parts = parts;
        this.store = store;
        this.view = view;
        this.run = run;
    }

    /**
     * @param partitions that are not settled at the newest epoch of the view
     * @param settlingShort run before a partition is settled although some slot lacks a copy
     * @return whether all of them are settled, or the ring has moved on; if not, members that are
     *     needed did not answer
     */
    boolean carryOut(Collection<Integer> partitions, Runnable settlingShort) {
        List<PartitionMove> moves =
                partitions.stream()
                        .map(partition -> new PartitionMove(parts, view, partition, run))
                        .toList();
        Set<MemberId> sources =
                moves.stream()
                        .flatMap(move -> move.sources().stream())
                        .collect(Collectors.toUnmodifiableSet());
        Map<MemberId, Long> before = losses(sources);
        Queue<PartitionMove> rest = new ConcurrentLinkedQueue<>();
        AtomicInteger settled = new AtomicInteger();
        parts.parallel()
                .each(
                        moves,
                        move -> {
                            run.checkCancelled();
                            move.copy();
                            if (move.hasMoved()) {
                                var after = losses(move.sources());
                                settled.addAndGet(
                                        settle(List.of(move), before, after, settlingShort));
                            } else {
                                rest.add(move);
                            }
                        });
        settled.addAndGet(settle(rest, before, losses(sources), settlingShort));
        return settled.get() == moves.size();
    }

    /**
     * @return how many may be: they are settled, or the ring has moved on
     */
    private int settle(
            Collection<PartitionMove> moves,
            Map<MemberId, Long> before,
            Map<MemberId, Long> after,
            Runnable settlingShort) {
        List<PartitionMove> ready =
                moves.stream().filter(move -> move.mayBeSettled(before, after)).toList();
        ready.stream().filter(PartitionMove::isShort).forEach(_ -> settlingShort.run());
        List<Integer> partitions = ready.stream().map(PartitionMove::partition).toList();
        run.count(Counter.PARTITIONS, store.settle(partitions, view));
        run.count(Counter.PARTITIONS_INCOMPLETE, moves.size() - ready.size());
        return ready.size();
    }

    /**
     * What members say that they have lost; those are left out that do not tell, or are not asked
     * for anything for a while.
     */
    private Map<MemberId, Long> losses(Set<MemberId> of) {
        Map<MemberId, Long> losses = new ConcurrentHashMap<>();
        List<MemberClient> asked =
                of.stream()
                        .map(parts.members()::find)
                        .flatMap(Optional::stream)
                        .filter(member -> member.readState() != BreakerState.OPEN)
                        .toList();
        parts.parallel()
                .each(
                        asked,
                        member -> {
                            try {
                                losses.put(member.member().id(), member.usage().loss());
                            } catch (ChunkStoreException e) {
                                log.debug(
                                        "{} does not tell whether it lacks something",
                                        member.member(),
                                        e);
                            }
                        });
        return losses;
    }
}
