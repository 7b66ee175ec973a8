package io.lilio.server.bootstrap.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/**
 * Every setting of the server, as text: from {@code lilio.yaml}, environment variables ({@code
 * LILIO_S3_PORT}) or system properties ({@code -Dlilio.s3.port}). What the texts may be is decided
 * in one place, {@link SettingsReader}, so that every mistake gets a sentence of the same form.
 */
@ConfigMapping(prefix = "lilio")
public interface LilioConfig {

    /** Where everything lies that is not given a place of its own. */
    @WithDefault("./data")
    String dataDir();

    /** This node's name, for ever: its backends are known under it. */
    @WithDefault("local")
    String nodeName();

    /**
     * The machine that this node runs on: replicas prefer distinct ones. The node's name unless
     * given.
     */
    Optional<String> nodeHost();

    /** The failure zone of this node's backends that are given none of their own. */
    Optional<String> nodeZone();

    Cluster cluster();

    /** What the nodes of a cluster agree on; for metadata that they share. */
    interface Cluster {
        /**
         * Names of the nodes whose backends the cluster is founded with; the same on all of them.
         */
        Optional<List<String>> initialNodes();

        /** How long a node is taken for alive after its last sign of life. */
        @WithDefault("10s")
        String sessionTtl();
    }

    Rpc rpc();

    /** What the nodes of a cluster say to each other. */
    interface Rpc {
        /** Where to listen: every address, since others have to get here. */
        @WithDefault("0.0.0.0")
        String host();

        @WithDefault("9002")
        String port();

        /** host:port by which other nodes get here; made of host (or the node's name) and port. */
        Optional<String> address();

        /** What all nodes of the cluster know and nobody else. */
        Optional<String> secret();

        /** A file that holds the secret, in place of it. */
        Optional<String> secretFile();

        /** Another secret that is taken besides, while they are exchanged. */
        Optional<String> alsoAcceptedSecret();

        /** A file that holds it. */
        Optional<String> alsoAcceptedSecretFile();

        RpcTls tls();
    }

    /** Certificates of nodes, as PEM files: all three or none. */
    interface RpcTls {
        Optional<String> ca();

        Optional<String> certificate();

        Optional<String> key();
    }

    RootKey root();

    /** The root access key; generated at the first start when not given. */
    interface RootKey {
        Optional<String> accessKey();

        Optional<String> secretKey();
    }

    S3 s3();

    /** The S3 port. */
    interface S3 {
        @WithDefault("127.0.0.1")
        String host();

        @WithDefault("9000")
        String port();

        /** Domains whose sub-domains are buckets. */
        @WithDefault("localhost")
        List<String> domains();

        @WithDefault("us-east-1")
        String region();

        /** Requests served at once; more get 503 SlowDown. */
        @WithDefault("512")
        String maxRequests();

        /** Connections open at once; more are closed. */
        @WithDefault("4096")
        String maxConnections();

        /** How long a connection may be open without a request. */
        @WithDefault("75s")
        String idleTimeout();

        /** How long to wait for the next bytes of a payload. */
        @WithDefault("30s")
        String readTimeout();

        /** How long a client may take to accept 256 KiB of an answer. */
        @WithDefault("60s")
        String writeTimeout();

        /** How long a whole request may take. */
        @WithDefault("12h")
        String requestTimeout();
    }

    Admin admin();

    /** The admin API. */
    interface Admin {
        @WithDefault("127.0.0.1")
        String host();

        @WithDefault("9001")
        String port();
    }

    Management management();

    /** Health and metrics. */
    interface Management {
        @WithDefault("127.0.0.1")
        String host();

        @WithDefault("9003")
        String port();
    }

    Metadata metadata();

    /** Where records are kept. */
    interface Metadata {
        /** memory, rocksdb or etcd. */
        @WithDefault("rocksdb")
        String type();

        /** Directory of the database; {@code metadata} in the data directory unless given. */
        Optional<String> path();

