package io.lilio.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes placement tables. For each partition the ring is walked clockwise from the partition's
 * position; every slot gets the best member for the slots before it, the first met among equals:
 * one of a zone that none of them uses, then of the host that is used least, then of the zone that
 * is used least. So no host holds two replicas while another one, in whatever zone, holds none. A
 * member that held the partition in the previous table keeps its slot number; the others fill the
 * gaps in the order of the walk.
 */
final class Placement {

    private final HashRing ring;
    private final int memberCount;
    private final Replication replication;

    private Placement(HashRing ring, int memberCount, Replication replication) {
        this.ring = ring;
        this.memberCount = memberCount;
        this.replication = replication;
    }

    /**
     * @param members those that the table may name; the others are passed over
     * @throws IllegalArgumentException when fewer members than a write needs can be named
     */
    static PlacementTable compute(
            List<Member> members,
            Partitioning partitioning,
            Replication replication,
            Optional<PlacementTable> previous) {
        return compute(members, partitioning, replication, previous, HashRing::new);
    }

    /** Makes a ring of members; a seam for tests that force collisions. */
    interface RingFactory {
        HashRing of(List<Member> members, int virtualNodes);
    }

    static PlacementTable compute(
            List<Member> members,
            Partitioning partitioning,
            Replication replication,
            Optional<PlacementTable> previous,
            RingFactory rings) {
        List<Member> placeable = members.stream().filter(m -> m.state().placeable()).toList();
        if (placeable.size() < replication.writeQuorum()) {
            throw new IllegalArgumentException(
                    "%d active members cannot keep %d replicas, of which a write needs %d"
                            .formatted(
                                    placeable.size(),
                                    replication.factor(),
                                    replication.writeQuorum()));
        }
        int partitions = partitioning.partitions();
        HashRing ring = rings.of(placeable, partitioning.virtualNodes());
        var placement = new Placement(ring, placeable.size(), replication);
        List<List<Optional<MemberId>>> table = new ArrayList<>(partitions);
        for (int partition = 0; partition < partitions; partition++) {
            List<MemberId> chosen = placement.choose(position(partition, partitions));
            table.add(placement.assign(chosen, slotsBefore(previous, partition)));
        }
        return PlacementTable.of(table);
    }

    /** Where the arc of a partition begins: partitions cut the circle into equal arcs. */
    private static long position(int partition, int partitions) {
        return Long.divideUnsigned(-1L, partitions) * partition;
    }

    private static List<Optional<MemberId>> slotsBefore(
            Optional<PlacementTable> previous, int partition) {
        if (previous.isEmpty()) {
            return List.of();
        }
        PlacementTable table = previous.get();
        List<Optional<MemberId>> slots = new ArrayList<>(table.width());
        for (int slot = 0; slot < table.width(); slot++) {
            slots.add(table.at(partition, slot));
        }
        return slots;
    }

    /** The members of a partition, best first. */
    private List<MemberId> choose(long position) {
        int wanted = Math.min(replication.factor(), memberCount);
        Map<String, Integer> zones = new HashMap<>();
        Map<String, Integer> hosts = new HashMap<>();
        Set<MemberId> met = new HashSet<>();
        List<Member> passedOver = new ArrayList<>();
        List<MemberId> chosen = new ArrayList<>(wanted);
        HashRing.Walk walk = ring.clockwiseFrom(position);
        // A member of an unused zone and host cannot be beaten, so it is taken as it is met; this
        // usually ends the walk long before it has gone round.
        while (chosen.size() < wanted && met.size() < memberCount && walk.hasNext()) {
            Member member = walk.next();
            if (!met.add(member.id())) {
                continue;
            }
            if (cost(member, zones, hosts) == 0) {
                take(member, zones, hosts, chosen);
            } else {
                passedOver.add(member);
            }
        }
        while (chosen.size() < wanted) {
            Member best = passedOver.getFirst();
            for (Member member : passedOver) {
                if (cost(member, zones, hosts) < cost(best, zones, hosts)) {
                    best = member;
                }
            }
            passedOver.remove(best);
            take(best, zones, hosts, chosen);
        }
        return chosen;
    }

    /** The smaller, the better. The counts are at most {@link Replication#MAX_FACTOR}. */
    private long cost(Member member, Map<String, Integer> zones, Map<String, Integer> hosts) {
        long onHost = hosts.getOrDefault(member.host(), 0);
        if (replication.spread() == Replication.Spread.HOST) {
            return onHost;
        }
        long inZone = zones.getOrDefault(member.zone(), 0);
        long zoneUsed = inZone == 0 ? 0 : 1;
        return zoneUsed << 32 | onHost << 16 | inZone;
    }

    private static void take(
            Member member,
            Map<String, Integer> zones,
            Map<String, Integer> hosts,
            List<MemberId> chosen) {
        zones.merge(member.zone(), 1, Integer::sum);
        hosts.merge(member.host(), 1, Integer::sum);
        chosen.add(member.id());
    }

    private List<Optional<MemberId>> assign(
            List<MemberId> chosen, List<Optional<MemberId>> before) {
        List<Optional<MemberId>> slots = new ArrayList<>();
        List<MemberId> newcomers = new ArrayList<>(chosen);
        for (int slot = 0; slot < replication.factor(); slot++) {
            Optional<MemberId> survivor =
                    slot < before.size()
                            ? before.get(slot).filter(chosen::contains)
                            : Optional.empty();
            survivor.ifPresent(newcomers::remove);
            slots.add(survivor);
        }
        for (int slot = 0; slot < slots.size() && !newcomers.isEmpty(); slot++) {
            if (slots.get(slot).isEmpty()) {
                slots.set(slot, Optional.of(newcomers.removeFirst()));
            }
        }
        return slots;
    }
}
