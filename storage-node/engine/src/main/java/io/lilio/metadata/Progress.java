package io.lilio.metadata;

import java.util.Comparator;

/**
 * How far metadata are. They only ever move on, so whoever sees less than somebody saw before looks
 * at older ones: a snapshot that was put back, or another store.
 *
 * @param acknowledged how often administrators have said that the metadata are right although they
 *     went back; kept in the metadata themselves, and counts before the revision
 * @param beats counted in the metadata themselves while they are written to, and before the
 *     revision: a snapshot can be put back with its revisions raised, but what it holds stays as
 *     old as it is
 * @param revision of the store
 */
public record Progress(long acknowledged, long beats, long revision)
        implements Comparable<Progress> {

    /** Before everything. */
    public static final Progress NONE = new Progress(0, 0, 0);

    private static final Comparator<Progress> ORDER =
            Comparator.comparingLong(Progress::acknowledged)
                    .thenComparingLong(Progress::beats)
                    .thenComparingLong(Progress::revision);

    @Override
    public int compareTo(Progress other) {
        return ORDER.compare(this, other);
    }

    /** The same at another revision. */
    public Progress at(long otherRevision) {
        return new Progress(acknowledged, beats, otherRevision);
    }

    /** The same for whoever does not look at beats. */
    public Progress withoutBeats() {
        return new Progress(acknowledged, 0, revision);
    }
}
