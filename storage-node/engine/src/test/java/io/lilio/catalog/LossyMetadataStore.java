package io.lilio.catalog;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import io.lilio.metadata.Txn;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** A store whose answers get lost when told to, and that counts what it is asked. */
public final class LossyMetadataStore implements MetadataStore {

    /** What happens to a transaction. */
    public enum Loss {
        NONE,
        /** Applied or refused, but nobody hears of it. */
        ANSWER,
        /** Never arrives. */
        REQUEST,
        /** Arrives when {@link #deliverLate()} is called. */
        LATE,
        /** Applied, and then the store breaks its contract. */
        FAULT,
        /** Certainly not applied. */
        UNAVAILABLE
    }

    private final MetadataStore store;
    private final List<Txn> late = new CopyOnWriteArrayList<>();
    private final AtomicInteger losses = new AtomicInteger();
    private final AtomicInteger scans = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile Function<Txn, Loss> plan = txn -> Loss.NONE;
    private volatile Runnable afterwards = () -> {};

    public LossyMetadataStore(MetadataStore store) {
        this.store = store;
    }

    /** From now on. */
    public void lose(Function<Txn, Loss> newPlan) {
        plan = newPlan;
    }

    /** The next transaction that writes a key, once. */
    public void loseNext(Bytes key, Loss loss) {
        loseNext(key, loss, () -> {});
    }

    /** The next transaction that writes a key; {@code then} runs before its caller goes on. */
    public void loseNext(Bytes key, Loss loss, Runnable then) {
        lose(
                txn -> {
                    if (txn.writes().stream().noneMatch(write -> write.key().equals(key))) {
                        return Loss.NONE;
                    }
                    lose(other -> Loss.NONE);
                    afterwards = then;
                    return loss;
                });
    }

    /** Delivers what was held back; what each came to. */
    public List<CommitResult> deliverLate() {
        List<CommitResult> results = late.stream().map(store::commit).toList();
        late.clear();
        return results;
    }

    /** How many transactions something was done to. */
    public int losses() {
        return losses.get();
    }

    public int scans() {
        return scans.get();
    }

    public int reads() {
        return reads.get();
    }

    @Override
    public CommitResult commit(Txn txn) {
        Loss loss = plan.apply(txn);
        CommitResult result =
                switch (loss) {
                    case NONE -> store.commit(txn);
                    case ANSWER -> {
                        store.commit(txn);
                        yield lost();
                    }
                    case FAULT -> {
                        store.commit(txn);
                        throw new IllegalStateException("a fault of the store");
                    }
                    case REQUEST -> lost();
                    case LATE -> {
                        late.add(txn);
                        yield lost();
                    }
                    case UNAVAILABLE ->
                            throw new MetadataUnavailableException("as the test wants", null);
                };
        if (loss != Loss.NONE) {
            losses.incrementAndGet();
            Runnable then = afterwards;
            afterwards = () -> {};
            then.run();
        }
        return result;
    }

    private static CommitResult lost() {
        return new CommitResult.Unknown(new IOException("the answer was lost"));
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        reads.incrementAndGet();
        return store.read(keys);
    }

    @Override
    public ReadView view() {
        ReadView view = store.view();
        return new ReadView() {
            @Override
            public long revision() {
                return view.revision();
            }

            @Override
            public ReadResult read(List<Bytes> keys) {
                reads.incrementAndGet();
                return view.read(keys);
            }

            @Override
            public ScanPage scan(KeyRange range, int limit) {
                scans.incrementAndGet();
                return view.scan(range, limit);
            }

            @Override
            public void close() {
                view.close();
            }
        };
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public LeaseId grantLease(Duration ttl) {
        return store.grantLease(ttl);
    }

    @Override
    public boolean keepAlive(LeaseId lease) {
        return store.keepAlive(lease);
    }

    @Override
    public void revokeLease(LeaseId lease) {
        store.revokeLease(lease);
    }

    @Override
    public Watch watch(
            KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost) {
        return store.watch(range, afterRevision, listener, lost);
    }

    @Override
    public void close() {
        store.close();
    }
}
