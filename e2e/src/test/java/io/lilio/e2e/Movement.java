package io.lilio.e2e;

import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.OperationStatus;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a change of the ring moves, and what it has to move: to the byte, as long as nobody writes
 * or removes chunks meanwhile. Partitions differ in size, so their number does not tell.
 */
final class Movement {

    /** Copies that are written late, and those that a member is not to have any more. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final StoreCluster cluster;
    private final Map<UUID, Long> heldBefore;
    private final Set<String> runsBefore;

    private Movement(StoreCluster cluster) {
        AdminClient admin = cluster.admin();
        this.cluster = cluster;
        this.heldBefore = held(admin);
        this.runsBefore =
                admin.operations("rebalance").stream()
                        .map(OperationStatus::id)
                        .collect(Collectors.toSet());
    }

    /**
     * Looks at a cluster before the change that has as many members as copies, so that each has
     * everything; waits until it does.
     */
    static Movement begin(StoreCluster cluster) {
        AdminClient admin = cluster.admin();
        int copies = admin.ring().replication().factor();
        Await.until(
                "each of %d members holds the same".formatted(copies),
                PATIENCE,
                () -> {
                    Map<UUID, Long> held = held(admin);
                    return held.size() == copies && Set.copyOf(held.values()).size() == 1
                            ? ""
                            : "they hold " + held;
                });
        return new Movement(cluster);
    }

    /**
     * What was moved, in bytes of payload.
     *
     * @param idealBytes what the new members hold: who was there before had everything
     * @param copiedBytes what the rebalances copied
     */
    record Moved(long idealBytes, long copiedBytes) {

        /** Bytes copied for each that had to be. */
        double share() {
            return (double) copiedBytes / idealBytes;
        }
    }

    /**
     * What was moved since the beginning. Waits until nobody holds more than it has to: until all
     * hold together what they held before.
     */
    Moved moved() {
        AdminClient admin = cluster.admin();
        long everything = sum(heldBefore);
        Await.until(
                "all members hold together what they held before",
                PATIENCE,
                () -> {
                    Map<UUID, Long> held = held(admin);
                    return sum(held) == everything
                            ? ""
                            : "%d bytes, not %d: %s".formatted(sum(held), everything, held);
                });
        Map<UUID, Long> gained = held(admin);
        gained.keySet().removeAll(heldBefore.keySet());
        long copied =
                admin.operations("rebalance").stream()
                        .filter(run -> !runsBefore.contains(run.id()))
                        .mapToLong(run -> run.counts().getOrDefault("bytes", 0L))
                        .sum();
        return new Moved(sum(gained), copied);
    }

    private static long sum(Map<UUID, Long> held) {
        return held.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Of all members that are there; fails when one of them does not tell. */
    private static Map<UUID, Long> held(AdminClient admin) {
        Map<UUID, Long> held = new TreeMap<>();
        for (MemberStatus member : admin.members()) {
            MemberStatus.Usage usage = member.usage();
            if (usage != null) {
                held.put(member.id(), usage.payloadBytes());
            } else if (member.state().equals("ACTIVE")) {
                throw new IllegalStateException(member.node() + " does not tell what it holds");
            }
        }
        return held;
    }
}
