package io.lilio.server.s3.http;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * The payload of a request, read once, from front to back, by one thread at a time. Reading blocks
 * (virtual threads) with a deadline, and it is the first read that answers {@code Expect:
 * 100-continue}: until then the client has not begun to send.
 *
 * <p>The end of the payload is only reported after everything was verified that the signature
 * covers: length, payload hash, chunk signatures, trailer signature. A body that is cut off,
 * altered or longer than announced is an {@code S3Exception}, never an early end.
 */
public interface RequestBody {

    /** A request without a payload. */
    RequestBody EMPTY = new EmptyBody(true);

    /** A request that should have a payload but says neither how long it is nor that it is none. */
    RequestBody UNANNOUNCED = new EmptyBody(false);

    /**
     * How many bytes {@link #read} will give in all: the decoded length. 0 when the request has no
     * payload.
     */
    long length();

    /**
     * Whether the client announced a length. A payload without one (plain chunked transfer) is not
     * readable: S3 wants 411 MissingContentLength for it.
     */
    boolean lengthKnown();

    /**
     * Reads some bytes, at least one, into the target's remaining space (which is not empty).
     *
     * @return how many bytes were put, or -1 at the verified end
     */
    int read(ByteBuffer target);

    /**
     * The SHA-256 of all bytes, when it was computed to verify them; empty otherwise. Asked for
     * after {@link #read} has returned -1.
     */
    Optional<byte[]> sha256();

    /**
     * Trailing headers, names in lower case; complete after {@link #read} has returned -1. Only
     * aws-chunked payloads have any.
     */
    Map<String, String> trailers();
}
