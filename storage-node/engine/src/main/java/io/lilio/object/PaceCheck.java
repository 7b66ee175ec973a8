package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.time.Time;

/** Watches over one upload's {@link ObjectSettings.Pace}. Used by one thread. */
final class PaceCheck {

    private final ObjectSettings.Pace pace;
    private final Time time;
    private final long began;
    private long bytes;

    PaceCheck(ObjectSettings.Pace pace, Time time) {
        this.pace = pace;
        this.time = time;
        this.began = time.nanos();
    }

    /**
     * Some bytes have passed.
     *
     * @throws ObjectStoreException REQUEST_TIMEOUT
     */
    void passed(int more) {
        bytes += more;
        long elapsed = time.nanos() - began;
        if (elapsed > pace.maxDuration().toNanos()) {
            throw new ObjectStoreException(
                    Kind.REQUEST_TIMEOUT,
                    "The request took longer than " + pace.maxDuration().toMinutes() + " minutes");
        }
        long watched = elapsed - pace.grace().toNanos();
        if (watched > 0 && bytes < watched / 1e9 * pace.minBytesPerSecond()) {
            throw new ObjectStoreException(
                    Kind.REQUEST_TIMEOUT,
                    "The request was slower than "
                            + pace.minBytesPerSecond()
                            + " bytes per second");
        }
    }
}
