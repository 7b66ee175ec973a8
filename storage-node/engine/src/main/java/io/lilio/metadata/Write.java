package io.lilio.metadata;

/** One change of a transaction. A transaction writes a key at most once. */
public sealed interface Write {

    /** Creates or replaces a key. */
    record Put(Bytes key, Bytes value) implements Write {}

    /** Creates or replaces a key that disappears when the lease ends. */
    record PutLeased(Bytes key, Bytes value, LeaseId lease) implements Write {}

    /** Removes a key; a key that does not exist is no error. */
    record Delete(Bytes key) implements Write {}
}
