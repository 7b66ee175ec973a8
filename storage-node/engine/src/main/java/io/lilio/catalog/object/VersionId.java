package io.lilio.catalog.object;

/**
 * Names one version of a key. Assigned in the commit; the text is opaque to clients and tells us
 * where the version's record is.
 */
public sealed interface VersionId {

    /** The null version: written while versioning was off or suspended. Its text is "null". */
    record Null() implements VersionId {
        @Override
        public String toString() {
            return "null";
        }
    }

    /**
     * Any other.
     *
     * @param seq grows with every version of the key
     * @param tag random
     */
    record Numbered(long seq, long tag) implements VersionId {
        /** 32 lower-case hexadecimal digits. */
        @Override
        public String toString() {
            return "%016x%016x".formatted(seq, tag);
        }
    }

    /**
     * Reads the text of a version id.
     *
     * @throws io.lilio.ObjectStoreException {@code INVALID_ARGUMENT} when no version could have it
     */
    static VersionId parse(String text) {
        return VersionIdText.parse(text);
    }
}
