package io.lilio.metadata;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An ordered key-value store with one global revision, which every committed transaction that
 * changes something raises by one. (One that changes nothing, because it has no writes or deletes
 * only what is not there, may leave it as it is.) Implementations pass the same contract test.
 * Thread-safe; calls block and are made from virtual threads, native work happens elsewhere; no
 * call waits longer than the store's configured deadline.
 *
 * <p>Reads are linearizable: they see every transaction whose commit had returned before they
 * began, from whatever node.
 */
public interface MetadataStore extends AutoCloseable {

    /**
     * What keys hold, all at one revision.
     *
     * @param keys 1 to {@link Txn#MAX_OPERATIONS}
     * @throws MetadataUnavailableException when the store does not answer
     */
    ReadResult read(List<Bytes> keys);

    /** A view of the newest revision, for reads and scans that have to fit together. */
    ReadView view();

    /** The newest revision, linearizable. */
    long revision();

    /**
     * Applies a transaction; never sent again by the store itself when its outcome is unknown.
     *
     * @return committed (durable on return), refused, or unknown
     * @throws MetadataUnavailableException when it certainly was not applied
     * @throws MetadataFullException when the store takes no more data; {@link Txn.Purpose#UPKEEP}
     *     is refused last
     * @throws LeaseEndedException when all compares hold and a key would be put under a lease that
     *     has ended; nothing was applied
     */
    CommitResult commit(Txn txn);

    /**
     * A new lease. Keys put under it disappear together when it is revoked or when nobody kept it
     * alive for {@code ttl}; that is a transaction of its own, with a revision. A key put again
     * without a lease, or under another one, leaves the first. A lease of an embedded store also
     * ends when the store is closed or its process dies.
     */
    LeaseId grantLease(Duration ttl);

    /**
     * Keeps a lease alive for another ttl.
     *
     * @return false when the lease has ended already
     */
    boolean keepAlive(LeaseId lease);

    /** Ends a lease now. One that has ended already is no error. */
    void revokeLease(LeaseId lease);

    /**
     * Tells about every change in a range after a revision, in order, on a thread of the store that
     * must not be blocked. A change is told only when it is durable. Of several changes of a key
     * none is left out.
     *
     * @param lost runs once, on such a thread, when changes may have been missed (compaction, a
     *     listener that fell behind or threw, connection lost, store closed); the watch is over
     *     then, and whoever needs it reads anew and watches again. It does not run after {@link
     *     Watch#close()}.
     */
    Watch watch(KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost);

    /** A watch under way. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * A key that was written or removed.
     *
     * @param value what it holds now; empty when it was removed
     */
    record Change(long revision, Bytes key, Optional<KeyValue> value) {}

    /** Ends watches, finishes what is queued and releases everything. Idempotent. */
    @Override
    void close();
}
