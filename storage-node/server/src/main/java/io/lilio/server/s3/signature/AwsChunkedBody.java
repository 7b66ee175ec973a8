package io.lilio.server.s3.signature;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestBody;
import io.lilio.server.s3.signature.GuardedBodies.ChunkFormat;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decodes a payload in aws-chunked form, verifying chunk signatures and trailing headers on the
 * way:
 *
 * <pre>
 *   size in hex [;chunk-signature=…] CRLF, bytes, CRLF      any number of times
 *   0 [;chunk-signature=…] CRLF
 *   name:value CRLF …                                       with a trailer only
 *   x-amz-trailer-signature:… CRLF                          with a signed trailer only
 *   CRLF
 * </pre>
 *
 * <p>Payload bytes go straight into the caller's buffer; only what stands between them passes
 * through a small buffer here. The decoded length must be exactly the announced one, and nothing
 * may follow the end.
 */
final class AwsChunkedBody implements RequestBody {

    /** S3's smallest chunk, but for the last one: bounds the work per byte. */
    private static final int MIN_CHUNK_BYTES = 8 << 10;

    private static final int MAX_LINE_BYTES = 1024;
    private static final int LOOK_AHEAD_BYTES = 512;
    private static final String CHUNK_SIGNATURE = "chunk-signature=";
    private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";

    private final RequestBody raw;
    private final long length;
    private final ChunkFormat format;
    private final Set<String> announcedTrailers;
    private final Map<String, String> trailers = new LinkedHashMap<>();
    private final MessageDigest chunkDigest = Sha256.digest();
    private final ByteBuffer lookAhead = ByteBuffer.allocate(LOOK_AHEAD_BYTES).limit(0);

    private long decodedBytes;
    private long chunkRemaining;
    private String chunkSignature = "";
    private boolean inChunk;
    private boolean smallChunkSeen;
    private boolean ended;

