package io.lilio.replication;

import io.lilio.chunk.ChunkStore;
import io.lilio.placement.MemberId;

/**
 * A member of the ring, as this node reaches it.
 *
 * @param id the identity that placement tables name
 * @param name the backend's name: what metrics and logs call it
 * @param node the node that hosts it
 * @param host the machine under that node
 * @param zone the failure zone, empty when there are none
 * @param local whether its bytes are in this process, so that reading them costs no network
 * @param store where its chunks are; stays owned by whoever made it
 */
public record MemberStore(
        MemberId id,
        String name,
        String node,
        String host,
        String zone,
        boolean local,
        ChunkStore store) {}
