package io.lilio.operator.admin;

/** No node answers, or not what can be understood. */
public final class AdminApiUnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what each node answered, for people
     */
    public AdminApiUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