        Etcd etcd();
    }

    /** The etcd that the nodes of a cluster share. */
    interface Etcd {
        /** host:port of its members. */
        Optional<List<String>> endpoints();

        /** All keys begin with it: clusters that share an etcd have different ones. */
        @WithDefault("/lilio/")
        String prefix();

        Optional<String> user();

        Optional<String> password();

        /** A file that holds the password, in place of it. */
        Optional<String> passwordFile();

        Tls tls();

        /** How long a call may take: longer than an election of etcd's leader. */
        @WithDefault("5s")
        String timeout();

        /** What etcd was started with as --quota-backend-bytes; from 3.6 on it says itself. */
        @WithDefault("2G")
        String quota();

        /** Certificates, as PEM files. */
        interface Tls {
            /** Without it TLS is off, unless a client certificate is given. */
            Optional<String> ca();

            Optional<String> certificate();

            Optional<String> key();
        }
    }

    /** Where chunks are kept; three local ones in the data directory when none is given. */
    List<Backend> backends();

    /** One backend. */
    interface Backend {
        String name();

        /** local or memory. */
        @WithDefault("local")
        String type();

        /** Directory of a local backend. */
        Optional<String> path();

        /** What a memory backend may take. */
        @WithDefault("256M")
        String capacity();

        Optional<String> zone();

        @WithDefault("1")
        String weight();

        /**
         * Whether an empty directory may take the place of the one that the cluster knows under
         * this name: after a disk was replaced. Repair then fills it.
         */
        @WithDefault("false")
        String adoptEmpty();
    }

    Ring ring();

    /** How the key space of a new cluster is cut up. */
    interface Ring {
        /** What moves as one between members: 4,096 of them unless given. */
        Optional<String> partitions();

        /** Positions of a member of weight 1 on the ring: 150 unless given. */
        Optional<String> virtualNodes();
    }

    Replicas replication();

    /** N, W and R. */
    interface Replicas {
        /** 3, or the number of backends when there are fewer. */
        Optional<String> factor();

        /** A majority of the factor unless given. */
        Optional<String> writeQuorum();

        /** What makes W + R exceed the factor by one unless given. */
        Optional<String> readQuorum();

        /** host, or zone: what replicas are spread over first. zone unless given. */
        Optional<String> spread();

        /** Whether a read waits for R confirmations before its first byte; not unless given. */
        Optional<String> strictReads();
    }

    Objects objects();

    /** How objects are stored. */
    interface Objects {
        /** Bytes per chunk in new buckets. */
        @WithDefault("1M")
        String chunkSize();

        /** Objects up to this size are kept in their metadata record: 4K, or 512 in etcd. */
        Optional<String> inlineMax();

        /** md5, or opaque to save the processor. */
        @WithDefault("md5")
        String etag();

        /** full: what was acknowledged survives power loss. relaxed: it survives a crash only. */
        @WithDefault("full")
        String durability();

        /** Whether chunks that have a file each are written past the page cache. */
        @WithDefault("true")
        String directWrites();
    }

    MaintenanceConfig maintenance();

    Memory memory();

    /** What the process may take besides the JVM's heap. */
    interface Memory {
        /** Buffers for payloads. */
        @WithDefault("96M")
        String buffers();

        /** Caches and write buffers of all RocksDB databases. */
        @WithDefault("64M")
        String rocksdb();
    }

    Shutdown shutdown();

    /** What happens at SIGTERM. */
    interface Shutdown {
        /** How long requests are still taken after readiness is off. */
        @WithDefault("0s")
        String delay();

        /** How long requests under way may then take before they are cut off. */
        @WithDefault("25s")
        String timeout();
    }

    Log log();

    /** What is written to standard output. */
    interface Log {
        @WithDefault("INFO")
        String level();

        /** plain or json. */
        @WithDefault("plain")
        String format();

        /** Whether every request gets a line. */
        @WithDefault("false")
        String access();
    }
}
