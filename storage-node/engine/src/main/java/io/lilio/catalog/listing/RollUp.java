package io.lilio.catalog.listing;

import java.util.Optional;

/**
 * How keys are rolled up into common prefixes.
 *
 * @param delimiter empty: not at all
 */
record RollUp(String prefix, String delimiter) {

    /** The common prefix that a key (which starts with the prefix) is shown as, if it is. */
    Optional<String> of(String key) {
        if (delimiter.isEmpty()) {
            return Optional.empty();
        }
        int at = key.indexOf(delimiter, prefix.length());
        return at < 0 ? Optional.empty() : Optional.of(key.substring(0, at + delimiter.length()));
    }

    /** Whether a marker is itself a common prefix, all of which the page before has shown. */
    boolean isCommonPrefix(String marker) {
        return marker.startsWith(prefix) && of(marker).filter(marker::equals).isPresent();
    }

    boolean rollsUp() {
        return !delimiter.isEmpty();
    }
}
