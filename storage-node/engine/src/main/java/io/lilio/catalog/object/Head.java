package io.lilio.catalog.object;

/**
 * A key's head: it exists while the key has any version, and is written with every change of them.
 *
 * @param current the current version, or what a listing shows of it
 * @param nullSeq where the null version is among the versions; 0 when it is not there
 * @param modRevision when the head was last written
 */
public record Head(Current current, long nullSeq, long modRevision) {

    /** What a head holds. */
    public sealed interface Current {
        VersionSummary summary();
    }

    /** The current version is the null version and lives in the head itself. */
    public record Itself(ObjectVersion version) implements Current {
        @Override
        public VersionSummary summary() {
            return version.summary();
        }
    }

    /** The current version is among the versions. */
    public record AmongVersions(VersionSummary summary) implements Current {}

    public VersionSummary summary() {
        return current.summary();
    }
}
