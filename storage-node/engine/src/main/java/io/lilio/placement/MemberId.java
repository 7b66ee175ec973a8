package io.lilio.placement;

import java.util.UUID;

/**
 * The identity of a member, kept in its backend itself and never used again for another. Ordered as
 * unsigned bits.
 */
public record MemberId(UUID value) implements Comparable<MemberId> {

    @Override
    public int compareTo(MemberId other) {
        int high =
                Long.compareUnsigned(
                        value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(
                        value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
