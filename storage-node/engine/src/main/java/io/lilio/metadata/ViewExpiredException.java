package io.lilio.metadata;

/**
 * A {@link ReadView} is too old to be read any more (compaction, or its minute is over); open a new
 * one.
 */
public final class ViewExpiredException extends RuntimeException {

    public ViewExpiredException(String message) {
        super(message);
    }
}
