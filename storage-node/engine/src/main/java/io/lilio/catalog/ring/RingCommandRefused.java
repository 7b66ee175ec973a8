package io.lilio.catalog.ring;

import io.lilio.placement.Endangered;
import java.util.Optional;

/**
 * A ring change that was asked for is not made; nothing has changed. The message is a sentence for
 * an administrator.
 */
public final class RingCommandRefused extends RuntimeException {

    /** Why. */
    public enum Reason {
        /** The ring has moved on since it was looked at. */
        STALE_EPOCH,
        /** The ring knows no such member. */
        UNKNOWN_MEMBER,
        /** A member, or the ring, is not in a state in which this can be done. */
        WRONG_STATE,
        /** Another change is under way. */
        OPERATION_RUNNING,
        /** The operation id has been used for something else. */
        OPERATION_ID_REUSED,
        /** Partitions would keep fewer slots in reach than a write needs. */
        TOO_FEW_SLOTS,
        /** A member would get more than it has room for. */
        OVER_CAPACITY,
        /** It cannot be told whether members have room for what they would get. */
        CAPACITY_UNKNOWN,
        /** Of some chunks no copy may remain. */
        DATA_LOSS,
        /** A member that has to answer does not. */
        UNREACHABLE,
        /** A weight, or a list of members, that no ring can have. */
        BAD_ARGUMENT
    }

    private final Reason reason;
    private final Optional<Endangered> endangered;

    RingCommandRefused(Reason reason, String sentence) {
        this(reason, sentence, Optional.empty());
    }

    /** {@link Reason#DATA_LOSS}. */
    RingCommandRefused(Endangered endangered, String sentence) {
        this(Reason.DATA_LOSS, sentence, Optional.of(endangered));
    }

    private RingCommandRefused(Reason reason, String sentence, Optional<Endangered> endangered) {
        super(sentence);
        this.reason = reason;
        this.endangered = endangered;
    }

    public Reason reason() {
        return reason;
    }

    /** Of which chunks no copy may remain; empty unless that is the reason. */
    public Optional<Endangered> endangered() {
        return endangered;
    }

    /** The same refusal, whose sentence goes on. */
    public RingCommandRefused saying(String more) {
        return new RingCommandRefused(reason, getMessage() + more, endangered);
    }
}
