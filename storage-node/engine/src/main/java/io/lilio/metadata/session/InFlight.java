package io.lilio.metadata.session;

import org.jspecify.annotations.Nullable;

/**
 * One request, from before its first read until it needs nothing of the metadata any more. As long
 * as it is open, its session's mark does not pass {@link #openingRevision()}: what its reads find
 * is not swept, and what it wrote is no orphan. Thread-safe; closing twice is no error.
 */
public final class InFlight implements AutoCloseable {

    private final Session session;
    private final InFlightSet set;
    private final long openingRevision;

    // Guarded by the set.
    @Nullable InFlight previous;
    @Nullable InFlight next;
    boolean joined;
    boolean closed;
    boolean held;
    long heldAfterBump;
    int prolonged;

    private volatile boolean answerLost;

    InFlight(Session session, InFlightSet set, long openingRevision) {
        this.session = session;
        this.set = set;
        this.openingRevision = openingRevision;
    }

    public Session session() {
        return session;
    }

    /** The last revision that the session had seen when this request began. */
    public long openingRevision() {
        return openingRevision;
    }

    /** For one attempt to commit. */
    public SessionGuard guard() {
        return session.guard();
    }

    /**
     * A commit of this request had an unknown outcome: from now on, even when this is closed, the
     * mark stays until the fence has been bumped or the session has ended. Call {@link
     * Session#bumpFence()} next; when that fails, the session does it later by itself.
     */
    public void holdForUnknown() {
        answerLost = true;
        set.hold(this);
    }

    /**
     * Whether a commit of this request ever had an unknown outcome, also when it was found out
     * since. What was found out holds for the metadata that were asked, which may be older ones
     * that were put back meanwhile.
     */
    public boolean lostAnAnswer() {
        return answerLost;
    }

    /**
     * Keeps the mark where it is beyond {@link #close}, for something that goes on for a bounded
     * time: the mark passes this request only when it is closed and all that prolong it have ended.
     *
     * @return ends it; to be run exactly once
     * @throws IllegalStateException when this is closed already
     */
    public Runnable prolong() {
        set.prolong(this);
        return () -> set.endProlonging(this);
    }

    /** Leaves the session's in-flight set. */
    @Override
    public void close() {
        set.leave(this);
    }
}
