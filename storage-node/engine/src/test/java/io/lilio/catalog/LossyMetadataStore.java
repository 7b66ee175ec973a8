package io.lilio.catalog;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.ForwardingMetadataStore;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import io.lilio.metadata.Txn;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A store whose answers get lost when told to, and that counts what it is asked. */
public final class LossyMetadataStore extends ForwardingMetadataStore {

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

    private final List<Txn> late = new CopyOnWriteArrayList<>();
    private final AtomicInteger losses = new AtomicInteger();
    private final List<KeyRange> scanned = new CopyOnWriteArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile Function<Txn, Loss> plan = txn -> Loss.NONE;
    private final Map<Txn, Runnable> afterwards = new ConcurrentHashMap<>();

    public LossyMetadataStore(MetadataStore store) {
        super(store);
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
                    afterwards.put(txn, then);
                    return loss;
                });
    }

    /** Delivers what was held back; what each came to. */
    public List<CommitResult> deliverLate() {
        List<CommitResult> results = late.stream().map(super::commit).toList();
        late.clear();
        return results;
    }

    /** How many transactions something was done to. */
    public int losses() {
        return losses.get();
    }

    public int scans() {
        return scanned.size();
    }

    /** What was scanned, in order. */
    public List<KeyRange> scanned() {
        return List.copyOf(scanned);
    }

    public int reads() {
        return reads.get();
    }

    @Override
    public CommitResult commit(Txn txn) {
        Loss loss = plan.apply(txn);
        CommitResult result =
                switch (loss) {
                    case NONE -> super.commit(txn);
                    case ANSWER -> {
                        super.commit(txn);
                        yield lost();
                    }
                    case FAULT -> {
                        super.commit(txn);
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
        }
        Runnable then = afterwards.remove(txn);
        if (then != null) {
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
        return super.read(keys);
    }

    @Override
    public ReadView view() {
        return new ForwardingView(super.view()) {
            @Override
            public ReadResult read(List<Bytes> keys) {
                reads.incrementAndGet();
                return super.read(keys);
            }

            @Override
            public ScanPage scan(KeyRange range, int limit) {
                scanned.add(range);
                return super.scan(range, limit);
            }
        };
    }
}
