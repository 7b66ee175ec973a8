package io.lilio.placement;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * Consistent hashing with virtual nodes (Karger et al., "Consistent Hashing and Random Trees",
 * 1997): virtual nodes × weight positions per member on a circle of 64 bits. Immutable.
 *
 * <p>Positions depend on member and number alone, so a member that joins or leaves takes or gives
 * only its own arcs.
 */
final class HashRing {

    /** Where a virtual node lies. Tests force collisions through it. */
    @FunctionalInterface
    interface Positions {
        /**
         * @param retry 0 at first; one more each time the position was taken already
         */
        long position(MemberId member, int virtualNode, int retry);
    }

    /** Sorted as unsigned. */
    private final long[] positions;

    /** Parallel to positions. */
    private final Member[] owners;

    /**
     * @param virtualNodes of a member of weight 1
     */
    HashRing(List<Member> members, int virtualNodes) {
        this(members, virtualNodes, HashRing::mixedPosition);
    }

    HashRing(List<Member> members, int virtualNodes, Positions hash) {
        Map<Long, Member> taken = new HashMap<>();
        // In order of ids, so that the outcome of a collision does not depend on the list's order.
        List<Member> ordered = members.stream().sorted((a, b) -> a.id().compareTo(b.id())).toList();
        for (Member member : ordered) {
            for (int node = 0; node < virtualNodes * member.weight(); node++) {
                int retry = 0;
                while (taken.putIfAbsent(hash.position(member.id(), node, retry), member) != null) {
                    retry++;
                }
            }
        }
        positions = new long[taken.size()];
        int next = 0;
        for (long position : taken.keySet()) {
            positions[next++] = position ^ Long.MIN_VALUE;
        }
        Arrays.sort(positions);
        owners = new Member[positions.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] ^= Long.MIN_VALUE;
            owners[i] = Objects.requireNonNull(taken.get(positions[i]));
        }
    }

    /** Members as they are met clockwise from a position, each as often as its virtual nodes. */
    Walk clockwiseFrom(long position) {
        return new Walk(firstAtOrAfter(position));
    }

    private int firstAtOrAfter(long position) {
        int low = 0;
        int high = positions.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(positions[middle], position) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** One turn around the circle. */
    final class Walk {
        private final int start;
        private int steps;

        private Walk(int start) {
            this.start = start;
        }

        boolean hasNext() {
            return steps < owners.length;
        }

        Member next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the walk has gone round");
            }
            return owners[(start + steps++) % owners.length];
        }
    }

    int size() {
        return positions.length;
    }

    private static long mixedPosition(MemberId member, int virtualNode, int retry) {
        long state = mix(member.value().getMostSignificantBits() + 0x9E3779B97F4A7C15L);
        state = mix(state ^ member.value().getLeastSignificantBits());
        state = mix(state + 0x9E3779B97F4A7C15L * (virtualNode + 1L));
        return mix(state ^ Integer.toUnsignedLong(retry));
    }

    /**
     * The finaliser of SplitMix64 (Steele, Lea, Flood, 2014): every bit in flips half of those out.
     */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
