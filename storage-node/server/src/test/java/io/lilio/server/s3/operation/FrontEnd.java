package io.lilio.server.s3.operation;

import io.lilio.server.s3.http.RawClient;
import java.io.IOException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * An S3 port that tests send bad input to: the S3 side in this process, or the packaged server. Its
 * root key is that of {@link S3Fixture}, its chunks are small.
 */
interface FrontEnd extends AutoCloseable {

    /** An SDK client with default settings but the endpoint, signing as root. */
    S3Client client();

    /** A connection on which anything can be said. */
    RawClient connect() throws IOException;

    /** Requests being served now. */
    int requestsUnderWay();

    /** Memory of buffers that somebody holds now. */
    long bufferBytesHeld();

    /**
     * Waits until no request is under way, and fails unless every buffer came back and the backends
     * hold what they should, where that can be seen now.
     */
    void assertNothingIsHeld();

    /** From now on the chunks that are there now are those that should be. */
    void acceptChunks();

    /** Stops it, and fails when the backends hold anything that no record names. */
    @Override
    void close() throws Exception;
}
