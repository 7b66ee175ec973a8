package io.lilio.server.s3.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text in header values, which the wire knows as bytes. As S3 does ("Working with object metadata",
 * Amazon S3 user guide), values are decoded as RFC 2047 says when they arrive, and leave as they
 * are when they are printable ASCII and RFC 2047-encoded otherwise, so that no value can break a
 * header line.
 *
 * <p>Raw bytes that are valid UTF-8 are taken for UTF-8, all others for ISO 8859-1.
 */
public final class HeaderText {

    /**
     * An encoded word has at most 75 characters (RFC 2047 §2): 45 bytes in base64 and the frame.
     */
    private static final int BYTES_PER_WORD = 45;

    private static final Pattern ENCODED_WORD =
            Pattern.compile("=\\?([^?\\s]+)\\?([BbQq])\\?([^?\\s]*)\\?=");

    private HeaderText() {}

    /**
     * The text that a header value stands for.
     *
     * @param value one char per byte; a value that came as a query parameter of a presigned URL is
     *     text already
     */
    public static String decode(String value) {
        String text =
                value.chars().allMatch(c -> c <= 0xff)
                        ? decodeBytes(value.getBytes(StandardCharsets.ISO_8859_1))
                        : value;
        Matcher word = ENCODED_WORD.matcher(text);
        StringBuilder decoded = new StringBuilder();
        int end = 0;
        boolean afterWord = false;
        while (word.find()) {
            String between = text.substring(end, word.start());
            if (!afterWord || !between.isBlank()) {
                decoded.append(between); // white space between two words is not part of the text
            }
            try {
                decoded.append(decodeWord(word.group(1), word.group(2), word.group(3)));
                afterWord = true;
            } catch (IllegalArgumentException notAWord) {
                decoded.append(word.group());
                afterWord = false;
            }
            end = word.end();
        }
        return end == 0 ? text : decoded.append(text, end, text.length()).toString();
    }

    /** A header value that stands for the text: printable ASCII. */
    public static String encode(String text) {
        if (text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            return text;
        }
        StringBuilder words = new StringBuilder();
        StringBuilder piece = new StringBuilder();
        int pieceBytes = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int bytes = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
            if (pieceBytes + bytes > BYTES_PER_WORD) {
                appendWord(words, piece);
                pieceBytes = 0;
            }
            piece.appendCodePoint(codePoint);
            pieceBytes += bytes;
            i += Character.charCount(codePoint);
        }
        appendWord(words, piece);
        return words.toString();
    }

    private static void appendWord(StringBuilder words, StringBuilder piece) {
        byte[] utf8 = piece.toString().getBytes(StandardCharsets.UTF_8);
        words.append(words.isEmpty() ? "" : " ")
                .append("=?UTF-8?B?")
                .append(Base64.getEncoder().encodeToString(utf8))
                .append("?=");
        piece.setLength(0);
    }

    private static String decodeBytes(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * @throws IllegalArgumentException when it is no encoded word after all
     */
    private static String decodeWord(String charsetName, String encoding, String encoded) {
        Charset charset;
        try {
            charset = Charset.forName(charsetName);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new IllegalArgumentException("unknown charset", e);
        }
        byte[] bytes =
                encoding.equalsIgnoreCase("B")
                        ? Base64.getDecoder().decode(encoded)
                        : decodeQ(encoded);
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not text in " + charsetName, e);
        }
    }

    /** The "Q" encoding, RFC 2047 §4.2. */
    private static byte[] decodeQ(String encoded) {
        byte[] bytes = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '=') {
                if (i + 2 >= encoded.length()) {
                    throw new IllegalArgumentException("cut off");
                }
                bytes[length++] = (byte) Integer.parseInt(encoded, i + 1, i + 3, 16);
                i += 2;
            } else {
                bytes[length++] = (byte) (c == '_' ? ' ' : c);
            }
        }
        return Arrays.copyOf(bytes, length);
    }
}
