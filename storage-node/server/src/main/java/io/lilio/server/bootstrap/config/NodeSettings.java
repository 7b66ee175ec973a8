package io.lilio.server.bootstrap.config;

import io.lilio.maintenance.MaintenanceSettings;
import io.lilio.metadata.etcd.EtcdSettings;
import io.lilio.object.EtagMode;
import io.lilio.server.rpc.TlsFiles;
import io.lilio.server.s3.http.HttpSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The whole configuration, checked.
 *
 * @param nodeName this node's name in the cluster
 * @param cluster whom it makes a cluster with
 * @param dataDir where everything lies that has no place of its own; absolute
 * @param edge the S3 port
 * @param storage where and how things are stored
 * @param memory bounds of native memory
 * @param shutdown how the process ends
 */
public record NodeSettings(
        String nodeName,
        Cluster cluster,
        Path dataDir,
        Edge edge,
        Storage storage,
        Memory memory,
        Shutdown shutdown) {

    /**
     * The settings of a process beside the nodes that carries out one run. Where the nodes share
     * metadata it reaches their members as they reach each other's, and hosts none; else it stands
     * in for the one node, which must not run meanwhile.
     *
     * @param operation the run's id
     */
    public NodeSettings forJob(String operation) {
        if (!cluster.shared()) {
            return this;
        }
        Storage hostless =
                new Storage(
                        storage.metadata(),
                        List.of(),
                        storage.founding(),
                        storage.objects(),
                        storage.upkeep());
        return new NodeSettings(
                "job-" + operation, cluster, dataDir, edge, hostless, memory, shutdown);
    }

    /**
     * Whom a node makes a cluster with.
     *
     * @param shared whether other nodes share its metadata; else it is a cluster by itself
     * @param founders names of the nodes that found the cluster
     * @param host the machine that the node runs on
     * @param network how it talks to them; empty for a cluster by itself
     * @param sessionTtl how long this node is taken for alive after its last sign of life
     */
    public record Cluster(
            boolean shared,
            Set<String> founders,
            String host,
            Optional<Network> network,
            Duration sessionTtl) {
        public Cluster {
            founders = Set.copyOf(founders);
        }
    }

    /**
     * How nodes talk to each other.
     *
     * @param host where to listen
     * @param address host:port by which others get here
     * @param secrets that prove who belongs to the cluster: the one in use, and perhaps another
     *     that is taken besides
     */
    public record Network(
            String host, int port, String address, List<String> secrets, Optional<TlsFiles> tls) {
        public Network {
            secrets = List.copyOf(secrets);
        }

        /** Without the secrets. */
        @Override
        public String toString() {
            return "Network[" + address + "]";
        }
    }

    /**
     * The S3 port and who may use it.
     *
     * @param rootAccessKey given by the operator, or empty: then both are generated
     * @param rootSecretKey as {@code rootAccessKey}
     */
    public record Edge(
            HttpSettings http,
            String region,
            Optional<String> rootAccessKey,
            Optional<String> rootSecretKey) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "Edge[" + http + ", " + region + "]";
        }
    }

    /**
     * Where and how things are stored.
     *
     * @param metadata where records are kept
     * @param founding what a new cluster is like
     */
    public record Storage(
            Metadata metadata,
            List<Backend> backends,
            AskedFounding founding,
            Objects objects,
            Upkeep upkeep) {
        public Storage {
            backends = List.copyOf(backends);
        }
    }

    /** Where records are kept. */
    public sealed interface Metadata {

        /** In memory, gone at the end. */
        record InMemory() implements Metadata {}

        /** In a database of this process; absolute. */
        record Embedded(Path directory) implements Metadata {}

        /** In an etcd that the nodes of a cluster share. */
        record Shared(EtcdSettings etcd) implements Metadata {}
    }

    /**
     * A backend.
     *
     * @param place a directory, or memory
     * @param zone empty for none
     * @param adoptEmpty whether an empty directory may take the place of the one known by this name
     */
    public record Backend(String name, Place place, String zone, int weight, boolean adoptEmpty) {}

    /** Where a backend keeps its chunks. */
    public sealed interface Place {

        /** In a directory; absolute. */
        record Directory(Path path) implements Place {}

        /** In direct memory, gone at the end. */
        record InMemory(long capacityBytes) implements Place {}
    }

    /**
     * How objects are stored.
     *
     * @param relaxed whether acknowledged writes need not survive power loss
     * @param directWrites whether chunks in files of their own are written past the page cache
     */
    public record Objects(
            int chunkSizeBytes,
            int inlineMaxBytes,
            EtagMode etags,
            boolean relaxed,
            boolean directWrites) {}

    /**
     * How what is stored is kept well.
     *
     * @param acknowledged the engagement of the deletion brake that is released
     * @param scheduler whether this node runs long walks by itself, or leaves them to jobs
     */
    public record Upkeep(
            MaintenanceSettings maintenance, Optional<String> acknowledged, boolean scheduler) {}

    /** Bounds of native memory, in bytes. */
    public record Memory(long bufferBytes, long rocksBytes) {}

    /** How long requests are still taken, and then waited for. */
    public record Shutdown(Duration delay, Duration timeout) {}
}
