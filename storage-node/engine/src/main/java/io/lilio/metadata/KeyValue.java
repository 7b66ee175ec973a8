package io.lilio.metadata;

/**
 * A key that exists.
 *
 * @param createRevision the revision of the transaction that created it (it stays when the value is
 *     replaced)
 * @param modRevision the revision of the transaction that last wrote it
 */
public record KeyValue(Bytes key, Bytes value, long createRevision, long modRevision) {}
