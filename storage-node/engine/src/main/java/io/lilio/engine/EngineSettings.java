package io.lilio.engine;

import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.object.ObjectSettings;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.replication.ReplicationSettings;
import java.util.UUID;

/**
 * How an engine is.
 *
 * @param cluster the cluster that it belongs to: founded by the first engine that meets empty
 *     metadata
 * @param session the node's name and how it lives in the metadata
 * @param host the machine that the node runs on: replicas prefer distinct ones
 * @param partitions how many partitions a new cluster is cut into, for ever; an existing one keeps
 *     its own
 * @param replication quorums of a new cluster; an existing one keeps its own
 * @param buffers all the memory that payloads may take
 * @param members deadlines and bounds of calls to members
 * @param objects bounds of requests on objects
 */
public record EngineSettings(
        UUID cluster,
        SessionSettings session,
        String host,
        int partitions,
        Replication replication,
        BufferPoolSettings buffers,
        ReplicationSettings members,
        ObjectSettings objects) {

    /** Three replicas, two of which acknowledge a write and two of which agree on an absence. */
    public static EngineSettings defaults(UUID cluster, String node) {
        return new EngineSettings(
                cluster,
                SessionSettings.of(node, ""),
                node,
                Ring.DEFAULT_PARTITIONS,
                new Replication(3, 2, 2, Replication.Spread.HOST, false),
                BufferPoolSettings.defaults(),
                ReplicationSettings.defaults(),
                ObjectSettings.defaults());
    }

    public EngineSettings withReplication(Replication value) {
        return new EngineSettings(
                cluster, session, host, partitions, value, buffers, members, objects);
    }

    public EngineSettings withBuffers(BufferPoolSettings value) {
        return new EngineSettings(
                cluster, session, host, partitions, replication, value, members, objects);
    }

    public EngineSettings withMembers(ReplicationSettings value) {
        return new EngineSettings(
                cluster, session, host, partitions, replication, buffers, value, objects);
    }

    public EngineSettings withObjects(ObjectSettings value) {
        return new EngineSettings(
                cluster, session, host, partitions, replication, buffers, members, value);
    }
}
