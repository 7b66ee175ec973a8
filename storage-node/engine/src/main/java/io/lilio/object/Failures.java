package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.metadata.MetadataUnavailableException;

/** What callers are told when a layer below could not do its part. */
final class Failures {

    private Failures() {}

    /** Without metadata nothing can be proved, so nothing is served. */
    static ObjectStoreException unavailable(MetadataUnavailableException cause) {
        return new ObjectStoreException(
                Kind.UNAVAILABLE, "The metadata store does not answer; try again", cause);
    }
}
