package io.lilio.catalog.loss;

import io.lilio.catalog.content.Part;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.Limits;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * A place in a {@link LossWalk}; good at any node, however late.
 *
 * @param key of the record that was looked at last
 * @param part the number of that upload's part that was looked at last; 0 when all of the record
 *     was
 */
public record LossCursor(Bytes key, int part) {

    /**
     * @throws IllegalArgumentException when a walk has no such place
     */
    public LossCursor {
        boolean partFits = part == 0 || LossTable.UPLOADS.range().contains(key);
        if (key.length() > Limits.MAX_KEY_BYTES
                || LossTable.of(key).isEmpty()
                || part < 0
                || part > Part.MAX_NUMBER
                || !partFits) {
            throw new IllegalArgumentException(
                    "no place in a walk over what may be lost: part %d of %s".formatted(part, key));
        }
    }

    /** For clients, who do not look into it: base64url of the part, in two bytes, and the key. */
    public String text() {
        ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES + key.length());
        bytes.putShort((short) part).put(key.array());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** The place that a text names; empty when it names none. */
    public static Optional<LossCursor> parse(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() <= Short.BYTES) {
                return Optional.empty();
            }
            int part = Short.toUnsignedInt(bytes.getShort());
            byte[] key = new byte[bytes.remaining()];
            bytes.get(key);
            return Optional.of(new LossCursor(Bytes.wrap(key), part));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }
}
