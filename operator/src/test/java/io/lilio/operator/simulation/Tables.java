package io.lilio.operator.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Which members have a partition: other zones before other hosts before other members. Pure. */
final class Tables {

    private Tables() {}

    /** The slots of each partition. */
    static List<List<UUID>> of(List<SimulatedRing.Member> active) {
        List<List<UUID>> table = new ArrayList<>();
        for (int partition = 0; partition < SimulatedRing.PARTITIONS; partition++) {
            table.add(slots(active, partition));
        }
        return table;
    }

    private static List<UUID> slots(List<SimulatedRing.Member> active, int partition) {
        List<SimulatedRing.Member> ranked =
                active.stream()
                        .sorted(Comparator.comparing(member -> rank(member.id(), partition)))
                        .toList();
        Set<SimulatedRing.Member> chosen = new LinkedHashSet<>();
        pick(ranked, SimulatedRing.Member::zone, chosen);
        pick(ranked, SimulatedRing.Member::host, chosen);
        pick(ranked, SimulatedRing.Member::id, chosen);
        return chosen.stream().map(SimulatedRing.Member::id).toList();
    }

    private static void pick(
            List<SimulatedRing.Member> ranked,
            Function<SimulatedRing.Member, Object> place,
            Set<SimulatedRing.Member> chosen) {
        Set<Object> taken = new HashSet<>();
        chosen.forEach(member -> taken.add(place.apply(member)));
        for (SimulatedRing.Member member : ranked) {
            if (chosen.size() < SimulatedRing.FACTOR
                    && !chosen.contains(member)
                    && taken.add(place.apply(member))) {
                chosen.add(member);
            }
        }
    }

    private static long rank(UUID id, int partition) {
        long mixed = id.getMostSignificantBits() ^ id.getLeastSignificantBits() * 31 ^ partition;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
