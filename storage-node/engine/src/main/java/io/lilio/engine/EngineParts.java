package io.lilio.engine;

import io.lilio.metadata.MetadataStore;
import io.lilio.replication.ReplicationListener;
import java.util.List;

/**
 * What an engine is made of. All of it stays owned by whoever opened it, and outlives the engine.
 *
 * @param metadata shared with the other nodes of the cluster, or this process's own
 * @param backends all of this process; none for one that only reaches those of others
 * @param peers reaches the members of other nodes
 * @param listener told of what replication does
 */
public record EngineParts(
        MetadataStore metadata,
        List<Backend> backends,
        PeerConnector peers,
        ReplicationListener listener) {

    public EngineParts {
        backends = List.copyOf(backends);
    }

    /** Of a process that is a cluster by itself. */
    public static EngineParts alone(
            MetadataStore metadata, List<Backend> backends, ReplicationListener listener) {
        return new EngineParts(metadata, backends, PeerConnector.NONE, listener);
    }
}
