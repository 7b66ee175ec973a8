package io.lilio.catalog.ring;

import io.lilio.catalog.ring.RingCommandRefused.Reason;
import io.lilio.placement.Endangered;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.PlacementTable;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why a ring change must not be made. Pure functions, apart from what backends tell. */
final class RingChecks {

    /** Members that a sentence names at most. */
    private static final int MAX_NAMED = 10;

    private RingChecks() {}

    static void requireEpoch(Ring ring, Intent intent) {
        if (ring.epoch() != intent.expectedEpoch()) {
            throw new RingCommandRefused(
                    Reason.STALE_EPOCH,
                    "the ring is at epoch %d, not %d as expected: look at it again"
                            .formatted(ring.epoch(), intent.expectedEpoch()));
        }
    }

    static void requireIdle(Ring ring) {
        ring.operation()
                .ifPresent(
                        running -> {
                            throw new RingCommandRefused(
                                    Reason.OPERATION_RUNNING,
                                    "operation %s (%s) is under way: wait for its end, or cancel it"
                                            .formatted(running.id(), running.type()));
                        });
    }

    /** A table can be made. */
    static void requireActive(Ring ring, List<Member> next) {
        long active = next.stream().filter(member -> member.state().placeable()).count();
        int needed = ring.replication().writeQuorum();
        if (active < needed) {
            throw new RingCommandRefused(
                    Reason.TOO_FEW_SLOTS,
                    ("all %d partitions would keep %d slots, fewer than the %d that a write needs:"
                                    + " %d active members would remain")
                            .formatted(ring.partitions(), active, needed, active));
        }
    }

    /** Each partition of the newest table has a write quorum within reach. */
    static void requireSlots(Ring changed, RingBackends backends) {
        Map<MemberId, Boolean> reachable = new HashMap<>();
        int needed = changed.replication().writeQuorum();
        int wanting = 0;
        long fewest = needed;
        for (int partition = 0; partition < changed.partitions(); partition++) {
            long inReach =
                    changed.table().members(partition).stream()
                            .filter(id -> reachable.computeIfAbsent(id, backends::reachable))
                            .count();
            if (inReach < needed) {
                wanting++;
                fewest = Math.min(fewest, inReach);
            }
        }
        if (wanting > 0) {
            throw new RingCommandRefused(
                    Reason.TOO_FEW_SLOTS,
                    ("%d of %d partitions would keep as few as %d slots within reach, and a write"
                                    + " needs %d")
                            .formatted(wanting, changed.partitions(), fewest, needed));
        }
    }

    /**
     * Each member has room for the partitions that it gets, each taken to be as large as the
     * average of those that members hold now.
     */
    static void requireSpace(Ring ring, Ring changed, RingBackends backends) {
        Map<MemberId, Integer> gains = gains(ring.table(), changed.table());
        if (gains.isEmpty()) {
            return;
        }
        double perPartition = bytesPerPartition(ring, backends);
        gains.forEach(
                (id, partitions) -> {
                    Member member = changed.member(id).orElseThrow();
                    MemberSpace space =
                            backends.space(id).orElseThrow(() -> unknownSpace(member.name(), id));
                    long bytes = (long) (partitions * perPartition);
                    if (bytes > space.freeBytes()) {
                        throw new RingCommandRefused(
                                Reason.OVER_CAPACITY,
                                ("member %s (%s/%s) would get %d partitions more, about %d bytes,"
                                                + " and has room for %d beside the %d that it holds: it lacks"
                                                + " %d bytes")
                                        .formatted(
                                                id,
                                                member.node(),
                                                member.name(),
                                                partitions,
                                                bytes,
                                                space.freeBytes(),
                                                space.usedBytes(),
                                                bytes - space.freeBytes()));
                    }
                });
    }

    /** How many partitions each member holds in one table and not in the one before. */
    private static Map<MemberId, Integer> gains(PlacementTable before, PlacementTable after) {
        Map<MemberId, Integer> gains = new HashMap<>();
        for (int partition = 0; partition < after.partitions(); partition++) {
            for (MemberId member : after.members(partition)) {
                if (!before.places(partition, member)) {
                    gains.merge(member, 1, Integer::sum);
                }
            }
        }
        return gains;
    }

    /** Of one replica. Members that do not tell are left out, as long as one does. */
    private static double bytesPerPartition(Ring ring, RingBackends backends) {
        long bytes = 0;
        long partitions = 0;
        for (MemberId id : ring.table().members()) {
            Optional<MemberSpace> space = backends.space(id);
            if (space.isPresent()) {
                bytes += space.get().usedBytes();
                partitions += ring.table().partitionsOf(id);
            }
        }
        if (partitions == 0) {
            throw new RingCommandRefused(
                    Reason.CAPACITY_UNKNOWN,
                    "no member tells how much it holds, so what others would get is not known:"
                            + " ask for the change whatever the capacity, if it is enough");
        }
        return (double) bytes / partitions;
    }

    private static RingCommandRefused unknownSpace(String name, MemberId id) {
        return new RingCommandRefused(
                Reason.CAPACITY_UNKNOWN,
                ("it is not known how much room member %s (%s) has for what it would get: ask for"
                                + " the change whatever the capacity, if it is enough")
                        .formatted(id, name));
    }

    /**
     * Of every chunk that a write quorum has acknowledged a copy remains: in each table that is
     * still needed, every partition keeps a slot of each such quorum. A slot whose member lost
     * chunks, or does not tell, keeps nothing ({@link Survivors}).
     */
    static void requireNoLoss(RingView view, List<Member> next, RingBackends backends) {
        Survivors survivors = Survivors.of(view, next, backends);
        Endangered endangered = new Endangered(view, survivors.remaining());
        int partitions = endangered.partitions();
        if (partitions > 0) {
            throw new RingCommandRefused(
                    endangered,
                    "in %d of %d partitions no copy of some chunks may remain: %s, or accept the loss"
                            .formatted(
                                    partitions, view.partitions(), remedy(survivors.doubtful())));
        }
    }

    private static String remedy(List<String> doubtful) {
        if (doubtful.isEmpty()) {
            return "bring back one of the members";
        }
        int more = doubtful.size() - MAX_NAMED;
        return ("bring back one of the members, or wait until these answer and a repair has filled"
                        + " them again: %s%s")
                .formatted(
                        String.join(
                                ", ", doubtful.subList(0, Math.min(doubtful.size(), MAX_NAMED))),
                        more > 0 ? " and %d more".formatted(more) : "");
    }
}
