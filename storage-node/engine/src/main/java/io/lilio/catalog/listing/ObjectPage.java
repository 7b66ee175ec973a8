package io.lilio.catalog.listing;

import io.lilio.catalog.object.VersionSummary;
import java.util.List;

/**
 * A page of objects. It may be short, even empty, and truncated.
 *
 * @param objects in order of their keys' UTF-8 bytes
 * @param commonPrefixes in the same order
 * @param truncated whether there is more after {@code last}
 * @param last where to go on when truncated: the last key or common prefix of the page, or a
 *     deleted key up to which nothing is left to show
 */
public record ObjectPage(
        List<Entry> objects, List<String> commonPrefixes, boolean truncated, String last) {

    /** An object's key and current version. */
    public record Entry(String key, VersionSummary version) {}

    /** Whether nothing is shown. */
    public boolean isEmpty() {
        return objects.isEmpty() && commonPrefixes.isEmpty();
    }

    /** Whether its last object is where to go on, as clients take it to be that are not told. */
    public boolean endsWithAnObject() {
        return !objects.isEmpty() && objects.getLast().key().equals(last);
    }
}
