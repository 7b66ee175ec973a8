package io.lilio.metadata.memory;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.Limits;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import io.lilio.metadata.ViewExpiredException;
import io.lilio.time.Time;
import java.util.List;

/** A state, until it is closed or a minute old. */
final class MemoryView implements ReadView {

    private static final long MAX_AGE_NANOS = 60_000_000_000L;

    private final State state;
    private final Time time;
    private final long openedNanos;
    private volatile boolean closed;

    MemoryView(State state, Time time) {
        this.state = state;
        this.time = time;
        this.openedNanos = time.nanos();
    }

    @Override
    public long revision() {
        return state.revision();
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        Limits.checkRead(keys);
        return usable().read(keys);
    }

    @Override
    public ScanPage scan(KeyRange range, int limit) {
        Limits.checkScan(limit);
        return usable().scan(range, limit);
    }

    @Override
    public void close() {
        closed = true;
    }

    private State usable() {
        if (closed) {
            throw new ViewExpiredException("the view of revision " + revision() + " is closed");
        }
        if (time.nanos() - openedNanos > MAX_AGE_NANOS) {
            throw new ViewExpiredException(
                    "the view of revision " + revision() + " is older than a minute");
        }
        return state;
    }
}
