package io.lilio.metadata.rocksdb;

/**
 * Which revision is applied, and which one is on its way. When both are the same before and after a
 * read, nothing was written meanwhile, and the read is a picture of that revision. Written by the
 * committer alone; read by anyone.
 */
final class Revisions {

    private volatile long begun;
    private volatile long applied;

    Revisions(long revision) {
        begun = revision;
        applied = revision;
    }

    void begin(long revision) {
        begun = revision;
    }

    void applied(long revision) {
        applied = revision;
    }

    /** After the database was opened again: what it says counts. */
    void reset(long revision) {
        begun = revision;
        applied = revision;
    }

    long applied() {
        return applied;
    }

    /** Whether nothing is on its way after a revision that was applied. */
    boolean restAt(long revision) {
        return begun == revision;
    }
}
