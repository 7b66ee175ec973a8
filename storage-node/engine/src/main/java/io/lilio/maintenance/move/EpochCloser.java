package io.lilio.maintenance.move;

import io.lilio.catalog.ring.RingStore;
import io.lilio.maintenance.run.MarkWait;
import io.lilio.maintenance.run.Run;
import io.lilio.metadata.session.Sessions;
import io.lilio.placement.Ring;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the epochs before the newest, so that the chunks written under them are a closed set which
 * can be listed (rule CLOSE_BEFORE_LIST): a commit compares that its blob's epoch is open. It waits
 * for the requests that began before the ring changed, but not for ever: that is a courtesy to long
 * uploads, which are refused otherwise and have to be sent again.
 */
final class EpochCloser {

    private static final Logger log = LoggerFactory.getLogger(EpochCloser.class);

    private final RingStore store;
    private final MarkWait marks;
    private final Duration courtesy;

    EpochCloser(RingStore store, Sessions sessions, Time time, Duration courtesy) {
        this.store = store;
        this.marks = new MarkWait(sessions, time);
        this.courtesy = courtesy;
    }

    /** Returns when nothing can be committed any more under an epoch before the ring's newest. */
    void closeBefore(Ring ring, Run run) {
        SortedSet<Long> older = store.openEpochs().headSet(ring.epoch());
        if (older.isEmpty()) {
            return;
        }
        if (!marks.passed(ring.revision(), courtesy, run)) {
            log.info("requests that began before the ring changed are not waited for longer");
        }
        older.forEach(store::closeEpoch);
        log.info("epochs {} are closed, {} is the newest", older, ring.epoch());
    }
}
