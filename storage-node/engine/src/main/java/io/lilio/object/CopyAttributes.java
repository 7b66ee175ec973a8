package io.lilio.object;

import io.lilio.catalog.object.Attributes;
import java.util.Optional;

/** The attributes of a copy: the source's, or new ones. */
public sealed interface CopyAttributes {

    /** Of a copy of an object that has these. */
    Attributes of(Attributes source);

    /** Whether a copy with these differs from its source, whatever the source has. */
    boolean changes();

    /**
     * The source's, but for the storage class, which is not copied.
     *
     * @param storageClass of the copy; empty means STANDARD
     */
    record Kept(Optional<String> storageClass) implements CopyAttributes {

        @Override
        public Attributes of(Attributes source) {
            return new Attributes(
                    source.contentType(),
                    source.cacheControl(),
                    source.contentDisposition(),
                    source.contentEncoding(),
                    source.contentLanguage(),
                    source.expires(),
                    storageClass,
                    source.userMetadata());
        }

        @Override
        public boolean changes() {
            return storageClass.isPresent();
        }
    }

    /** New ones. */
    record Replaced(Attributes attributes) implements CopyAttributes {

        @Override
        public Attributes of(Attributes source) {
            return attributes;
        }

        @Override
        public boolean changes() {
            return true;
        }
    }

    /** The source's. */
    static CopyAttributes kept() {
        return new Kept(Optional.empty());
    }
}
