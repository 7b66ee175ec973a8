package io.lilio.catalog.listing;

import org.jspecify.annotations.Nullable;

/**
 * Which versions to list.
 *
 * @param prefix only keys that start with it
 * @param delimiter rolls up keys that hold it after the prefix; empty: no rolling up
 * @param keyMarker only after this key (or common prefix); empty: from the start
 * @param versionMarker with a key marker: also the versions of that very key that come after this
 *     one (as {@link VersionPage#nextVersion} gave it, or a version id)
 * @param maxKeys versions and common prefixes together, 0 to 1,000
 */
public record VersionQuery(
        String prefix,
        String delimiter,
        String keyMarker,
        @Nullable String versionMarker,
        int maxKeys) {

    public VersionQuery {
        if (maxKeys < 0 || maxKeys > 1000) {
            throw new IllegalArgumentException("max keys: " + maxKeys);
        }
    }
}
