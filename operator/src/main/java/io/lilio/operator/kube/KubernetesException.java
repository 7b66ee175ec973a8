package io.lilio.operator.kube;

import java.util.Set;

/**
 * A call to Kubernetes failed.
 *
 * <p>What was asked for has not happened when {@link #status} is 400 to 499.
 */
public class KubernetesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;

    private static final Set<Integer> PASSING = Set.of(401, 408, CONFLICT, 429);

    private final int status;

    /**
     * @param status of HTTP; 0 when there was no answer
     */
    public KubernetesException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The same, where what was read tells that it would be refused. */
    public KubernetesException(int status, String message) {
        super(message);
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

    /** Whether the same would be refused again: neither a conflict, nor gone by itself. */
    public boolean isRefusal() {
        return status >= 400 && status < 500 && !PASSING.contains(status);
    }

    /** Whether the operator lacks the right. */
    public boolean isForbidden() {
        return status == FORBIDDEN;
    }
}
