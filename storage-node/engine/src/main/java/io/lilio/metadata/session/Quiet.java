package io.lilio.metadata.session;

/**
 * Decides whether a mark has to move on. Marks must pass every revision in the end, but writing a
 * mark makes a revision too: left to themselves, the marks of an idle store would chase each other
 * for ever. So revisions that are known to be nothing but marks need not be passed. Those are the
 * ones at which the marks now stored were written; a revision that cannot be explained so (another
 * transaction, or a mark overwritten since) counts as one to be passed. Not thread-safe.
 */
final class Quiet {

    private long explainedThrough;
    private long mustPass;

    /**
     * @param revision from which on revisions have to be explained
     */
    Quiet(long revision) {
        this.explainedThrough = revision;
        this.mustPass = revision;
    }

    /** Whether there are revisions that nobody looked at yet. */
    boolean asks(long revision) {
        return revision > explainedThrough;
    }

    /** Looks at all revisions up to that of a picture of the sessions. */
    void explain(Marks picture) {
        if (!asks(picture.revision())) {
            return;
        }
        long byMarks =
                picture.sessions().stream()
                        .mapToLong(LiveSession::markRevision)
                        .filter(this::asks)
                        .distinct()
                        .count();
        if (byMarks < picture.revision() - explainedThrough) {
            mustPass = picture.revision();
        }
        explainedThrough = picture.revision();
    }

    boolean wantsMore(long mark) {
        return mark <= mustPass;
    }
}
