package io.lilio.metadata;

/** A condition of a transaction. All see the state before the transaction. */
public sealed interface Compare {

    /** The key does not exist. */
    record Absent(Bytes key) implements Compare {}

    /** The key exists. */
    record Present(Bytes key) implements Compare {}

    /** The key exists and was last written at this revision. */
    record ModRevision(Bytes key, long revision) implements Compare {}

    /**
     * The key exists and was created at this revision: the same thing still, whatever its value.
     */
    record CreateRevision(Bytes key, long revision) implements Compare {}

    /** The key exists and holds exactly this value. */
    record ValueEquals(Bytes key, Bytes value) implements Compare {}

    /** No key of the range exists. */
    record RangeEmpty(KeyRange range) implements Compare {}
}
