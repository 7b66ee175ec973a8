package io.lilio.server.rpc;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What one node asks of another: the calls of {@link io.lilio.chunk.ChunkStore}. */
public enum RpcOperation {
    PUT(16),
    READ(17),
    STAT(18),
    DELETE(19),
    LIST(20),
    CONFIRM(21),
    UNCONFIRMED(22),
    MARK_ALL_UNCONFIRMED(23),
    VERIFY(24),
    HEALTH(25),
    USAGE(26),
    DIGEST(27),
    REFILLED(28);

    /** Codes of the two exchanges of a handshake. */
    static final int HELLO = 1;

    static final int PROOF = 2;

    private final int code;

    RpcOperation(int code) {
        this.code = code;
    }

    /** As it stands in a frame; never given another meaning. */
    int code() {
        return code;
    }

    /** For metrics: small letters and minus signs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Null for one that only a newer node knows. */
    static @Nullable RpcOperation of(int code) {
        for (RpcOperation operation : values()) {
            if (operation.code == code) {
                return operation;
            }
        }
        return null;
    }
}
