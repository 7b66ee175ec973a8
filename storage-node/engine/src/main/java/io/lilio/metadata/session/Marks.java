package io.lilio.metadata.session;

import java.util.List;

/**
 * All live sessions and their marks, at one revision.
 *
 * @param revision the revision of this picture
 */
public record Marks(long revision, List<LiveSession> sessions) {

    public Marks {
        sessions = List.copyOf(sessions);
    }

    /**
     * Whether every request in flight anywhere began after a revision: all live sessions' marks are
     * greater, not equal. A session that is not in this picture is dead, or began after it.
     */
    public boolean allPassed(long revision) {
        return sessions.stream().allMatch(session -> session.mark() > revision);
    }

    /**
     * Whether a request that one session began can no longer commit anything: the session is dead,
     * or its mark has passed the revision at which the request began.
     *
     * @param incarnation of the session; one that was created after this picture is not dead
     * @param openingRevision at which the request began
     */
    public boolean ended(long incarnation, long openingRevision) {
        if (incarnation > revision) {
            return false;
        }
        return sessions.stream()
                .filter(session -> session.incarnation() == incarnation)
                .allMatch(session -> session.mark() > openingRevision);
    }

    /**
     * The same after metadata went back and somebody has acknowledged that the newer ones are lost:
     * their sessions have ended with them, though it may take long until revisions get to where
     * these were opened. For a chunk that was known before this picture was taken only: a session
     * of these metadata that had written one was opened before the picture too.
     *
     * @param givenUp the highest revision of the metadata that are lost, as far as is known; 0 when
     *     none are
     */
    public boolean ended(long incarnation, long openingRevision, long givenUp) {
        return incarnation > revision
                ? incarnation <= givenUp
                : ended(incarnation, openingRevision);
    }

    /** Whether a session lived as of this picture. */
    public boolean lives(long incarnation) {
        return sessions.stream().anyMatch(session -> session.incarnation() == incarnation);
    }

    /** The smallest mark; this picture's revision when no session lives. */
    public long smallest() {
        return sessions.stream().mapToLong(LiveSession::mark).min().orElse(revision);
    }
}
