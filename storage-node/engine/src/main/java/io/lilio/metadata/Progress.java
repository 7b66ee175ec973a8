package io.lilio.metadata;

import java.util.Comparator;

/**
 * How far metadata are. They only ever move on, so whoever sees less than somebody saw before looks
 * at older ones: a snapshot that was put back, or another store.
 *
 * @param acknowledged how often administrators have said that the metadata are right although they
 *     went back; kept in the metadata themselves, and counts before the revision
 * @param revision of the store
 */
public record Progress(long acknowledged, long revision) implements Comparable<Progress> {

    /** Before everything. */
    public static final Progress NONE = new Progress(0, 0);

    private static final Comparator<Progress> ORDER =
            Comparator.comparingLong(Progress::acknowledged).thenComparingLong(Progress::revision);

    @Override
    public int compareTo(Progress other) {
        return ORDER.compare(this, other);
    }

    /** The same at another revision. */
    public Progress at(long otherRevision) {
        return new Progress(acknowledged, otherRevision);
    }
}
