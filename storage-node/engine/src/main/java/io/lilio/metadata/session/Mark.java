package io.lilio.metadata.session;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.LeaseEndedException;
import io.lilio.metadata.MetadataBehindException;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Progress;
import io.lilio.metadata.Txn;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A session's published mark: no request of it that is in flight began before this revision. Stored
 * as 8 bytes, big endian. Thread-safe.
 */
final class Mark {

    private static final long NOT_KNOWN = -1;

    private final MetadataStore store;
    private final Birth birth;
    private final InFlightSet inFlight;
    private final ReentrantLock publishing = new ReentrantLock();
    private volatile long published;
    private long modRevision;

    Mark(MetadataStore store, Birth birth, InFlightSet inFlight) {
        this.store = store;
        this.birth = birth;
        this.inFlight = inFlight;
        this.published = birth.mark();
        this.modRevision = birth.incarnation();
    }

    static Bytes encode(long mark) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(mark).array());
    }

    static long decode(Bytes value) {
        return ByteBuffer.wrap(value.array()).getLong();
    }

    /** The greatest mark that is known to have been written. */
    long published() {
        return published;
    }

    /**
     * Writes the smallest opening revision in flight, or a fresh revision when there is none, if
     * that is greater than the mark so far.
     *
     * @return false when the session has ended
     */
    boolean publish() {
        publishing.lock();
        try {
            return publishFresh();
        } finally {
            publishing.unlock();
        }
    }

    private boolean publishFresh() {
        long fresh = store.revision();
        // The order matters: whoever joins after the look at the set opens at `fresh` or later.
        inFlight.observe(fresh);
        long next = Math.min(fresh, inFlight.smallestOpening().orElse(fresh));
        if (next <= published) {
            return true;
        }
        if (modRevision == NOT_KNOWN && !readBack()) {
            return false;
        }
        return next <= published || write(next);
    }

    /**
     * The compare on the mark's own revision keeps a write whose answer was lost from landing later
     * and taking a newer mark back.
     */
    private boolean write(long next) {
        Txn txn =
                Txn.upkeep()
                        .when(new Compare.ModRevision(birth.keys().mark(), modRevision))
                        .put(birth.keys().mark(), encode(next), birth.lease())
                        .build();
        try {
            return switch (store.commit(txn)) {
                case CommitResult.Committed(long revision) -> {
                    published = next;
                    modRevision = revision;
                    inFlight.observe(revision);
                    yield true;
                }
                case CommitResult.Refused _ -> readBack();
                case CommitResult.Unknown _ -> {
                    modRevision = NOT_KNOWN;
                    yield true;
                }
            };
        } catch (LeaseEndedException e) {
            return false;
        }
    }

    /**
     * @throws MetadataBehindException when the mark is older than what was written
     */
    private boolean readBack() {
        Optional<KeyValue> found = store.read(List.of(birth.keys().mark())).get(0);
        if (found.isEmpty()) {
            return false;
        }
        if (found.get().modRevision() < modRevision) {
            // Nobody else writes it: the metadata went back, though their revisions did not.
            throw new MetadataBehindException(
                    Progress.NONE.at(modRevision), Progress.NONE.at(found.get().modRevision()));
        }
        modRevision = found.get().modRevision();
        published = Math.max(published, decode(found.get().value()));
        return true;
    }
}
