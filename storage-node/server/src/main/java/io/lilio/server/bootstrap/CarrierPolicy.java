package io.lilio.server.bootstrap;

/**
 * How many carriers virtual threads get, heartbeat by heartbeat: more when one is late though the
 * processors have time, fewer when they were punctual for a while. Fewer may be too few, which the
 * next heartbeats show; then it takes twice as long until that is tried again. Not thread-safe.
 */
final class CarrierPolicy {

    /** Heartbeats in time before there are fewer carriers. */
    static final int CALM = 50;

    private static final int LONGEST_CALM = 32 * CALM;

    private final int usual;
    private final int most;
    private int punctual;
    private int sinceLowered = LONGEST_CALM;
    private int patience = CALM;

    /**
     * @param usual as many as processors
     * @param most never more
     */
    CarrierPolicy(int usual, int most) {
        this.usual = usual;
        this.most = most;
    }

    /**
     * A period is over.
     *
     * @param punctual whether its heartbeat came back
     * @param busy whether the usual carriers alone would have been at work nearly all the time:
     *     then virtual threads wait for processors, and more carriers are of no use
     * @param mounted virtual threads that hold a carrier now
     * @param now carriers that there may be
     * @return how many there may be from now on
     */
    int next(boolean punctual, boolean busy, int mounted, int now) {
        return punctual ? afterPunctual(busy, mounted, now) : afterLate(busy, now);
    }

    private int afterLate(boolean busy, int now) {
        punctual = 0;
        if (busy) {
            return now;
        }
        if (sinceLowered < CALM) {
            patience = Math.min(2 * patience, LONGEST_CALM);
        }
        sinceLowered = LONGEST_CALM;
        return Math.min(2 * now, Math.max(now, most));
    }

    private int afterPunctual(boolean busy, int mounted, int now) {
        sinceLowered = Math.min(sinceLowered + 1, LONGEST_CALM);
        if (now <= usual) {
            punctual = 0;
            if (sinceLowered == LONGEST_CALM) {
                patience = CALM;
            }
            return now;
        }
        punctual++;
        int fewer = Math.max(usual, now / 2);
        // Those that hold a carrier and use no processor wait for a disk.
        boolean held = mounted >= fewer && !busy;
        if (punctual < patience || held) {
            return now;
        }
        punctual = 0;
        sinceLowered = 0;
        return fewer;
    }
}
