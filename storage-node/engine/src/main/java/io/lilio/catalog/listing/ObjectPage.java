package io.lilio.catalog.listing;

import io.lilio.catalog.object.VersionSummary;
import java.util.List;

/**
 * A page of objects.
 *
 * @param objects in order of their keys' UTF-8 bytes
 * @param commonPrefixes in the same order
 * @param truncated whether there is more after {@code last}
 * @param last the last key or common prefix of the page, to go on after; empty when the page is
 */
public record ObjectPage(
        List<Entry> objects, List<String> commonPrefixes, boolean truncated, String last) {

    /** An object's key and current version. */
    public record Entry(String key, VersionSummary version) {}
}
