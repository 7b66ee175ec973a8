package io.lilio.catalog.listing;

import io.lilio.catalog.object.VersionSummary;
import java.util.List;
import java.util.Optional;

/**
 * A page of versions and delete markers.
 *
 * @param versions by key, the newest first
 * @param nextKey where to go on when truncated: the last key or common prefix of the page
 * @param nextVersion the last version of the page; empty when the page ended with a common prefix
 */
public record VersionPage(
        List<Entry> versions,
        List<String> commonPrefixes,
        boolean truncated,
        String nextKey,
        Optional<String> nextVersion) {

    /**
     * A version or delete marker.
     *
     * @param latest whether it is its key's current one
     */
    public record Entry(String key, VersionSummary version, boolean latest) {}
}
