package io.lilio.metadata.etcd;

import io.grpc.Status;

/** A call to etcd that failed. */
final class EtcdException extends RuntimeException {

    private final EtcdFault fault;
    private final boolean sent;
    private final boolean timedOut;

    /**
     * @param sent whether the call may have reached etcd
     */
    EtcdException(Status status, boolean sent) {
        super(text(status), status.getCause());
        this.fault = EtcdFault.of(status);
        this.sent = sent;
        this.timedOut = status.getCode() == Status.Code.DEADLINE_EXCEEDED;
    }

    private static String text(Status status) {
        // Of several lines the others tell how the connection is made up.
        String description =
                status.getDescription() == null
                        ? null
                        : status.getDescription().lines().findFirst().orElse("");
        Throwable cause = status.getCause();
        return "etcd: "
                + status.getCode()
                + (description == null ? "" : ": " + description)
                + (cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage());
    }

    EtcdFault fault() {
        return fault;
    }

    /** Whether it has waited for as long as it may. */
    boolean timedOut() {
        return timedOut;
    }

    /** Whether what was asked for may have happened, or may yet. */
    boolean uncertain() {
        return sent && fault.uncertain();
    }
}
