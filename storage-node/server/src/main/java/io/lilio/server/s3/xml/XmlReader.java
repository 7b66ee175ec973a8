package io.lilio.server.s3.xml;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the XML that clients send, element by element, without building a tree. Whoever parses
 * walks the document: {@link #nextChild} enters the next child of the current element, {@link
 * #text} takes a leaf's text and leaves it.
 *
 * <p>Hardened: a document type declaration, a reference to an entity that XML does not define, a
 * processing instruction, nesting deeper than {@value #MAX_DEPTH}, a text longer than {@value
 * #MAX_TEXT_CHARS} characters and a comment or tag longer than 64 KiB are refused as MalformedXML,
 * as is everything that is not well formed. Nothing is ever fetched. How long a document may be is
 * up to the stream it is read from; how many elements, up to who reads it. Not safe for use by
 * several threads.
 */
public final class XmlReader {

    /** Deeper than any document of S3. */
    public static final int MAX_DEPTH = 16;

    /** More than the longest key (1,024 bytes) and the longest upload id need. */
    public static final int MAX_TEXT_CHARS = 8_192;

    /**
     * The parser takes a comment, or a tag with its attributes, as a whole before anybody sees it.
     */
    private static final int MAX_STEP_BYTES = 64 * 1024;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Steps steps;
    private final XMLStreamReader reader;
    private int depth;

    /**
     * Starts to read a document and enters its root element.
     *
     * @param source the document in UTF-8; closed by whoever opened it
     * @param root the name that the root element must have, in S3's namespace or in none
     * @throws S3Exception MalformedXML
     */
    public XmlReader(InputStream source, String root) {
        steps = new Steps(source);
        try {
            reader = newFactory().createXMLStreamReader(characters(steps));
            if (!root.equals(nextChild())) {
                throw malformed(null);
            }
        } catch (XMLStreamException e) {
            throw cause(e);
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /**
     * UTF-8, strictly decoded, without a byte order mark. The parser gets characters because it
     * writes to the standard error when it decodes bytes itself and they are wrong.
     */
    private static Reader characters(InputStream source) throws IOException {
        PushbackReader characters =
                new PushbackReader(
                        new InputStreamReader(source, StandardCharsets.UTF_8.newDecoder()));
        int first = characters.read();
        if (first >= 0 && first != BYTE_ORDER_MARK) {
            characters.unread(first);
        }
        return characters;
    }

    /** Factories are not documented to be thread-safe; making one costs little. */
    private static XMLInputFactory newFactory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setXMLResolver(
                (publicId, systemId, baseUri, namespace) -> {
                    throw new XMLStreamException("external entities are refused");
                });
        return factory;
    }

    /**
     * Enters the next child of the current element.
     *
     * @return its local name, or null when the current element has no more children, which leaves
     *     it
     */
    public @Nullable String nextChild() {
        while (true) {
            switch (advance()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++depth > MAX_DEPTH) {
                        throw malformed(null);
                    }
                    String namespace = reader.getNamespaceURI();
                    if (namespace != null
                            && !namespace.isEmpty()
                            && !namespace.equals(XmlDocument.NAMESPACE)) {
                        throw malformed(null);
                    }
                    return reader.getLocalName();
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    depth--;
                    return null;
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (!reader.isWhiteSpace()) {
                        throw malformed(null);
                    }
                }
                default -> throw malformed(null);
            }
        }
    }

    /**
     * The text of the current element, which is left.
     *
     * @throws S3Exception MalformedXML when it has children
     */
    public String text() {
        StringBuilder text = new StringBuilder();
        while (true) {
            switch (advance()) {
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (text.length() + reader.getTextLength() > MAX_TEXT_CHARS) {
                        throw malformed(null);
                    }
                    text.append(
                            reader.getTextCharacters(),
                            reader.getTextStart(),
                            reader.getTextLength());
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    depth--;
                    return text.toString();
                }
                default -> throw malformed(null);
            }
        }
    }

    /** Leaves the current element, whatever is in it. */
    public void skip() {
        int outside = depth - 1;
        while (depth > outside) {
            switch (advance()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++depth > MAX_DEPTH) {
                        throw malformed(null);
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> depth--;
                default -> {}
            }
        }
    }

    /** Reads what follows the root element, which may only be white space and comments. */
    public void end() {
        if (depth != 0 || advance() != XMLStreamConstants.END_DOCUMENT) {
            throw malformed(null);
        }
    }

    /** The next event that is more than a comment or white space between elements. */
    private int advance() {
        try {
            while (reader.hasNext()) {
                steps.begin();
                int event = reader.next();
                switch (event) {
                    case XMLStreamConstants.COMMENT, XMLStreamConstants.SPACE -> {}
                    case XMLStreamConstants.START_ELEMENT,
                            XMLStreamConstants.END_ELEMENT,
                            XMLStreamConstants.CHARACTERS,
                            XMLStreamConstants.CDATA,
                            XMLStreamConstants.END_DOCUMENT -> {
                        return event;
                    }
                    default -> throw malformed(null);
                }
            }
            throw malformed(null);
        } catch (XMLStreamException e) {
            throw cause(e);
        }
    }

    /** The parser wraps what the stream throws; what the client's connection did goes first. */
    private static RuntimeException cause(XMLStreamException e) {
        Throwable nested = e.getNestedException() == null ? e.getCause() : e.getNestedException();
        return nested instanceof RuntimeException runtime ? runtime : malformed(e);
    }

    private static S3Exception malformed(@Nullable Throwable cause) {
        return new S3Exception(S3Error.MALFORMED_XML, S3Error.MALFORMED_XML.message(), cause);
    }

    /** The document, of which the parser may only take so much at a time. */
    private static final class Steps extends FilterInputStream {

        private int taken;

        Steps(InputStream document) {
            super(document);
        }

        /** The parser begins with the next part. */
        void begin() {
            taken = 0;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (taken > MAX_STEP_BYTES) {
                throw malformed(null);
            }
            int count = super.read(target, offset, length);
            taken += Math.max(0, count);
            return count;
        }
    }
}
