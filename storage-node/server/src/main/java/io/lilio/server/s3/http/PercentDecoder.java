package io.lilio.server.s3.http;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Percent-decoding (RFC 3986 §2.1) that guesses nothing: an incomplete escape, or bytes that are
 * not UTF-8, are InvalidURI. Raw characters that a URI may not hold are taken as they are, as long
 * as they are bytes of valid UTF-8 (Netty hands them over one char per byte).
 */
public final class PercentDecoder {

    private PercentDecoder() {}

    /** Decodes a path segment or a whole path; a plus sign is a plus sign. */
    public static String path(String raw) {
        return decode(raw, false);
    }

    /** Decodes a query name or value; a plus sign is a space. */
    public static String query(String raw) {
        return decode(raw, true);
    }

    private static String decode(String raw, boolean plusIsSpace) {
        return isPlain(raw, plusIsSpace) ? raw : decodeSlowly(raw, plusIsSpace);
    }

    private static boolean isPlain(String raw, boolean plusIsSpace) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%' || c >= 0x80 || (plusIsSpace && c == '+')) {
                return false;
            }
        }
        return true;
    }

    private static String decodeSlowly(String raw, boolean plusIsSpace) {
        byte[] bytes = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes[length++] = escaped(raw, i);
                i += 2;
            } else if (c > 0xff) {
                throw invalid();
            } else {
                bytes[length++] = (byte) (plusIsSpace && c == '+' ? ' ' : c);
            }
        }
        try {
            // A fresh decoder reports malformed input, where new String() would replace it.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw invalid();
        }
    }

    private static byte escaped(String raw, int at) {
        if (at + 2 >= raw.length()
                || !HexFormat.isHexDigit(raw.charAt(at + 1))
                || !HexFormat.isHexDigit(raw.charAt(at + 2))) {
            throw invalid();
        }
        return (byte) HexFormat.fromHexDigits(raw, at + 1, at + 3);
    }

    private static S3Exception invalid() {
        return new S3Exception(S3Error.INVALID_URI);
    }
}
