package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Names a multipart upload under way.
 *
 * @param address the object that it will become
 * @param uploadId as {@link CreateUpload} gave it
 */
public record UploadAddress(ObjectAddress address, String uploadId) {

    String bucket() {
        return address.bucket();
    }

    String key() {
        return address.key();
    }

    /**
     * The id as it is stored.
     *
     * @throws ObjectStoreException NO_SUCH_UPLOAD for what cannot be one
     */
    UUID id() {
        try {
            UUID id = UUID.fromString(uploadId);
            if (id.toString().equals(uploadId)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            throw noSuchUpload(e);
        }
        throw noSuchUpload(null);
    }

    private static ObjectStoreException noSuchUpload(@Nullable Throwable cause) {
        return new ObjectStoreException(
                Kind.NO_SUCH_UPLOAD,
                "The specified upload does not exist. The upload ID may be invalid, or the upload"
                        + " may have been aborted or completed.",
                cause);
    }
}
