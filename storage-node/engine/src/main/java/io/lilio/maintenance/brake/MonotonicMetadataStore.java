package io.lilio.maintenance.brake;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.HighWaterMark;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataBehindException;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Progress;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metadata that may be put back to an older state while this process runs. From the first answer
 * that is older than what this process was answered before, everything is refused with {@link
 * MetadataBehindException}: until the newer metadata are back, or an administrator has acknowledged
 * that they are lost ({@link DeletionBrake#acknowledge}, at any node). A transaction that older
 * metadata took is unknown. Thread-safe.
 *
 * <p>What another process was answered does not count here, nor what an earlier one was: that is
 * for the {@link DeletionBrake}, and no reason to serve nothing.
 */
public final class MonotonicMetadataStore implements MetadataStore {

    private static final Logger log = LoggerFactory.getLogger(MonotonicMetadataStore.class);

    private final MetadataStore store;
    private final BrakeRecords records;
    private final HighWaterMark answered = new HighWaterMark();
    private final AtomicLong grown = new AtomicLong();
    private volatile boolean behind;

    public MonotonicMetadataStore(MetadataStore store) {
        this.store = store;
        this.records = new BrakeRecords(store);
    }

    /** How many transactions of this process have added data, or may have. */
    public long grown() {
        return grown.get();
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        Progress before = begin();
        ReadResult result = store.read(keys);
        require(before, result.revision());
        return result;
    }

    @Override
    public ReadView view() {
        Progress before = begin();
        ReadView view = store.view();
        try {
            require(before, view.revision());
            return view;
        } catch (RuntimeException failed) {
            view.close();
            throw failed;
        }
    }

    @Override
    public long revision() {
        Progress before = answered.get();
        long revision = store.revision();
        require(before, revision);
        return revision;
    }

    @Override
    public CommitResult commit(Txn txn) {
        Progress before = begin();
        CommitResult result = store.commit(txn);
        if (txn.purpose() == Txn.Purpose.GROW && !(result instanceof CommitResult.Refused)) {
            grown.incrementAndGet();
        }
        switch (result) {
            case CommitResult.Committed(long revision) -> {
                try {
                    require(before, revision);
                } catch (MetadataBehindException e) {
                    return new CommitResult.Unknown(e);
                }
            }
            case CommitResult.Refused(ReadResult reads) -> require(before, reads.revision());
            case CommitResult.Unknown _ -> {}
        }
        return result;
    }

    @Override
    public LeaseId grantLease(Duration ttl) {
        begin();
        return store.grantLease(ttl);
    }

    @Override
    public boolean keepAlive(LeaseId lease) {
        begin();
        return store.keepAlive(lease);
    }

    @Override
    public void revokeLease(LeaseId lease) {
        begin();
        store.revokeLease(lease);
    }

    @Override
    public Watch watch(
            KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost) {
        begin();
        return store.watch(range, afterRevision, listener, lost);
    }

    /** What is known before a question; while the metadata are behind, they are asked first. */
    private Progress begin() {
        if (behind) {
            long _ = revision();
        }
        return answered.get();
    }

    private void require(Progress before, long revision) {
        if (revision >= before.revision()) {
            answered.raise(before.at(revision));
            caughtUp();
            return;
        }
        Progress found = records.read().progress().withoutBeats();
        if (found.isBehind(before)) {
            if (!behind) {
                log.error(
                        "the metadata went back from revision {} to {}: requests are refused until"
                                + " the newer ones are back, or it is acknowledged that they are"
                                + " lost",
                        before.revision(),
                        found.revision());
            }
            behind = true;
            throw new MetadataBehindException(before, found);
        }
        answered.raise(found);
        caughtUp();
    }

    private void caughtUp() {
        if (behind) {
            log.info("the metadata are as far as they were, or acknowledged: requests go on");
            behind = false;
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
