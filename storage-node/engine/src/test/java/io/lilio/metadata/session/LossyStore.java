package io.lilio.metadata.session;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.ForwardingMetadataStore;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataFullException;
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

/** A store that is unreachable or full, or loses commits or their answers, when told to. */
final class LossyStore extends ForwardingMetadataStore {

    final AtomicBoolean unavailable = new AtomicBoolean();
    final AtomicBoolean full = new AtomicBoolean();
    final AtomicInteger loseAnswers = new AtomicInteger();
    final AtomicInteger loseRequests = new AtomicInteger();

    LossyStore(MetadataStore store) {
        super(store);
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        reach();
        return super.read(keys);
    }

    @Override
    public ReadView view() {
        reach();
        return super.view();
    }

    @Override
    public long revision() {
        reach();
        return super.revision();
    }

    @Override
    public CommitResult commit(Txn txn) {
        reach();
        if (full.get()) {
            throw new MetadataFullException("full on purpose");
        }
        if (loseRequests.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return lost();
        }
        CommitResult result = super.commit(txn);
        return loseAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? lost() : result;
    }

    @Override
    public LeaseId grantLease(Duration ttl) {
        reach();
        return super.grantLease(ttl);
    }

    @Override
    public boolean keepAlive(LeaseId lease) {
        reach();
        return super.keepAlive(lease);
    }

    @Override
    public void revokeLease(LeaseId lease) {
        reach();
        super.revokeLease(lease);
    }

    @Override
    public Watch watch(
            KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost) {
        reach();
        return super.watch(range, afterRevision, listener, lost);
    }

    private void reach() {
        if (unavailable.get()) {
            throw new MetadataUnavailableException("unreachable on purpose", null);
        }
    }

    private static CommitResult lost() {
        return new CommitResult.Unknown(new IllegalStateException("lost on purpose"));
    }
}
