package io.lilio.server.admin.gate;

/** Every error of the admin API: the code that programs switch on, and the HTTP status. */
public enum AdminError {
    /** The request cannot be understood: its target, its JSON, a field's type. */
    BAD_REQUEST("BadRequest", 400),
    /** A field holds what it may not. */
    INVALID_FIELD("InvalidField", 400),
    /** Nobody has signed the request. */
    NOT_SIGNED("NotSigned", 401),
    /** Who signed it is known, and no administrator of the whole cluster. */
    NOT_ADMINISTRATOR("NotAdministrator", 403),
    NOT_FOUND("NotFound", 404),
    METHOD_NOT_ALLOWED("MethodNotAllowed", 405),
    NOT_ACCEPTABLE("NotAcceptable", 406),
    TIMEOUT("RequestTimeout", 408),
    /** What is asked for goes not with what is there. */
    CONFLICT("Conflict", 409),
    TOO_LARGE("TooLarge", 413),
    UNSUPPORTED_MEDIA_TYPE("UnsupportedMediaType", 415),
    /** Understood and refused: it would do harm. */
    REFUSED("Refused", 422),
    INTERNAL("InternalError", 500),
    /** The metadata do not answer, or it is not known whether a change was made. */
    UNAVAILABLE("Unavailable", 503),
    /** Too many requests at once. */
    SLOW_DOWN("SlowDown", 503);

    private final String code;
    private final int status;

    AdminError(String code, int status) {
        this.code = code;
        this.status = status;
    }

    /** Stable. */
    public String code() {
        return code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
