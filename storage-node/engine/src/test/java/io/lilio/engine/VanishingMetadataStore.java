package io.lilio.engine;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.ForwardingMetadataStore;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A metadata store that goes away when told to, with the answer to a commit or by itself.
 * Thread-safe.
 */
public final class VanishingMetadataStore extends ForwardingMetadataStore {

    private enum Mode {
        WELL,
        /** Commits that grow are applied, their answers lost, and nothing is read from then on. */
        APPLY_AND_VANISH,
        /** They are not applied, their answers lost, and nothing is read from then on. */
        DROP_AND_VANISH,
        /** Nothing is answered. */
        AWAY
    }

    private final AtomicLong lost = new AtomicLong();
    private final Set<LeaseId> granted = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Optional<Runnable>> dropped =
            new AtomicReference<>(Optional.empty());
    private volatile Mode mode = Mode.WELL;

    public VanishingMetadataStore(MetadataStore inner) {
        super(inner);
    }

    /** The next commit that adds data is applied; its answer and everything after it is lost. */
    public void applyAndVanish() {
        mode = Mode.APPLY_AND_VANISH;
    }

    /** The next commit that adds data is lost, and everything after it. */
    public void dropAndVanish() {
        mode = Mode.DROP_AND_VANISH;
    }

    /**
     * The next commit that adds data is lost, and all after it are answered.
     *
     * @param then done on the committing thread before it hears that its outcome is unknown
     */
    public void dropOne(Runnable then) {
        dropped.set(Optional.of(then));
    }

    /** Nothing is answered any more. */
    public void goAway() {
        mode = Mode.AWAY;
    }

    /** All is well again. */
    public void heal() {
        mode = Mode.WELL;
    }

    /** All leases end now, of sessions and of maintenance, although nobody tells their holders. */
    public void endLeases() {
        granted.forEach(super::revokeLease);
        granted.clear();
    }

    /** How many answers of commits were lost. */
    public long lostAnswers() {
        return lost.get();
    }

    @Override
    public CommitResult commit(Txn txn) {
        Mode now = mode;
        if (txn.purpose() != Txn.Purpose.GROW) {
            requireThere();
            return super.commit(txn);
        }
        Optional<Runnable> afterDrop = dropped.getAndSet(Optional.empty());
        if (afterDrop.isPresent()) {
            afterDrop.get().run();
            return lost();
        }
        if (now == Mode.APPLY_AND_VANISH || now == Mode.DROP_AND_VANISH) {
            mode = Mode.AWAY;
            if (now == Mode.APPLY_AND_VANISH) {
                super.commit(txn);
            }
            return lost();
        }
        requireThere();
        return super.commit(txn);
    }

    private CommitResult lost() {
        lost.incrementAndGet();
        return new CommitResult.Unknown(new IllegalStateException("the answer was lost"));
    }

    private void requireThere() {
        if (mode == Mode.AWAY) {
            throw new MetadataUnavailableException("the store is away", null);
        }
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        requireThere();
        return super.read(keys);
    }

    @Override
    public ReadView view() {
        requireThere();
        return super.view();
    }

    @Override
    public long revision() {
        requireThere();
        return super.revision();
    }

    @Override
    public LeaseId grantLease(Duration ttl) {
        requireThere();
        LeaseId lease = super.grantLease(ttl);
        granted.add(lease);
        return lease;
    }

    @Override
    public boolean keepAlive(LeaseId lease) {
        requireThere();
        return super.keepAlive(lease);
    }

    @Override
    public void revokeLease(LeaseId lease) {
        requireThere();
        super.revokeLease(lease);
    }
}
