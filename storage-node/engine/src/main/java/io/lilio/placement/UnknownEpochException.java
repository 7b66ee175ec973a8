package io.lilio.placement;

/**
 * A ring document has no table of an epoch: it is newer than the document, which has to be read
 * again, or older than anything that is still needed.
 */
public final class UnknownEpochException extends RuntimeException {

    private final long epoch;

    UnknownEpochException(long epoch, long oldest, long newest) {
        super("no table of epoch %d; known are %d to %d".formatted(epoch, oldest, newest));
        this.epoch = epoch;
    }

    public long epoch() {
        return epoch;
    }
}
