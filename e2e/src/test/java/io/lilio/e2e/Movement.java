package io.lilio.e2e;

import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.RingStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a change of the ring moves, and what it would have to move: from what members hold, and from
 * what the runs of rebalance say that they copied.
 */
final class Movement {

    private final StoreCluster cluster;
    private final RingStatus before;
    private final Map<UUID, Long> heldBefore;
    private final Set<String> runsBefore;

    private Movement(StoreCluster cluster) {
        AdminClient admin = cluster.admin();
        this.cluster = cluster;
        this.before = admin.ring();
        this.heldBefore = held(admin);
        this.runsBefore =
                admin.operations("rebalance").stream()
                        .map(OperationStatus::id)
                        .collect(Collectors.toSet());
    }

    /** Looks at the cluster before the change. */
    static Movement begin(StoreCluster cluster) {
        return new Movement(cluster);
    }

    /**
     * What was moved, in bytes of payload.
     *
     * @param idealBytes what the partitions hold, in the middle between before and after, that
     *     members have got and had not before
     * @param copiedBytes what the rebalances copied
     * @param gainedBytes what members hold more than before, of those that have got partitions
     */
    record Moved(long idealBytes, long copiedBytes, long gainedBytes) {

        double copiedShare() {
            return (double) copiedBytes / idealBytes;
        }

        double gainedShare() {
            return (double) gainedBytes / idealBytes;
        }
    }

    /** What was moved since the beginning, as it is now. */
    Moved moved() {
        AdminClient admin = cluster.admin();
        RingStatus after = admin.ring();
        Map<UUID, Long> heldAfter = held(admin);
        Map<UUID, Integer> partitionsBefore = partitions(before);
        long gainedPartitions = 0;
        long gained = 0;
        for (Map.Entry<UUID, Integer> member : partitions(after).entrySet()) {
            UUID id = member.getKey();
            int more = member.getValue() - partitionsBefore.getOrDefault(id, 0);
            if (more > 0) {
                gainedPartitions += more;
                gained += heldAfter.getOrDefault(id, 0L) - heldBefore.getOrDefault(id, 0L);
            }
        }
        long copied =
                admin.operations("rebalance").stream()
                        .filter(run -> !runsBefore.contains(run.id()))
                        .mapToLong(run -> run.counts().getOrDefault("bytes", 0L))
                        .sum();
        long oneCopy = (sum(heldBefore) + sum(heldAfter)) / 2 / after.replication().factor();
        return new Moved(gainedPartitions * oneCopy / after.partitions(), copied, gained);
    }

    private static long sum(Map<UUID, Long> held) {
        return held.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<UUID, Integer> partitions(RingStatus ring) {
        return ring.members().stream()
                .collect(Collectors.toMap(RingMember::id, RingMember::partitions));
    }

    private static Map<UUID, Long> held(AdminClient admin) {
        Map<UUID, Long> held = new TreeMap<>();
        for (MemberStatus member : admin.members()) {
            if (member.usage() != null) {
                held.put(member.id(), member.usage().payloadBytes());
            }
        }
        return held;
    }
}
