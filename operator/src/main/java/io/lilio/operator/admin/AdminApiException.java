package io.lilio.operator.admin;

import io.lilio.admin.api.ApiError;

/**
 * The admin API refused a call, and has changed nothing. Where another node had been asked before,
 * whose answer was lost, that one may have: a bucket that it removed is then {@code NoSuchBucket}.
 */
public final class AdminApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    /**
     * @param status of HTTP, 400 to 499
     */
    public AdminApiException(int status, ApiError error) {
        super(error.message());
        this.status = status;
        this.code = error.code();
    }

    public int status() {
        return status;
    }

    /** Stable, as in {@link ApiError}. */
    public String code() {
        return code;
    }
}
