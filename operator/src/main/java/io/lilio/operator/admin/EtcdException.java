package io.lilio.operator.admin;

/** A member of an etcd does not answer, refuses, or answers what cannot be understood. */
public final class EtcdException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message which member, and what it did instead, for people
     */
    public EtcdException(String message, Throwable cause) {
        super(message, cause);
    }
}