    AwsChunkedBody(
            RequestBody raw, long length, ChunkFormat format, Set<String> announcedTrailers) {
        this.raw = raw;
        this.length = length;
        this.format = format;
        this.announcedTrailers = announcedTrailers;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public boolean lengthKnown() {
        return true;
    }

    @Override
    public int read(ByteBuffer target) {
        if (ended) {
            return -1;
        }
        if (!inChunk) {
            beginChunk();
        }
        if (chunkRemaining == 0) {
            end();
            return -1;
        }
        int from = target.position();
        int count = payload(target);
        if (format.signed()) {
            chunkDigest.update(target.duplicate().flip().position(from));
        }
        chunkRemaining -= count;
        decodedBytes += count;
        if (chunkRemaining == 0) {
            endChunk();
            if (decodedBytes == length) {
                // The last bytes are given away only when everything was verified.
                beginChunk();
                end();
            }
        }
        return count;
    }

    /** Payload bytes of the current chunk, at least one. */
    private int payload(ByteBuffer target) {
        int most = (int) Math.min(target.remaining(), chunkRemaining);
        if (lookAhead.hasRemaining()) {
            int count = Math.min(most, lookAhead.remaining());
            target.put(lookAhead.slice().limit(count));
            lookAhead.position(lookAhead.position() + count);
            return count;
        }
        int limit = target.limit();
        target.limit(target.position() + most);
        int count;
        try {
            count = raw.read(target);
        } finally {
            target.limit(limit);
        }
        if (count < 0) {
            throw new S3Exception(S3Error.INCOMPLETE_BODY);
        }
        return count;
    }

    private void beginChunk() {
        String line = line(true);
        int semicolon = line.indexOf(';');
        String size = semicolon < 0 ? line : line.substring(0, semicolon);
        chunkRemaining = size(size);
        if (chunkRemaining > length - decodedBytes) {
            throw new S3Exception(
                    S3Error.INCOMPLETE_BODY,
                    "The body holds more than x-amz-decoded-content-length says.");
        }
        if (chunkRemaining > 0) {
            if (smallChunkSeen) {
                throw new S3Exception(
                        S3Error.INVALID_CHUNK_SIZE,
                        "Only the last chunk is allowed to have a size less than 8192 bytes.");
            }
            smallChunkSeen = chunkRemaining < MIN_CHUNK_BYTES;
        }
        String extension = semicolon < 0 ? "" : line.substring(semicolon + 1);
        if (format.signed()) {
            if (!extension.startsWith(CHUNK_SIGNATURE)) {
                throw malformed();
            }
            chunkSignature = extension.substring(CHUNK_SIGNATURE.length());
        } else if (!extension.isEmpty()) {
            throw malformed();
        }
        inChunk = true;
    }

    private static long size(String hex) {
        // Ten digits are a TiB: more than any payload, and far from overflow.
        if (hex.isEmpty() || hex.length() > 10) {
            throw malformed();
        }
        long size = 0;
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw malformed();
            }
            size = size << 4 | digit;
        }
        return size;
    }

    private void endChunk() {
        verifyChunk();
        if (!line(true).isEmpty()) {
            throw malformed();
        }
        inChunk = false;
    }

    private void verifyChunk() {
        if (format.signed()) {
            format.signatures().verifyChunk(chunkDigest.digest(), chunkSignature);
        }
    }

    private void end() {
        verifyChunk();
        if (decodedBytes != length) {
            throw new S3Exception(
                    S3Error.INCOMPLETE_BODY,
                    "The body holds less than x-amz-decoded-content-length says.");
        }
        if (format.trailer()) {
            readTrailers();
        } else if (!line(true).isEmpty()) {
            throw malformed();
        }
        if (lookAhead.hasRemaining() || raw.read(lookAhead.clear().limit(1)) >= 0) {
            throw malformed();
        }
        ended = true;
    }

    private void readTrailers() {
        StringBuilder signedLines = new StringBuilder();
        String signature = "";
        boolean blankSeen = false;
        while (true) {
            String line = line(false);
            if (line.isEmpty()) {
                // A signed trailer may have a blank line before its signature.
                if (format.signed() && signature.isEmpty() && !blankSeen) {
                    blankSeen = true;
                    continue;
                }
                break;
            }
            int colon = line.indexOf(':');
            if (colon < 1 || trailers.size() > announcedTrailers.size()) {
                throw new S3Exception(S3Error.MALFORMED_TRAILER);
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (format.signed() && name.equals(TRAILER_SIGNATURE) && !value.isEmpty()) {
                signature = value;
            } else if (!announcedTrailers.contains(name) || trailers.put(name, value) != null) {
                throw new S3Exception(S3Error.MALFORMED_TRAILER);
            } else {
                signedLines.append(name).append(':').append(value).append('\n');
            }
        }
        if (trailers.size() != announcedTrailers.size()) {
            throw new S3Exception(S3Error.MALFORMED_TRAILER);
        }
        if (format.signed()) {
            format.signatures().verifyTrailer(signedLines.toString(), signature);
        }
    }

    /**
     * The next line, without its end. Blocks.
     *
     * @param framing whether it has to end as RFC 9112 §7.1 says; some clients end a trailer's
     *     lines with a bare LF
     */
    private String line(boolean framing) {
        StringBuilder line = new StringBuilder(96);
        while (true) {
            if (!lookAhead.hasRemaining()) {
                lookAhead.clear();
                int count = raw.read(lookAhead);
                lookAhead.flip();
                if (count < 0) {
                    throw new S3Exception(S3Error.INCOMPLETE_BODY);
                }
            }
            char c = (char) (lookAhead.get() & 0xff);
            if (c == '\n') {
                break;
            }
            if (line.length() == MAX_LINE_BYTES) {
                throw malformed();
            }
            line.append(c);
        }
        int last = line.length() - 1;
        if (last >= 0 && line.charAt(last) == '\r') {
            line.setLength(last);
        } else if (framing) {
            throw malformed();
        }
        return line.toString();
    }

    private static S3Exception malformed() {
        return new S3Exception(
                S3Error.INVALID_REQUEST, "The aws-chunked encoding of the body is malformed.");
    }

    @Override
    public Optional<byte[]> sha256() {
        return Optional.empty();
    }

    @Override
    public Map<String, String> trailers() {
        return trailers;
    }
}
