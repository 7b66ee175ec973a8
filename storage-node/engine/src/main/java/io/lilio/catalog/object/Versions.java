package io.lilio.catalog.object;

import io.lilio.catalog.Keys;
import io.lilio.metadata.MetadataStore;
import java.util.List;
import java.util.Optional;

/** Finds one version of a key whose head has been read. */
final class Versions {

    private Versions() {}

    /** A version by its id; empty when the key has none such now. */
    static Optional<ObjectVersion> find(
            MetadataStore store, HeadLook look, Head head, VersionId id) {
        return switch (id) {
            case VersionId.Null() when head.current() instanceof Head.Itself(var version) ->
                    Optional.of(version);
            case VersionId.Null() when head.nullSeq() == 0 -> Optional.empty();
            case VersionId.Null() ->
                    read(store, look, head.nullSeq())
                            .filter(version -> version.summary().nullVersion());
            case VersionId.Numbered numbered ->
                    read(store, look, numbered.seq())
                            .filter(version -> version.id().equals(numbered));
        };
    }

    private static Optional<ObjectVersion> read(MetadataStore store, HeadLook look, long seq) {
        return store.read(List.of(Keys.version(look.bucket().id(), look.key(), seq)))
                .get(0)
                .map(ObjectRecords::decodeVersion);
    }
}
