package io.lilio.metadata;

/** The metadata store has no room for more data; nothing was written. Deletes still work. */
public final class MetadataFullException extends RuntimeException {

    public MetadataFullException(String message) {
        super(message);
    }
}
