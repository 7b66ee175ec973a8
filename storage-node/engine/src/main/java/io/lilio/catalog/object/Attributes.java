package io.lilio.catalog.object;

import java.util.Map;
import java.util.Optional;

/**
 * What the client said about an object, given back with it as it came.
 *
 * @param storageClass empty means STANDARD
 * @param userMetadata by lower-case name without {@code x-amz-meta-}
 */
public record Attributes(
        Optional<String> contentType,
        Optional<String> cacheControl,
        Optional<String> contentDisposition,
        Optional<String> contentEncoding,
        Optional<String> contentLanguage,
        Optional<String> expires,
        Optional<String> storageClass,
        Map<String, String> userMetadata) {

    private static final Attributes NONE =
            new Attributes(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of());

    public Attributes {
        userMetadata = Map.copyOf(userMetadata);
    }

    /** Nothing said. */
    public static Attributes none() {
        return NONE;
    }
}
