package io.lilio.metadata.session;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A store that is unreachable, or loses commits or their answers, when told to. */
final class LossyStore implements MetadataStore {

    final AtomicBoolean unavailable = new AtomicBoolean();
    final AtomicInteger loseAnswers = new AtomicInteger();
    final AtomicInteger loseRequests = new AtomicInteger();

    private final MetadataStore store;

    LossyStore(MetadataStore store) {
        this.store = store;
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        return reachable().read(keys);
    }

    @Override
    public ReadView view() {
        return reachable().view();
    }

    @Override
    public long revision() {
        return reachable().revision();
    }

    @Override
    public CommitResult commit(Txn txn) {
        MetadataStore reached = reachable();
        if (loseRequests.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return lost();
        }
        CommitResult result = reached.commit(txn);
        return loseAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? lost() : result;
    }

    @Override
    public LeaseId grantLease(Duration ttl) {
        return reachable().grantLease(ttl);
    }

    @Override
    public boolean keepAlive(LeaseId lease) {
        return reachable().keepAlive(lease);
    }

    @Override
    public void revokeLease(LeaseId lease) {
        reachable().revokeLease(lease);
    }

    @Override
    public Watch watch(
            KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost) {
        return reachable().watch(range, afterRevision, listener, lost);
    }

    @Override
    public void close() {
        store.close();
    }

    private MetadataStore reachable() {
        if (unavailable.get()) {
            throw new MetadataUnavailableException("unreachable on purpose", null);
        }
        return store;
    }

    private static CommitResult lost() {
        return new CommitResult.Unknown(new IllegalStateException("lost on purpose"));
    }
}
