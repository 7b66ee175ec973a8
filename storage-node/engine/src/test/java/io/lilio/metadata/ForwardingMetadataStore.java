package io.lilio.metadata;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A store in front of another one, for tests to put something in between. */
public class ForwardingMetadataStore implements MetadataStore {

    private final MetadataStore below;

    protected ForwardingMetadataStore(MetadataStore below) {
        this.below = below;
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        return below.read(keys);
    }

    @Override
    public ReadView view() {
        return below.view();
    }

    @Override
    public long revision() {
        return below.revision();
    }

    @Override
    public CommitResult commit(Txn txn) {
        return below.commit(txn);
    }

    @Override
    public LeaseId grantLease(Duration ttl) {
        return below.grantLease(ttl);
    }

    @Override
    public boolean keepAlive(LeaseId lease) {
        return below.keepAlive(lease);
    }

    @Override
    public void revokeLease(LeaseId lease) {
        below.revokeLease(lease);
    }

    @Override
    public Watch watch(
            KeyRange range, long afterRevision, Consumer<Change> listener, Runnable lost) {
        return below.watch(range, afterRevision, listener, lost);
    }

    @Override
    public void close() {
        below.close();
    }

    /** A view in front of another one. */
    protected static class ForwardingView implements ReadView {

        private final ReadView below;

        protected ForwardingView(ReadView below) {
            this.below = below;
        }

        @Override
        public long revision() {
            return below.revision();
        }

        @Override
        public ReadResult read(List<Bytes> keys) {
            return below.read(keys);
        }

        @Override
        public ScanPage scan(KeyRange range, int limit) {
            return below.scan(range, limit);
        }

        @Override
        public void close() {
            below.close();
        }
    }
}
