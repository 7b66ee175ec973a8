package io.lilio.metadata.etcd;

import io.grpc.Status;
import java.util.Locale;

/** What went wrong with a call, as far as it matters what to do about it. */
enum EtcdFault {
    /** No answer, or one that says to come again: a transaction may have been applied. */
    UNAVAILABLE(true),
    /** Too many requests; nothing was applied. */
    BUSY(false),
    /**
     * No space. A transaction may have been applied all the same: etcd looks at its space before it
     * applies one, and again when it has, and says the same both times.
     */
    FULL(true),
    /** The lease has ended; nothing was applied. */
    LEASE_ENDED(false),
    /** The revision that was asked for has been compacted. */
    COMPACTED(false),
    /** The answer is larger than we take: a transaction may have been applied all the same. */
    ANSWER_TOO_LARGE(true),
    /** The token has expired, or there was none. */
    UNAUTHENTICATED(false),
    /** etcd does not do that for us; nothing was applied. */
    REFUSED(false);

    private final boolean uncertain;

    EtcdFault(boolean uncertain) {
        this.uncertain = uncertain;
    }

    /** Whether a transaction that failed so may have been applied, or may yet be. */
    boolean uncertain() {
        return uncertain;
    }

    /** Whether the same call may succeed later, without anybody doing something about it. */
    boolean passes() {
        return this == UNAVAILABLE || this == BUSY;
    }

    static EtcdFault of(Status status) {
        String text =
                status.getDescription() == null
                        ? ""
                        : status.getDescription().toLowerCase(Locale.ROOT);
        return switch (status.getCode()) {
            case RESOURCE_EXHAUSTED ->
                    text.contains("space exceeded")
                            ? FULL
                            : text.contains("maximum size") ? ANSWER_TOO_LARGE : BUSY;
            case NOT_FOUND -> text.contains("lease not found") ? LEASE_ENDED : REFUSED;
            case OUT_OF_RANGE -> text.contains("compacted") ? COMPACTED : UNAVAILABLE;
            case UNAUTHENTICATED -> UNAUTHENTICATED;
            case INVALID_ARGUMENT ->
                    text.contains("user name is empty")
                                    || text.contains("authentication failed")
                                    || text.contains("revision of auth store is old")
                            ? UNAUTHENTICATED
                            : REFUSED;
            case PERMISSION_DENIED, UNIMPLEMENTED, FAILED_PRECONDITION, ALREADY_EXISTS -> REFUSED;
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    ABORTED,
                    INTERNAL,
                    UNAVAILABLE,
                    DATA_LOSS ->
                    UNAVAILABLE;
        };
    }
}
