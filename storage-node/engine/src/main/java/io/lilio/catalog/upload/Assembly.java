package io.lilio.catalog.upload;

import io.lilio.catalog.content.Part;
import io.lilio.digest.Checksum;
import java.util.List;
import java.util.Optional;

/**
 * Judges the parts of a Complete and says what the object's etag and checksum are. Called while the
 * upload is sealed; has to be quick and without side effects.
 */
@FunctionalInterface
public interface Assembly {

    /**
     * @param upload the upload
     * @param parts the listed parts as they are stored, in the order of the list
     * @throws io.lilio.ObjectStoreException when they do not make an object ({@code INVALID_PART},
     *     {@code PART_TOO_SMALL}, {@code OBJECT_TOO_LARGE}, {@code BAD_DIGEST}, ...): the upload
     *     stays open
     */
    Assembled assemble(Upload upload, List<Part> parts);

    /** The object's etag (without quotes) and checksum. */
    record Assembled(String etag, Optional<Checksum> checksum) {}
}
