package io.lilio.server.rpc;

/** Told of what is said between nodes, for metrics. Thread-safe, quick, throws nothing. */
public interface RpcListener {

    /** Tells nobody. */
    RpcListener NONE =
            new RpcListener() {
                @Override
                public void called(Side side, RpcOperation operation, String outcome, long nanos) {}

                @Override
                public void moved(Side side, long bytesIn, long bytesOut) {}

                @Override
                public void connections(Side side, int change) {}

                @Override
                public void broken(Side side, Breach breach) {}
            };

    /** Which end of a connection tells. */
    enum Side {
        CLIENT,
        SERVER
    }

    /** Why a connection was not wanted. */
    enum Breach {
        /** Another cluster, secret, version or certificate. */
        REFUSED,
        /** What arrived is no frame. */
        BAD_FRAME,
        /** It took too long. */
        TIMEOUT,
        /** There are too many. */
        TOO_MANY
    }

    /**
     * A call has ended.
     *
     * @param outcome "ok", or the kind of failure in small letters
     */
    void called(Side side, RpcOperation operation, String outcome, long nanos);

    /** Bytes of one call, frames included. */
    void moved(Side side, long bytesIn, long bytesOut);

    /** A connection was opened (1) or closed (-1). */
    void connections(Side side, int change);

    /** A connection was closed, or not taken. */
    void broken(Side side, Breach breach);
}
