package io.lilio.operator.kube;

/**
 * A call to Kubernetes failed.
 *
 * <p>What was asked for has not happened when {@link #status} is 400 to 499.
 */
public class KubernetesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;

    private final int status;

    /**
     * @param status of HTTP; 0 when there was no answer
     */
    public KubernetesException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** Of HTTP; 0 when there was no answer. */
    public int status() {
        return status;
    }

    /** Whether the object is not what it was when it was read, or is there already. */
    public boolean isConflict() {
        return status == CONFLICT;
    }

    /** Whether the operator lacks the right. */
    public boolean isForbidden() {
        return status == FORBIDDEN;
    }
}
