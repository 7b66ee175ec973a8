package io.lilio.engine;

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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A metadata store whose answers get lost when told to. Thread-safe. */
public final class LossyMetadataStore implements MetadataStore {

    private enum Mode {
        WELL,
        /** Commits that grow are applied, their answers lost, and nothing is read from then on. */
        APPLY_AND_VANISH,
        /** They are not applied, their answers lost, and nothing is read from then on. */
        DROP_AND_VANISH,
        /** Nothing is answered. */
        AWAY
    }

    private final MetadataStore inner;
    private final AtomicLong lost = new AtomicLong();
    private volatile Mode mode = Mode.WELL;

    LossyMetadataStore(MetadataStore inner) {
        this.inner = inner;
    }

    /** The next commit that adds data is applied; its answer and everything after it is lost. */
    public void applyAndVanish() {
        mode = Mode.APPLY_AND_VANISH;
    }

    /** The next commit that adds data is lost, and everything after it. */
    public void dropAndVanish() {
        mode = Mode.DROP_AND_VANISH;
    }

    /** Nothing is answered any more. */
    public void goAway() {
        mode = Mode.AWAY;
    }

    /** All is well again. */
    public void heal() {
        mode = Mode.WELL;
    }

    /** How many answers of commits were lost. */
    public long lostAnswers() {
        return lost.get();
    }

    @Override
    public CommitResult commit(Txn txn) {
        Mode now = mode;
        if (txn.purpose() == Txn.Purpose.GROW
                && (now == Mode.APPLY_AND_VANISH || now == Mode.DROP_AND_VANISH)) {
            mode = Mode.AWAY;
            if (now == Mode.APPLY_AND_VANISH) {
                inner.commit(txn);
            }
            lost.incrementAndGet();
            return new CommitResult.Unknown(new IllegalStateException("the answer was lost"));
        }
        requireThere();
        return inner.commit(txn);
    }

    private void requireThere() {
        if (mode == Mode.AWAY) {
            throw new MetadataUnavailableException("the store is away", null);
        }
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        requireThere();
        return inner.read(keys);
    }

    @Override
    public ReadView view() {
        requireThere();
        return inner.view();
    }

    @Override
    public long revision() {
        requireThere();
        return inner.revision();
    }

    @Override
    public LeaseId grantLease(Duration ttl) {
        requireThere();
        return inner.grantLease(ttl);
    }

    @Override
    public boolean keepAlive(LeaseId lease) {
        requireThere();
        return inner.keepAlive(lease);
    }

    @Override
    public void revokeLease(LeaseId lease) {
        requireThere();
        inner.revokeLease(lease);
    }

    @Override
    public Watch watch(
            KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost) {
        return inner.watch(range, afterRevision, listener, lost);
    }

    @Override
    public void close() {
        inner.close();
    }
}
