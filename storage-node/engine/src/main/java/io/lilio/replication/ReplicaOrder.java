package io.lilio.replication;

import io.lilio.placement.MemberId;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts replicas in the order in which they are read: fast of late, little under way, near. What is
 * within a factor of two counts as equal and stays in slot order, so that in quiet times a chunk is
 * always read from the same place and cached once. Thread-safe.
 */
final class ReplicaOrder {

    private static final double FLOOR_NANOS = 100_000;
    private static final double SAME_ZONE_COST = 2;
    private static final double OTHER_ZONE_COST = 4;

    /** A member that keeps failing is the last resort. */
    private static final int HALF_OPEN = 1_000;

    private static final int OPEN = 2_000;

    private final Members members;

    ReplicaOrder(Members members) {
        this.members = members;
    }

    /** The members' replicas, best first. */
    List<Replica> of(List<MemberId> slots) {
        long now = members.time().nanos();
        List<Replica> ordered = new ArrayList<>(slots.size());
        int[] costs = new int[slots.size()];
        for (MemberId slot : slots) {
            Replica replica = new Replica(slot, members.find(slot).orElse(null));
            int cost = cost(replica, now);
            int at = ordered.size();
            while (at > 0 && costs[at - 1] > cost) {
                costs[at] = costs[at - 1];
                at--;
            }
            costs[at] = cost;
            ordered.add(at, replica);
        }
        return ordered;
    }

    /** The logarithm of what reading from it costs. */
    private int cost(Replica replica, long now) {
        MemberClient client = replica.client;
        if (client == null) {
            return Integer.MAX_VALUE;
        }
        double nanos = client.readLatency().estimate(now) + FLOOR_NANOS;
        double load = 1 + client.reads().inFlight();
        int cost = Math.getExponent(nanos * load * distance(client.member()));
        return switch (client.readState()) {
            case CLOSED -> cost;
            case HALF_OPEN -> cost + HALF_OPEN;
            case OPEN -> cost + OPEN;
        };
    }

    private double distance(MemberStore member) {
        if (member.local()) {
            return 1;
        }
        return members.inOwnZone(member) ? SAME_ZONE_COST : OTHER_ZONE_COST;
    }
}
