package io.lilio.metadata;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A store that lets a test do something exactly between two calls: what was read is read, and what
 * comes next sees what was done.
 */
public final class InterruptedMetadataStore extends ForwardingMetadataStore {

    /** What a thread does after so many reads, once. */
    private record Interruption(Thread of, int reads, Runnable act) {}

    private final AtomicReference<Optional<Interruption>> next =
            new AtomicReference<>(Optional.empty());

    private final Queue<LeaseId> granted = new ConcurrentLinkedQueue<>();
    private volatile Consumer<Txn> observer = txn -> {};

    public InterruptedMetadataStore(MetadataStore below) {
        super(below);
    }

    /**
     * Does something when this thread has read or scanned so many times from now on.
     *
     * @param reads 1 for the next
     */
    public void afterReads(int reads, Runnable act) {
        next.set(Optional.of(new Interruption(Thread.currentThread(), reads, act)));
    }

    /** Tells of every transaction from now on, on the thread that commits it. */
    public void onCommit(Consumer<Txn> told) {
        observer = told;
    }

    @Override
    public CommitResult commit(Txn txn) {
        observer.accept(txn);
        return super.commit(txn);
    }

    /** Ends every lease, as if nobody had kept any alive. */
    public void endLeases() {
        granted.forEach(this::revokeLease);
    }

    @Override
    public LeaseId grantLease(Duration ttl) {
        LeaseId lease = super.grantLease(ttl);
        granted.add(lease);
        return lease;
    }

    /** Whether it has not come to that; it will not any more. */
    public boolean stillWaits() {
        return next.getAndSet(Optional.empty()).isPresent();
    }

    private void interrupt() {
        Interruption waiting = next.get().orElse(null);
        if (waiting == null || !waiting.of().equals(Thread.currentThread())) {
            return;
        }
        if (waiting.reads() > 1) {
            afterReads(waiting.reads() - 1, waiting.act());
        } else {
            next.set(Optional.empty()); // what it does reads too
            waiting.act().run();
        }
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        ReadResult result = super.read(keys);
        interrupt();
        return result;
    }

    @Override
    public ReadView view() {
        return new ForwardingView(super.view()) {
            @Override
            public ReadResult read(List<Bytes> keys) {
                ReadResult result = super.read(keys);
                interrupt();
                return result;
            }

            @Override
            public ScanPage scan(KeyRange range, int limit) {
                ScanPage page = super.scan(range, limit);
                interrupt();
                return page;
            }
        };
    }
}
