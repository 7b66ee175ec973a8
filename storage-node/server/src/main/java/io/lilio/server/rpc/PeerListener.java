package io.lilio.server.rpc;

/** Told of what answers give away. Thread-safe; called on the thread of the call, so quick. */
public interface PeerListener {

    /** Tells nobody. */
    PeerListener NONE =
            new PeerListener() {
                @Override
                public void newerEpoch(long epoch) {}

                @Override
                public void moved(PeerAddress peer) {}
            };

    /** A peer knows a newer ring than this node. */
    void newerEpoch(long epoch);

    /** A peer is another process than it was taken for, or does not host the member any more. */
    void moved(PeerAddress peer);
}
