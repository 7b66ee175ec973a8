package io.lilio.server.s3.xml;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer as XML 1.0 in UTF-8. Answers are bounded (at most 1,000 entries a page), so the
 * document is built in memory and sent with its length. Written by hand rather than with StAX,
 * whose writer neither escapes carriage returns nor refuses characters that XML cannot hold.
 *
 * <p>XML 1.0 cannot hold most control characters, nor unpaired surrogates, not even escaped. S3
 * sends them as character references that strict parsers refuse; here they become U+FFFD, so that
 * the rest of a listing stays readable. Clients that need such keys ask for {@code
 * encoding-type=url}. Carriage returns are written as references, or parsers would turn them into
 * line feeds.
 *
 * <p>Element names come from this server, never from a client, and are written as they are. Not
 * safe for use by several threads.
 */
public final class XmlDocument {

    /** The namespace of all S3 answers but errors. */
    public static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    /** What every document begins with. */
    public static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private final StringBuilder text = new StringBuilder(512);
    private final Deque<String> open = new ArrayDeque<>();

    public XmlDocument() {
        text.append(DECLARATION);
    }

    /** Starts a document whose root element is in S3's {@link #NAMESPACE}. */
    public static XmlDocument ofRoot(String root) {
        XmlDocument document = new XmlDocument();
        document.text.append('<').append(root).append(" xmlns=\"").append(NAMESPACE).append("\">");
        document.open.push(root);
        return document;
    }

    /** Opens an element. */
    public XmlDocument open(String name) {
        text.append('<').append(name).append('>');
        open.push(name);
        return this;
    }

    /** Closes the element opened last. */
    public XmlDocument close() {
        text.append("</").append(open.pop()).append('>');
        return this;
    }

    /** Writes text into the current element. */
    public XmlDocument text(String value) {
        escape(value);
        return this;
    }

    /** Writes an element that holds text. */
    public XmlDocument element(String name, String value) {
        text.append('<').append(name).append('>');
        escape(value);
        text.append("</").append(name).append('>');
        return this;
    }

    /** Writes an element, unless there is nothing to write. */
    public XmlDocument optional(String name, @Nullable String value) {
        return value == null ? this : element(name, value);
    }

    public XmlDocument element(String name, long value) {
        text.append('<').append(name).append('>').append(value);
        text.append("</").append(name).append('>');
        return this;
    }

    public XmlDocument element(String name, boolean value) {
        return element(name, Boolean.toString(value));
    }

    /** Writes a point in time as S3's XML has it: ISO 8601, UTC, milliseconds. */
    public XmlDocument element(String name, Instant value) {
        text.append('<').append(name).append('>');
        XmlTime.append(text, value);
        text.append("</").append(name).append('>');
        return this;
    }

    /** The document in UTF-8; every open element is closed first. */
    public byte[] toBytes() {
        while (!open.isEmpty()) {
            close();
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void escape(String value) {
        if (isPlain(value)) {
            text.append(value);
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> text.append("&amp;");
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '"' -> text.append("&quot;");
                case '\r' -> text.append("&#13;");
                default -> {
                    if (Character.isHighSurrogate(c)
                            && i + 1 < value.length()
                            && Character.isLowSurrogate(value.charAt(i + 1))) {
                        text.append(c).append(value.charAt(++i));
                    } else {
                        text.append(isXmlCharacter(c) ? c : '\uFFFD');
                    }
                }
            }
        }
    }

    /** Whether nothing of it needs a second look; most keys are such. */
    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c >= 0x7f || c == '&' || c == '<' || c == '>' || c == '"') {
                return false;
            }
        }
        return true;
    }

    /** Char of XML 1.0 §2.2 within the basic plane; surrogates are looked at in pairs. */
    private static boolean isXmlCharacter(char c) {
        return c >= 0x20
                ? !Character.isSurrogate(c) && c != '\uFFFE' && c != '\uFFFF'
                : c == '\t' || c == '\n';
    }
}
