package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.digest.DigestAlgorithm;
import java.util.Optional;

/**
 * Which part to store.
 *
 * @param upload of which upload
 * @param number 1 to 10,000; a part of that number stored before is replaced
 * @param checksum to be stored with it, beside the one that the upload asks for
 */
public record PartRequest(UploadAddress upload, int number, Optional<DigestAlgorithm> checksum) {

    /** The largest part number. */
    public static final int MAX_NUMBER = 10_000;

    /**
     * @throws ObjectStoreException INVALID_ARGUMENT
     */
    public PartRequest {
        if (number < 1 || number > MAX_NUMBER) {
            throw new ObjectStoreException(
                    Kind.INVALID_ARGUMENT,
                    "Part number must be an integer between 1 and " + MAX_NUMBER + ", inclusive");
        }
    }
}
