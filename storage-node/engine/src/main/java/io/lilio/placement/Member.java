package io.lilio.placement;

/**
 * A backend with an identity in the ring.
 *
 * @param id its identity
 * @param name the backend's name in its node's configuration, for people and metrics
 * @param node the process that hosts it
 * @param host the machine; replicas prefer distinct ones
 * @param zone the zone; replicas prefer distinct ones. Empty when there are no zones
 * @param weight its share relative to the others, 1 to {@link #MAX_WEIGHT}
 * @param state what it may be used for
 */
public record Member(
        MemberId id,
        String name,
        String node,
        String host,
        String zone,
        int weight,
        MemberState state) {

    /** Bounds the virtual nodes of one member. */
    public static final int MAX_WEIGHT = 1_000;

    public Member {
        if (weight < 1 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "the weight of member %s is 1 to %d, not %d"
                            .formatted(name, MAX_WEIGHT, weight));
        }
    }

    public Member withState(MemberState next) {
        return new Member(id, name, node, host, zone, weight, next);
    }

    public Member withWeight(int next) {
        return new Member(id, name, node, host, zone, next, state);
    }

    /** The same member on another machine, as far as is known. */
    public Member withPlace(String nextHost, String nextZone) {
        return new Member(id, name, node, nextHost, nextZone, weight, state);
    }
}
