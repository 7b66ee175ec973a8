package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import java.nio.charset.StandardCharsets;

/**
 * Names an object.
 *
 * @param bucket the bucket's name
 * @param key 1 to 1,024 bytes of UTF-8
 */
public record ObjectAddress(String bucket, String key) {

    /** The longest key, in bytes of UTF-8. */
    public static final int MAX_KEY_BYTES = 1024;

    /**
     * @throws ObjectStoreException KEY_TOO_LONG, or INVALID_ARGUMENT for an empty key
     */
    public ObjectAddress {
        if (key.isEmpty()) {
            throw new ObjectStoreException(Kind.INVALID_ARGUMENT, "A key has at least one byte");
        }
        if (key.length() > MAX_KEY_BYTES
                || key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
            throw new ObjectStoreException(
                    Kind.KEY_TOO_LONG, "Your key is longer than " + MAX_KEY_BYTES + " bytes");
        }
    }
}
