package io.lilio.metadata.session;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import java.util.List;
import java.util.Optional;

/**
 * What a commit compares so that it happens only while its session lives and before its fence is
 * bumped. Take a new one for every attempt. Immutable.
 */
public final class SessionGuard {

    /** What the keys of a guard say about a commit that was refused. */
    public enum Verdict {
        /** Not the session's doing: another compare failed. */
        HOLDS,
        /** The fence moved: send it again with a new guard, the same blobs. */
        FENCE_MOVED,
        /** The session has ended: nothing of it can commit any more. */
        SESSION_ENDED
    }

    private final Session session;
    private final SessionKeys keys;
    private final long fenceRevision;

    SessionGuard(Session session, SessionKeys keys, long fenceRevision) {
        this.session = session;
        this.keys = keys;
        this.fenceRevision = fenceRevision;
    }

    /** Two compares: incarnation and fence. */
    public List<Compare> compares() {
        return List.of(
                new Compare.CreateRevision(keys.record(), session.incarnation()),
                new Compare.ModRevision(keys.fence(), fenceRevision));
    }

    /** The session's record: else-read it to learn why a commit was refused. */
    public Bytes recordKey() {
        return keys.record();
    }

    /** The session's fence: else-read it too. */
    public Bytes fenceKey() {
        return keys.fence();
    }

    /**
     * Judges what {@link #recordKey} and {@link #fenceKey} held when a commit was refused, and lets
     * the session know.
     */
    public Verdict judge(Optional<KeyValue> atRecordKey, Optional<KeyValue> atFenceKey) {
        if (atRecordKey.isEmpty()
                || atRecordKey.get().createRevision() != session.incarnation()
                || atFenceKey.isEmpty()) {
            session.end();
            return Verdict.SESSION_ENDED;
        }
        long found = atFenceKey.get().modRevision();
        if (found == fenceRevision) {
            return Verdict.HOLDS;
        }
        session.learnFence(found);
        return Verdict.FENCE_MOVED;
    }
}
