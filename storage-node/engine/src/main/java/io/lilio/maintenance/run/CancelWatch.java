package io.lilio.maintenance.run;

import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.time.Time;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a run when its record says so: whoever wants it cancelled may be anywhere. Thread-safe. */
final class CancelWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CancelWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final RecordedCheckpoint record;
    private final Run run;
    private final Time time;
    private Time.Cancellable next = () -> {};
    private boolean closed;

    CancelWatch(RecordedCheckpoint record, Run run, Time time) {
        this.record = record;
        this.run = run;
        this.time = time;
        lookLater();
    }

    private synchronized void lookLater() {
        if (!closed) {
            next = time.schedule(PERIOD, this::look);
        }
    }

    private void look() {
        try {
            if (record.cancelRequested()) {
                run.cancel();
                return;
            }
        } catch (MetadataUnavailableException e) {
            log.debug("whether the {} run is to end cannot be read", run.kind().id(), e);
        }
        lookLater();
    }

    @Override
    public synchronized void close() {
        closed = true;
        next.cancel();
    }
}
