package io.lilio.server.s3.http;

/**
 * Hears of every request when it is over. Called on event loops: implementations return at once and
 * are thread-safe.
 */
@FunctionalInterface
public interface RequestListener {

    void completed(Outcome outcome);

    /**
     * How a request went.
     *
     * @param operation the S3 operation, such as {@code GetObject}; {@code Unknown} when the
     *     request was refused before anybody knew
     * @param bucket the bucket addressed; empty for none. As the client sent it: not to be trusted
     *     as a metric label
     * @param status HTTP status sent, or 499 when the client left before the answer was complete
     * @param errorCode S3 error code, or empty
     * @param traffic bytes and time
     */
    record Outcome(
            String operation, String bucket, int status, String errorCode, Traffic traffic) {}

    /**
     * What it took.
     *
     * @param received payload bytes received, as they were on the wire
     * @param announced payload bytes without their framing, as the client announced them
     * @param sent payload bytes sent
     * @param nanos from the head's arrival until the last byte was handed to the network
     */
    record Traffic(long received, long announced, long sent, long nanos) {}
}
