package io.lilio.server.s3.request;

import io.lilio.digest.DigestSet;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestBody;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.xml.XmlReader;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * A request's payload that is an XML document: parsed while it arrives, never held as a whole, at
 * most so many bytes long, and only believed once its digests were compared.
 */
public final class XmlBody {

    private XmlBody() {}

    /**
     * Parses the payload of a request.
     *
     * @param claims what the client says about the payload's bytes
     * @param maxBytes the longest payload
     * @param root the name of the document's root element
     * @param parser takes what it needs, up to the end of the root element
     * @return what the parser returned, if the document is whole and is what the client claimed
     * @throws S3Exception MissingContentLength, MissingRequestBodyError, MaxMessageLengthExceeded,
     *     MalformedXML, BadDigest, and what the parser and the connection throw
     */
    public static <T> T parse(
            S3Request request,
            ChecksumClaims claims,
            long maxBytes,
            String root,
            Function<XmlReader, T> parser) {
        RequestBody body = request.body();
        if (!body.lengthKnown()) {
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
        if (body.length() == 0) {
            throw new S3Exception(S3Error.MISSING_REQUEST_BODY);
        }
        if (body.length() > maxBytes) {
            throw new S3Exception(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED)
                    .withDetail("MaxMessageLengthBytes", Long.toString(maxBytes));
        }
        DigestSet digests = new DigestSet(claims.digests());
        Bytes source = new Bytes(body, digests);
        XmlReader reader = new XmlReader(source, root);
        T parsed = parser.apply(reader);
        reader.end();
        source.drain();
        claims.verify(digests.finish(), body);
        return parsed;
    }

    /** The payload as the parser wants it, digested on its way. */
    private static final class Bytes extends InputStream {

        private final RequestBody body;
        private final DigestSet digests;
        private boolean ended;

        Bytes(RequestBody body, DigestSet digests) {
            this.body = body;
            this.digests = digests;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            int count = ended ? -1 : body.read(ByteBuffer.wrap(target, offset, length));
            if (count < 0) {
                ended = true;
                return -1;
            }
            digests.update(ByteBuffer.wrap(target, offset, count));
            return count;
        }

        /** Reads on to the end, which is where the connection reports what is wrong. */
        void drain() {
            byte[] rest = new byte[1024];
            while (read(rest, 0, rest.length) >= 0) {
                // The parser has seen the end of the document; only the end of the body matters.
            }
        }
    }
}
