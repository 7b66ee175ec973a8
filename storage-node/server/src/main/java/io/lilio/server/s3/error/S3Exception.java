package io.lilio.server.s3.error;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A request that is answered with an {@link S3Error}. The message reaches the client, so it never
 * holds a secret or anything about this machine.
 *
 * <p>Immutable apart from what every {@link Throwable} has: {@link #withDetail} and {@link
 * #withHeader} return a new exception. Carries no stack trace for errors that are the client's
 * (status below 500): a flood of bad requests costs little.
 */
public final class S3Exception extends RuntimeException {

    private final S3Error error;
    private final SequencedMap<String, String> details;
    private final SequencedMap<String, String> headers;

    public S3Exception(S3Error error) {
        this(error, error.message());
    }

    public S3Exception(S3Error error, String message) {
        this(error, message, null);
    }

    public S3Exception(S3Error error, String message, @Nullable Throwable cause) {
        this(error, message, cause, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    private S3Exception(
            S3Error error,
            String message,
            @Nullable Throwable cause,
            SequencedMap<String, String> details,
            SequencedMap<String, String> headers) {
        super(message, cause, true, error.status() >= 500);
        this.error = error;
        this.details = details;
        this.headers = headers;
    }

    public S3Error error() {
        return error;
    }

    /** The message for the client; never null here, unlike {@link #getMessage}. */
    public String message() {
        String message = getMessage();
        return message == null ? error.message() : message;
    }

    /** Elements of the XML answer besides Code, Message, Resource and RequestId, in order. */
    public Map<String, String> details() {
        return details;
    }

    /** Response headers that go with the answer, such as {@code x-amz-delete-marker}. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The same failure with one more XML element, such as {@code BucketName}. */
    public S3Exception withDetail(String element, String value) {
        SequencedMap<String, String> more = new LinkedHashMap<>(details);
        more.put(element, value);
        return new S3Exception(error, message(), getCause(), more, headers);
    }

    /** The same failure with one more response header. */
    public S3Exception withHeader(String name, String value) {
        SequencedMap<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new S3Exception(error, message(), getCause(), details, more);
    }
}
