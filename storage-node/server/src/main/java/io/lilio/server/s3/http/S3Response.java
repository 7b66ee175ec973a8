package io.lilio.server.s3.http;

import io.lilio.server.s3.error.S3Exception;

/**
 * The answer to one request. Used by the request's own thread only; every method may block. Nothing
 * is sent before one of the {@code end} methods or the first write to the stream of {@link #begin},
 * and exactly one of these is called. x-amz-request-id, Date, Server and Content-Length are set
 * here, not by handlers.
 */
public interface S3Response {

    /** Names the operation, such as {@code PutObject}, for metrics and the access log. */
    void operation(String name);

    /** 200 unless set. */
    S3Response status(int status);

    /** Sets a header. The value has one char per byte and no line breaks. */
    S3Response header(String name, String value);

    /** Sends an answer without a payload. */
    void end();

    /**
     * Sends an answer without a payload whose Content-Length tells what the payload would have been
     * (HEAD).
     */
    void endHead(long contentLength);

    /**
     * Sends a payload that is at hand. Up to 64 KiB leave in one piece with the head, without
     * waiting; for a longer one this returns when the client has taken it, so that whoever answers
     * for the memory knows when it is free.
     */
    void end(byte[] payload);

    /**
     * Begins a payload of exactly this many bytes. Closing the stream ends the answer; a stream
     * that was closed or abandoned short of its length breaks the connection, so that no client
     * takes the part for the whole. Before its first byte nothing is lost: the request can still
     * fail with an error.
     */
    ResponseStream begin(long contentLength);

    /** Whether the head was handed to the connection: from then on an error cannot be told. */
    boolean committed();

    /**
     * Logs and counts a failure of the request that the handler tells in the payload itself, since
     * the answer has begun.
     *
     * @return the failure in terms of S3
     */
    S3Exception failed(Throwable failure);
}
