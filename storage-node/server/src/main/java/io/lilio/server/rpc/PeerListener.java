package io.lilio.server.rpc;

import io.lilio.metadata.Progress;

/** Told of what answers give away. Thread-safe; called on the thread of the call, so quick. */
public interface PeerListener {

    /** Tells nobody. */
    PeerListener NONE =
            new PeerListener() {
                @Override
                public void newerEpoch(long epoch) {}

                @Override
                public void moved(PeerAddress peer) {}

                @Override
                public void progress(Progress metadata) {}
            };

    /** A peer knows a newer ring than this node. */
    void newerEpoch(long epoch);

    /** A peer is another process than it was taken for, or does not host the member any more. */
    void moved(PeerAddress peer);

    /** How far a peer knows the metadata to have been. */
    void progress(Progress metadata);
}
