package io.lilio.maintenance.run;

import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.Sessions;
import io.lilio.time.Time;
import java.time.Duration;

/**
 * Waits until every request, on any node, that began at or before some revision has ended: until
 * all live marks have passed it. Thread-safe.
 */
public final class MarkWait {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Sessions sessions;
    private final Time time;

    public MarkWait(Sessions sessions, Time time) {
        this.sessions = sessions;
        this.time = time;
    }

    /**
     * Marks follow transactions: in an idle store they pass a revision only when something is
     * committed after it.
     *
     * @param patience how long at most, about
     * @return whether they have passed
     * @throws RunCancelledException when the run is to end meanwhile
     * @throws MetadataUnavailableException when the metadata do not answer
     */
    public boolean passed(long revision, Duration patience, Run run) {
        long begun = time.nanos();
        sessions.current().publishNow();
        while (!sessions.live().allPassed(revision)) {
            if (time.nanos() - begun >= patience.toNanos()) {
                return false;
            }
            run.pause(time, POLL);
            sessions.current().publishNow();
        }
        return true;
    }
}
