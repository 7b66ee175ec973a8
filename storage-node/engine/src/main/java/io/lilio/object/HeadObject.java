package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.object.ObjectLookup.Located;

/** Tells about an object without its bytes. Thread-safe. */
public final class HeadObject {

    private final ObjectLookup lookup;

    HeadObject(ObjectLookup lookup) {
        this.lookup = lookup;
    }

    /**
     * @throws ObjectStoreException as {@link GetObject#open}
     */
    public Head head(ReadRequest request) {
        try {
            Located located = lookup.find(request);
            return new Head(located.info(), located.range());
        } catch (MetadataUnavailableException e) {
            throw Failures.unavailable(e);
        }
    }

    /**
     * What a HEAD answers.
     *
     * @param info the version
     * @param range the bytes that a GET would give
     */
    public record Head(ObjectInfo info, ContentRange range) {}
}
