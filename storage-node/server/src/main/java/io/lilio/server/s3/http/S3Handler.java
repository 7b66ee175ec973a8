package io.lilio.server.s3.http;

/**
 * Answers one request. Called on a virtual thread of its own and may block. Implementations are
 * thread-safe.
 *
 * <p>A handler either answers completely or throws. What it throws ({@code S3Exception}, {@code
 * ObjectStoreException}, anything else is an internal error) becomes an S3 XML error as long as no
 * byte of the head was sent, and a broken connection afterwards.
 */
@FunctionalInterface
public interface S3Handler {

    void handle(S3Request request, S3Response response);
}
