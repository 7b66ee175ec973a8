package io.lilio.server.s3.request;

import io.lilio.server.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * Where a page of ListObjectsV2 ended, in a form that clients give back and do not look into:
 * base64url of a version byte, the CRC32C of what follows, and the UTF-8 of the last key or common
 * prefix. The checksum tells a token from a guess; it keeps no secret, the key is the client's own.
 */
public final class ContinuationToken {

    private static final byte VERSION = 1;
    private static final int HEAD_BYTES = 1 + Integer.BYTES;

    private ContinuationToken() {}

    public static String of(String lastKey) {
        byte[] key = lastKey.getBytes(StandardCharsets.UTF_8);
        ByteBuffer token = ByteBuffer.allocate(HEAD_BYTES + key.length);
        token.put(VERSION).putInt(checksum(key)).put(key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
    }

    /**
     * The key that {@link #of} was given.
     *
     * @throws S3Exception InvalidArgument for anything that did not come from there
     */
    public static String parse(String token) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
            if (bytes.remaining() > HEAD_BYTES && bytes.get() == VERSION) {
                int expected = bytes.getInt();
                byte[] key = new byte[bytes.remaining()];
                bytes.get(key);
                if (checksum(key) == expected) {
                    return StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(key))
                            .toString();
                }
            }
        } catch (IllegalArgumentException | CharacterCodingException notOurs) {
            // Answered like a token whose checksum is wrong.
        }
        throw QueryNumbers.invalid(
                "continuation-token", token, "The continuation token provided is incorrect");
    }

    private static int checksum(byte[] key) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        return (int) crc.getValue();
    }
}
