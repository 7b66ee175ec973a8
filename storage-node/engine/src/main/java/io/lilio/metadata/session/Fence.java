package io.lilio.metadata.session;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.LeaseEndedException;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Txn;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The key of a session whose revision every commit compares: once it has moved, no commit that was
 * sent before can still be applied. Thread-safe; callers that come together share a bump.
 */
final class Fence {

    /** A bump is an ordinary transaction whose answer can get lost too; so it is tried again. */
    private static final int ATTEMPTS = 3;

    private final MetadataStore store;
    private final Birth birth;
    private final InFlightSet inFlight;
    private final ReentrantLock bumping = new ReentrantLock();
    private final AtomicLong revision;
    private long lastBump;

    Fence(MetadataStore store, Birth birth, InFlightSet inFlight) {
        this.store = store;
        this.birth = birth;
        this.inFlight = inFlight;
        this.revision = new AtomicLong(birth.incarnation());
    }

    /** As far as this node knows. */
    long revision() {
        return revision.get();
    }

    void learn(long found) {
        revision.accumulateAndGet(found, Math::max);
        inFlight.observe(found);
    }

    /**
     * Returns when the fence was moved by a transaction sent after this call began.
     *
     * @return false when the session has ended, which proves the same
     * @throws MetadataUnavailableException when it is not known to have moved
     */
    boolean bump() {
        long arrived = inFlight.bumpsBegun();
        bumping.lock();
        try {
            if (lastBump > arrived) {
                return true;
            }
            long number = inFlight.beginBump();
            Optional<Long> moved = move();
            moved.ifPresent(
                    now -> {
                        learn(now);
                        lastBump = number;
                    });
            inFlight.bumped(number);
            return moved.isPresent();
        } finally {
            bumping.unlock();
        }
    }

    /** The fence's new revision; empty when the session has ended. */
    private Optional<Long> move() {
        Bytes key = birth.keys().fence();
        Txn txn =
                Txn.upkeep()
                        .when(
                                new Compare.CreateRevision(
                                        birth.keys().record(), birth.incarnation()))
                        .put(key, Bytes.empty(), birth.lease())
                        .build();
        Throwable cause = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                switch (store.commit(txn)) {
                    case CommitResult.Committed(long now) -> {
                        return Optional.of(now);
                    }
                    case CommitResult.Refused _ -> {
                        return Optional.empty();
                    }
                    case CommitResult.Unknown(Throwable lost) -> cause = lost;
                }
            } catch (LeaseEndedException e) {
                return Optional.empty();
            }
            Optional<KeyValue> found = store.read(List.of(key)).get(0);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            // Every guard ever taken compares the revision known here, or an older one.
            if (found.get().modRevision() > revision.get()) {
                return Optional.of(found.get().modRevision());
            }
        }
        throw new MetadataUnavailableException(
                "the session's fence could not be moved in " + ATTEMPTS + " attempts", cause);
    }
}
