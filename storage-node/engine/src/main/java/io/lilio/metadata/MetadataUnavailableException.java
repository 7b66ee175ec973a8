package io.lilio.metadata;

import org.jspecify.annotations.Nullable;

/**
 * The metadata store does not answer, or is closed. For reads and for what certainly was not
 * applied.
 */
public sealed class MetadataUnavailableException extends RuntimeException
        permits MetadataFullException, MetadataBehindException {

    public MetadataUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
