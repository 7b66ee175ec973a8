package io.lilio.operator.bucket;

import io.lilio.crd.bucket.BucketReason;
import java.time.Duration;
import java.util.Optional;

/**
 * How a pass ended. Buckets look again after different times, so that many of them do not do it all
 * at once.
 *
 * @param again when to look again at the latest
 * @param finished of a deletion: nothing is left to be done, and the finalizer may go
 * @param hold why nothing more is done now; empty when all is as it should be
 */
public record Outcome(Duration again, boolean finished, Optional<BucketReason> hold) {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration HELD = Duration.ofSeconds(30);

    /** There is something left to be done, and nothing to wait for. */
    static Outcome soon() {
        return new Outcome(SOON, false, Optional.empty());
    }

    /** All is as it should be: in 60 to 90 seconds. */
    static Outcome idle(String uid) {
        return new Outcome(spread(IDLE, uid), false, Optional.empty());
    }

    /** Something is waited for: in 30 to 45 seconds. */
    static Outcome held(BucketReason reason, String uid) {
        return new Outcome(spread(HELD, uid), false, Optional.of(reason));
    }

    /** Something is waited for that people have to do: in 60 to 90 seconds. */
    static Outcome blocked(BucketReason reason, String uid) {
        return new Outcome(spread(IDLE, uid), false, Optional.of(reason));
    }

    static Outcome done(String uid) {
        return new Outcome(spread(IDLE, uid), true, Optional.empty());
    }

    /** Up to half as long again, and always the same for the same resource. */
    private static Duration spread(Duration least, String uid) {
        return least.plusMillis(Math.floorMod(uid.hashCode(), least.toMillis() / 2));
    }
}
