package io.lilio.server.s3.http;

/**
 * The client is gone, or so slow that it was let go. There is nobody left to answer; what the
 * request began must be cleaned up.
 */
public final class ConnectionLostException extends RuntimeException {

    public ConnectionLostException(String message) {
        super(message);
    }
}
