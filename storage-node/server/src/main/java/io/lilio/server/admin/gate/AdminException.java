package io.lilio.server.admin.gate;

import io.lilio.admin.api.ApiError;
import io.lilio.server.s3.error.S3Exception;
import org.jspecify.annotations.Nullable;

/**
 * A request that is answered with an error. The message reaches the client: a sentence, without
 * secrets. Carries no stack trace where the error is the client's.
 */
public final class AdminException extends RuntimeException {

    private final int status;
    private final String code;
    private final @Nullable String field;

    public AdminException(AdminError error, String sentence) {
        this(error.status(), error.code(), sentence, null);
    }

    private AdminException(int status, String code, String sentence, @Nullable String field) {
        super(sentence, null, true, status >= 500);
        this.status = status;
        this.code = code;
        this.field = field;
    }

    /** A field of the request, or a parameter, that holds what it may not. */
    public static AdminException field(String name, String sentence) {
        return new AdminException(
                AdminError.INVALID_FIELD.status(), AdminError.INVALID_FIELD.code(), sentence, name);
    }

    /** An error whose code says more than those of {@link AdminError}. */
    public static AdminException coded(AdminError like, String code, String sentence) {
        return new AdminException(like.status(), code, sentence, null);
    }

    /** What is wrong with a signature, in the words of the S3 port. */
    static AdminException of(S3Exception refused) {
        String message = refused.message();
        return new AdminException(
                refused.error().status(),
                refused.error().code(),
                message.endsWith(".") ? message : message + ".",
                null);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What the client is told. */
    public ApiError answer(String requestId) {
        String sentence = getMessage();
        return new ApiError(code, sentence == null ? code : sentence, requestId, field);
    }
}
