package io.lilio.maintenance.collect;

import io.lilio.placement.MemberId;
import java.time.Duration;
import java.util.Set;

/**
 * Which trash is swept that some member which is away keeps from going: what has come since the
 * last pass from all who are there, so that their space is free; what they were asked to delete
 * before only ever more seldom, for calls that failed. Not thread-safe.
 */
final class AwayBackOff {

    static final Duration LEAST = Duration.ofMinutes(1);
    static final Duration MOST = Duration.ofMinutes(16);

    private Set<MemberId> sweptWithout = Set.of();
    private long sweptBefore;
    private Duration rest = LEAST;
    private long nextNanos;

    /**
     * The revision from which on trash is swept that waits for members that are away; what is older
     * stays untouched in this pass. 0 when a member is back that was away in the last pass, since
     * that one was not asked. Asked once by each pass that finds a member away.
     */
    long from(AwayMembers away, long nowNanos) {
        boolean nobodyIsBack = !sweptWithout.isEmpty() && away.ids().containsAll(sweptWithout);
        sweptWithout = away.ids();
        if (nobodyIsBack && nowNanos - nextNanos < 0) {
            return sweptBefore;
        }
        Duration longer = rest.multipliedBy(2);
        rest = nobodyIsBack ? (longer.compareTo(MOST) < 0 ? longer : MOST) : LEAST;
        nextNanos = nowNanos + rest.toNanos();
        sweptBefore = 0;
        return 0;
    }

    /**
     * A whole pass has asked every member that is there.
     *
     * @param revision that all marks had reached before it began: it came across all trash that is
     *     older
     */
    void swept(long revision) {
        sweptBefore = revision;
    }

    /** A whole pass found that nothing waits for anybody. */
    void allIsWell() {
        sweptWithout = Set.of();
    }
}
