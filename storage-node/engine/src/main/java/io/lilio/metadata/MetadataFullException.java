package io.lilio.metadata;

/**
 * The metadata store has no room for a transaction; nothing was written. {@link Txn.Purpose} says
 * what it has room for longest. Whoever need not tell users why handles it as a store that does not
 * answer.
 */
public final class MetadataFullException extends MetadataUnavailableException {

    public MetadataFullException(String message) {
        super(message, null);
    }
}
