package io.lilio.maintenance.collect;

import io.lilio.placement.MemberId;
import java.time.Duration;
import java.util.Set;

/**
 * How often trash is swept that some member which is away keeps from going: at once from all who
 * are there, so that their space is free, and then ever more seldom, for what came to it since. Not
 * thread-safe.
 */
final class AwayBackOff {

    static final Duration LEAST = Duration.ofMinutes(1);
    static final Duration MOST = Duration.ofMinutes(16);

    private Set<MemberId> sweptWithout = Set.of();
    private Duration rest = LEAST;
    private long nextNanos;

    /**
     * Whether a pass sweeps what waits for members that are away. It does when one is back without
     * whom the last was made. Asked once by each pass that finds a member away.
     */
    boolean sweeps(AwayMembers away, long nowNanos) {
        boolean nobodyIsBack = !sweptWithout.isEmpty() && away.ids().containsAll(sweptWithout);
        if (nobodyIsBack && nowNanos - nextNanos < 0) {
            return false;
        }
        Duration longer = rest.multipliedBy(2);
        rest = nobodyIsBack ? (longer.compareTo(MOST) < 0 ? longer : MOST) : LEAST;
        sweptWithout = away.ids();
        nextNanos = nowNanos + rest.toNanos();
        return true;
    }

    /** A whole pass found that nothing waits for anybody. */
    void allIsWell() {
        sweptWithout = Set.of();
    }
}
