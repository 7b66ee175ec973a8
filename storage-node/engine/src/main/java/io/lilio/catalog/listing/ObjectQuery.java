package io.lilio.catalog.listing;

/**
 * Which objects to list.
 *
 * @param prefix only keys that start with it; may be empty
 * @param delimiter rolls up keys that hold it after the prefix; empty: no rolling up
 * @param after only keys after this one; a common prefix here skips all of its keys (it is where
 *     the page before ended); empty: from the start
 * @param maxKeys keys and common prefixes together, 0 to 1,000
 */
public record ObjectQuery(String prefix, String delimiter, String after, int maxKeys) {

    public ObjectQuery {
        if (maxKeys < 0 || maxKeys > 1000) {
            throw new IllegalArgumentException("max keys: " + maxKeys);
        }
    }
}
