package io.lilio.engine;

import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.object.ObjectSettings;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.replication.ReplicationSettings;
import java.util.Set;
import java.util.UUID;

/**
 * How an engine is.
 *
 * @param cluster the cluster that it belongs to: founded by the first engines that meet empty
 *     metadata
 * @param session the node's name and how it lives in the metadata
 * @param host the machine that the node runs on: replicas prefer distinct ones
 * @param founding how the cluster is founded; an existing one stays as it is
 * @param buffers all the memory that payloads may take
 * @param members deadlines and bounds of calls to members
 * @param objects bounds of requests on objects
 */
public record EngineSettings(
        UUID cluster,
        SessionSettings session,
        String host,
        Founding founding,
        BufferPoolSettings buffers,
        ReplicationSettings members,
        ObjectSettings objects) {

    /**
     * What a new cluster is like.
     *
     * @param partitioning how its key space is cut up, for ever
     * @param replication its quorums
     * @param nodes whose members the first ring consists of: it is made once all of them are there.
     *     A node that is not among them waits until the others have founded the cluster
     */
    public record Founding(Partitioning partitioning, Replication replication, Set<String> nodes) {

        public Founding {
            nodes = Set.copyOf(nodes);
        }

        /** By one node alone. */
        public static Founding alone(String node, Replication replication) {
            return new Founding(Partitioning.DEFAULT, replication, Set.of(node));
        }
    }

    /** Three replicas, two of which acknowledge a write and two of which agree on an absence. */
    public static EngineSettings defaults(UUID cluster, String node) {
        return new EngineSettings(
                cluster,
                SessionSettings.of(node, ""),
                node,
                Founding.alone(node, new Replication(3, 2, 2, Replication.Spread.HOST, false)),
                BufferPoolSettings.defaults(),
                ReplicationSettings.defaults(),
                ObjectSettings.defaults());
    }

    public EngineSettings withFounding(Founding value) {
        return new EngineSettings(cluster, session, host, value, buffers, members, objects);
    }

    /** Quorums of a new cluster. */
    public EngineSettings withReplication(Replication value) {
        return withFounding(new Founding(founding.partitioning(), value, founding.nodes()));
    }

    public EngineSettings withSession(SessionSettings value) {
        return new EngineSettings(cluster, value, host, founding, buffers, members, objects);
    }

    public EngineSettings withBuffers(BufferPoolSettings value) {
        return new EngineSettings(cluster, session, host, founding, value, members, objects);
    }

    public EngineSettings withMembers(ReplicationSettings value) {
        return new EngineSettings(cluster, session, host, founding, buffers, value, objects);
    }

    public EngineSettings withObjects(ObjectSettings value) {
        return new EngineSettings(cluster, session, host, founding, buffers, members, value);
    }
}
