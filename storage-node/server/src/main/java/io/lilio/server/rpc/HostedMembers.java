package io.lilio.server.rpc;

import io.lilio.chunk.ChunkStore;
import io.lilio.placement.MemberId;
import java.util.Optional;

/** The stores that a node hosts. Never blocks; thread-safe. */
public interface HostedMembers {

    /** The store of a member; asked at every call. */
    Optional<ChunkStore> find(MemberId member);

    /** How many there are. */
    int count();
}
