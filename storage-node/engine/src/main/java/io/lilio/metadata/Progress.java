package io.lilio.metadata;

/**
 * How far metadata are. They only ever move on, so whoever sees less than somebody saw before looks
 * at older ones: a snapshot that was put back, or another store.
 *
 * @param acknowledged how often administrators have said that the metadata are right although they
 *     went back; kept in the metadata themselves, and counts before all else
 * @param beats counted in the metadata themselves while they are written to: a snapshot can be put
 *     back with its revisions raised, but what it holds stays as old as it is
 * @param revision of the store
 */
public record Progress(long acknowledged, long beats, long revision) {

    /** Before everything. */
    public static final Progress NONE = new Progress(0, 0, 0);

    /**
     * Whether metadata that are here went back, if they were there before. Where as much was
     * acknowledged neither beats nor revision may be less: a snapshot that was put back may count
     * more beats before anybody looks, and be at a smaller revision still.
     */
    public boolean isBehind(Progress other) {
        return acknowledged == other.acknowledged
                ? beats < other.beats || revision < other.revision
                : acknowledged < other.acknowledged;
    }

    /** What metadata that were seen here and there are not behind: no evidence is lost. */
    public Progress furthest(Progress other) {
        if (acknowledged != other.acknowledged) {
            return acknowledged > other.acknowledged ? this : other;
        }
        return new Progress(
                acknowledged, Math.max(beats, other.beats), Math.max(revision, other.revision));
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
