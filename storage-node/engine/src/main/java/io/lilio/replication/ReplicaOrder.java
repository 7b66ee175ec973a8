package io.lilio.replication;

import io.lilio.placement.MemberId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts replicas in the order in which they are read: fast of late, little under way, near. What
 * costs less than twice as much as the best stays in slot order, so that in quiet times a chunk is
 * always read from the same place and cached once. Thread-safe.
 */
final class ReplicaOrder {

    private static final double FLOOR_NANOS = 100_000;
    private static final double SAME_ZONE_COST = 2;
    private static final double OTHER_ZONE_COST = 4;

    /** So many calls double what the next one costs: fewer keep no disk from answering. */
    private static final double CALLS_AT_ONCE = 8;

    /** A member that keeps failing is the last resort. */
    private static final int HALF_OPEN = 1_000;

    private static final int OPEN = 2_000;

    private final Members members;
    private final ChunkLocator locator;

    ReplicaOrder(Members members, ChunkLocator locator) {
        this.members = members;
        this.locator = locator;
    }

    /** The members' replicas, best first. */
    List<Replica> of(List<MemberId> slots) {
        long now = members.time().nanos();
        Replica[] replicas = new Replica[slots.size()];
        double[] costs = new double[replicas.length];
        double least = Double.MAX_VALUE;
        for (int i = 0; i < replicas.length; i++) {
            MemberClient client = members.find(slots.get(i)).orElse(null);
            replicas[i] = new Replica(slots.get(i), client);
            costs[i] = cost(client, now);
            if (client != null && client.readState() == BreakerState.CLOSED) {
                least = Math.min(least, costs[i]);
            }
        }
        List<Replica> ordered = new ArrayList<>(replicas.length);
        int[] ranks = new int[replicas.length];
        for (int i = 0; i < replicas.length; i++) {
            int rank = rank(replicas[i].client, Math.max(1, costs[i] / least));
            int at = ordered.size();
            while (at > 0 && ranks[at - 1] > rank) {
                ranks[at] = ranks[at - 1];
                at--;
            }
            ranks[at] = rank;
            ordered.add(at, replicas[i]);
        }
        return ordered;
    }

    /** What reading from it would cost, in nanoseconds of a near and idle member. */
    private double cost(@Nullable MemberClient client, long now) {
        if (client == null) {
            return Double.MAX_VALUE;
        }
        double nanos = client.readLatency().estimate(now) + FLOOR_NANOS;
        double load = 1 + client.reads().inFlight() / CALLS_AT_ONCE;
        return nanos * load * distance(client.member());
    }

    /**
     * @param ratio to the least cost among those that do not keep failing, 1 at least
     */
    private static int rank(@Nullable MemberClient client, double ratio) {
        if (client == null) {
            return Integer.MAX_VALUE;
        }
        int doublings = Math.getExponent(ratio);
        return switch (client.readState()) {
            case CLOSED -> doublings;
            case HALF_OPEN -> doublings + HALF_OPEN;
            case OPEN -> doublings + OPEN;
        };
    }

    private double distance(MemberStore member) {
        if (member.local()) {
            return 1;
        }
        return locator.inOwnZone(member.id()) ? SAME_ZONE_COST : OTHER_ZONE_COST;
    }
}
