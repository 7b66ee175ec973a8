package io.lilio.catalog;

import io.lilio.metadata.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Object keys as they are written into metadata keys: their UTF-8 bytes, 0x00 as 0x00 0xff, and
 * 0x00 0x01 at the end. Byte order of what is written is the order of the UTF-8 bytes, which is the
 * order of S3's listings, and no written key is a prefix of another.
 */
public final class KeyText {

    private static final int ESCAPED_ZERO = 0xff;
    private static final int END = 0x01;

    private KeyText() {}

    /** A whole key, ended. */
    public static Bytes encode(String key) {
        return write(key, true);
    }

    /**
     * The beginning of keys: a written key starts with it just when the key starts with the prefix.
     */
    public static Bytes encodePrefix(String prefix) {
        return write(prefix, false);
    }

    /**
     * Reads a key that was written with {@link #encode}.
     *
     * @param offset where it begins
     */
    public static String decode(Bytes from, int offset) {
        byte[] bytes = from.array();
        int end = offset;
        while (bytes[end] != 0) {
            end++;
        }
        if (bytes[end + 1] == END) { // nearly always
            return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream key = new ByteArrayOutputStream(bytes.length - offset);
        for (int i = offset; ; i++) {
            if (bytes[i] != 0) {
                key.write(bytes[i]);
            } else if (bytes[i + 1] == END) {
                return key.toString(StandardCharsets.UTF_8);
            } else {
                key.write(0);
                i++;
            }
        }
    }

    /** Where what follows a written key begins. */
    static int endOf(Bytes in, int offset) {
        byte[] bytes = in.array();
        for (int i = offset; ; i++) {
            if (bytes[i] == 0) {
                if (bytes[i + 1] == END) {
                    return i + 2;
                }
                i++;
            }
        }
    }

    private static Bytes write(String text, boolean ended) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int zeros = 0;
        for (byte b : utf8) {
            if (b == 0) {
                zeros++;
            }
        }
        byte[] written = new byte[utf8.length + zeros + (ended ? 2 : 0)];
        int at = 0;
        for (byte b : utf8) {
            written[at++] = b;
            if (b == 0) {
                written[at++] = (byte) ESCAPED_ZERO;
            }
        }
        if (ended) {
            written[at++] = 0;
            written[at] = END;
        }
        return Bytes.wrap(written);
    }
}
