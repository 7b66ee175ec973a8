package io.lilio.replication;

import io.lilio.chunk.ChunkStore;
import io.lilio.placement.MemberId;

/**
 * A member of the ring, as this node reaches it.
 *
 * @param id the identity that placement tables name
 * @param name the backend's name: what metrics and logs call it
 * @param node the node that hosts it
 * @param local whether its bytes are in this process, so that reading them costs no network
 * @param store where its chunks are; stays owned by whoever made it
 */
public record MemberStore(MemberId id, String name, String node, boolean local, ChunkStore store) {}
