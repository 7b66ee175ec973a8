package io.lilio.metadata;

/** One change of a transaction. A transaction writes a key at most once. */
public sealed interface Write {

    Bytes key();

    /** Bytes of its key and value. */
    default int sizeBytes() {
        return switch (this) {
            case Put(Bytes key, Bytes value) -> key.length() + value.length();
            case PutLeased(Bytes key, Bytes value, _) -> key.length() + value.length();
            case Delete(Bytes key) -> key.length();
        };
    }

    /** Creates or replaces a key. */
    record Put(Bytes key, Bytes value) implements Write {}

    /** Creates or replaces a key that disappears when the lease ends. */
    record PutLeased(Bytes key, Bytes value, LeaseId lease) implements Write {}

    /** Removes a key; a key that does not exist is no error. */
    record Delete(Bytes key) implements Write {}
}
