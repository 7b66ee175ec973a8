package io.lilio.engine;

import io.lilio.chunk.ChunkStore;
import io.lilio.placement.MemberId;

/** Reaches members that other nodes host. Thread-safe. */
@FunctionalInterface
public interface PeerConnector {

    /** For a process that has no peers. */
    PeerConnector NONE =
            (peer, member) -> {
                throw new IllegalStateException(
                        "%s is hosted by node %s, and this process reaches no other nodes"
                                .formatted(member, peer.node()));
            };

    /**
     * Makes no call itself: whether the peer answers shows in calls to the store.
     *
     * @return to be closed when the member is reached elsewhere or not at all any more
     */
    ChunkStore connect(Peer peer, MemberId member);

    /**
     * Another node's process.
     *
     * @param node the node's name
     * @param address where it is reached, host:port
     * @param process names the process for ever: a call that reaches another one is refused there
     */
    record Peer(String node, String address, long process) {}
}
