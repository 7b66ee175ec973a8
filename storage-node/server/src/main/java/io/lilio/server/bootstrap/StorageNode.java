package io.lilio.server.bootstrap;

import io.lilio.catalog.Catalog;
import io.lilio.catalog.access.AccessKeys;
import io.lilio.catalog.access.SharedServerKey;
import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.chunk.backend.local.LocalRuntime;
import io.lilio.engine.Engine;
import io.lilio.engine.EngineParts;
import io.lilio.engine.PeerConnector;
import io.lilio.maintenance.Maintenance;
import io.lilio.maintenance.MaintenanceParts;
import io.lilio.maintenance.brake.BrakeEngagedException;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.brake.MonotonicMetadataStore;
import io.lilio.maintenance.remove.BucketRemoval;
import io.lilio.maintenance.run.Parallel;
import io.lilio.maintenance.run.RunnerParts;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.etcd.EtcdMetadataStore;
import io.lilio.object.Environment;
import io.lilio.placement.Ring;
import io.lilio.replication.ChunkCopier;
import io.lilio.rocks.RocksMemory;
import io.lilio.server.admin.AdminNode;
import io.lilio.server.bootstrap.config.BufferCheck;
import io.lilio.server.bootstrap.config.InvalidSettingException;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.bootstrap.config.NodeSettings.Metadata;
import io.lilio.server.bootstrap.config.NodeSettings.Network;
import io.lilio.server.metrics.MeasuredMetadataStore;
import io.lilio.server.metrics.NodeMetrics;
import io.lilio.server.metrics.RpcMetrics;
import io.lilio.server.rpc.ClusterSecrets;
import io.lilio.server.rpc.RpcIdentity;
import io.lilio.server.rpc.RpcRuntime;
import io.lilio.server.s3.http.S3Server;
import io.lilio.server.s3.operation.EdgeSettings;
import io.lilio.server.s3.operation.Owner;
import io.lilio.server.s3.operation.S3Operations;
import io.lilio.server.s3.signature.AuthenticatingHandler;
import io.lilio.server.s3.signature.Authenticator;
import io.lilio.server.s3.signature.DocumentAuthenticator;
import io.lilio.time.SystemTime;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running storage node: everything that the configuration asks for, put together and opened in
 * the order of its dependencies, and closed in the opposite order.
 */
final class StorageNode implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StorageNode.class);

    /** What requests on the admin port may be signed for. */
    private static final List<String> ADMIN_SERVICES = List.of("lilio", "s3");

    private static final int PEERS_AT_ONCE = 16;

    /** A part of RocksDB's memory that memtables may take. */
    private static final long MEMTABLE_SHARE = 3;

    private final NodeSettings settings;
    private final Duty duty;
    private final LostMetadata lost;
    private final NodeMetrics metrics;
    private final SystemTime time = new SystemTime();
    private final SecureRandom random = new SecureRandom();
    private final ThreadFactory threads = Thread.ofVirtual().name("lilio-", 0).factory();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private final OpenBackends backends;
    private final Engine engine;
    private final RootCredentials root;
    private final Maintenance maintenance;
    private final @Nullable S3Server server;
    private final DeletionBrake brake;
    private Supplier<Optional<EtcdMetadataStore.Status>> etcd = Optional::empty;
    private final AdminNode admin;
    private final DocumentAuthenticator administrators;

    /** What a node is opened for. */
    enum Duty {
        /** To serve, and to keep what is stored well. */
        SERVE,
        /** To carry out one run of maintenance: no port, no schedule. */
        ONE_RUN
    }

    /**
     * Opens everything and, if that is its duty, begins to serve.
     *
     * @param ownServerKey seals the secrets of access keys; the nodes of a cluster share another
     * @throws IOException when the S3 port cannot be bound
     */
    StorageNode(
            NodeSettings settings,
            Duty duty,
            RootCredentials root,
            SecretKey ownServerKey,
            NodeMetrics metrics)
            throws IOException {
        this.settings = settings;
        this.duty = duty;
        this.root = root;
        this.lost = new LostMetadata(settings);
        this.metrics = metrics;
        opened.push(new CarrierWatch());
        opened.push(time);
        try {
            RocksMemory rocks = rocksMemory();
            MetadataStore asTheyAre = metadata(rocks);
            MetadataStore metadata =
                    settings.cluster().shared() ? new MonotonicMetadataStore(asTheyAre) : asTheyAre;
            requireCluster(metadata);
            backends =
                    new OpenBackends(
                            settings,
                            new LocalRuntime(
                                    rocks,
                                    time,
                                    random,
                                    Thread.ofPlatform().name("lilio-disk-", 0).daemon().factory()),
                            new RingStore(metadata));
            opened.push(backends);
            RunnerParts runs =
                    new RunnerParts(
                            metadata, time, random, settings.nodeName(), metrics.maintenance());
            brake =
                    DeletionBrake.remembering(
                            lost.seenFiles(),
                            asTheyAre,
                            runs,
                            settings.storage().upkeep().maintenance().brake());
            // Whoever does not know the secret is not to announce itself.
            SecretKey serverKey = serverKey(metadata, ownServerKey);
            Optional<NodeNetwork> network = network();
            network.ifPresent(opened::push);
            engine =
                    Engine.open(
                            EngineConfig.of(settings, backends.cluster(), duty == Duty.SERVE),
                            new EngineParts(
                                    metadata,
                                    backends.list(),
                                    network.map(NodeNetwork::connector).orElse(PeerConnector.NONE),
                                    metrics.quorums()),
                            new Environment(time, random, threads));
            opened.push(engine);
            Ring founded = engine.ring().current().ring();
            backends.requireIndexedFor(founded);
            network.ifPresent(links -> links.join(engine));
            if (duty == Duty.ONE_RUN) {
                askPeers();
            }
            brake.begin();
            if (network.isPresent() && duty == Duty.SERVE) {
                network.get().serve(engine);
                opened.push(network.get()::stopServing);
            }
            requireBuffersForStoredChunks();
            settings.storage().founding().warning(founded).ifPresent(LOG::warn);
            maintenance = maintenance(runs);
            opened.push(maintenance);
            AccessKeys keys =
                    new AccessKeys(
                            engine.catalog().commits(), engine.sessions(), serverKey, random);
            KnownKeys known = new KnownKeys(root, keys, time);
            server = duty == Duty.SERVE ? server(known) : null;
            if (server != null) {
                opened.push(server);
            }
            administrators =
                    new DocumentAuthenticator(
                            known, settings.edge().region(), ADMIN_SERVICES, time);
            admin =
                    new AdminNode(
                            identity(root),
                            metadata,
                            new AdminNode.Cluster(
                                    engine.ring(), engine.sessions(), engine.members()),
                            maintenance,
                            new AdminNode.Contents(
                                    keys,
                                    engine.catalog().buckets(),
                                    engine.catalog().usage(),
                                    new BucketRemoval(
                                            engine.catalog(), engine.sessions(), time, threads),
                                    new AdminNode.NewBuckets(
                                            Owner.ID,
                                            settings.storage().objects().chunkSizeBytes())));
            if (server != null) {
                maintain(maintenance);
                new NodeGauges(metrics, engine, backends.list(), time).register(server, network);
            }
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /** A job founds nothing: where there is no cluster, what was stored is not known either. */
    private void requireCluster(MetadataStore metadata) {
        if (duty == Duty.ONE_RUN && new RingStore(metadata).load().isEmpty()) {
            throw new InvalidSettingException(
                    "The metadata hold no cluster, and a job works for one that its nodes have"
                            + " founded: if there was one, put its metadata back.");
        }
    }

    /** What they have seen of the metadata comes with their answers. */
    private void askPeers() {
        new Parallel(threads, PEERS_AT_ONCE)
                .each(
                        engine.members().all(),
                        member -> {
                            try {
                                BackendUsage _ = member.usage();
                            } catch (ChunkStoreException away) {
                                LOG.warn(
                                        "Member {} cannot be asked what it has seen: {}",
                                        member.member().name(),
                                        away.getMessage());
                            }
                        });
    }

    private SecretKey serverKey(MetadataStore metadata, SecretKey own) {
        return settings.cluster()
                .network()
                .map(network -> new SharedServerKey(metadata, random).establish(network.secrets()))
                .orElse(own);
    }

    private AdminNode.Identity identity(RootCredentials root) {
        return new AdminNode.Identity(
                backends.cluster(),
                settings.nodeName(),
                switch (settings.storage().metadata()) {
                    case Metadata.InMemory() -> "memory";
                    case Metadata.Embedded _ -> "rocksdb";
                    case Metadata.Shared _ -> "etcd";
                },
                root.accessKey());
    }

    private RocksMemory rocksMemory() {
        long bytes = settings.memory().rocksBytes();
        RocksMemory memory = new RocksMemory(bytes, bytes / MEMTABLE_SHARE);
        opened.push(memory);
        return memory;
    }

    private MetadataStore metadata(RocksMemory rocks) {
        lost.refuseToMakeNew();
        OpenMetadata made = OpenMetadata.open(settings, metrics, rocks, time, threads);
        opened.push(made.store());
        etcd = made.etcd();
        return new MeasuredMetadataStore(made.store(), metrics.registry());
    }

    private Optional<NodeNetwork> network() throws IOException {
        Optional<Network> asked = settings.cluster().network();
        return asked.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new NodeNetwork(
                                asked.get(),
                                RpcIdentity.of(
                                        backends.cluster(),
                                        settings.nodeName(),
                                        new ClusterSecrets(
                                                asked.get().secrets().getFirst(),
                                                asked.get().secrets().stream()
                                                        .skip(1)
                                                        .findFirst())),
                                brake,
                                new RpcRuntime(
                                        time,
                                        random,
                                        threads,
                                        new RpcMetrics(metrics.registry()))));
    }

    /** Buckets keep the size of their chunks, so the setting alone does not tell what is read. */
    private void requireBuffersForStoredChunks() {
        engine.catalog()
                .buckets()
                .withLargestChunks()
                .ifPresent(
                        bucket ->
                                BufferCheck.check(
                                        settings.memory(),
                                        bucket.chunkSize(),
                                        "bucket \"" + bucket.name() + "\""));
    }

    private S3Server server(KnownKeys keys) throws IOException {
        String region = settings.edge().region();
        EdgeSettings edge = new EdgeSettings(region, settings.storage().objects().chunkSizeBytes());
        S3Operations operations = new S3Operations(engine.objects(), edge, threads);
        return S3Server.start(
                settings.edge().http(),
                new AuthenticatingHandler(new Authenticator(keys, region, time), operations),
                metrics.requests(),
                Thread.ofVirtual().name("s3").factory(),
                random);
    }

    private Maintenance maintenance(RunnerParts runs) {
        Catalog catalog = engine.catalog();
        return new Maintenance(
                new MaintenanceParts(
                        engine.ring(),
                        engine.sessions(),
                        engine.members(),
                        new ChunkCopier(engine.members(), engine.buffers()),
                        new MaintenanceParts.Catalog(
                                catalog.buckets(),
                                catalog.ownerLookup(),
                                catalog.ownerWalk(),
                                catalog.trash(),
                                catalog.usage())),
                new Maintenance.Surroundings(
                        runs,
                        threads,
                        seesEveryClient(duty, settings.cluster()) ? this::clientsBusy : () -> true,
                        brake,
                        settings.storage().upkeep().scheduler()),
                settings.storage().upkeep().maintenance());
    }

    /**
     * Whether no clients are served but here. Else maintenance always yields: it burdens the disks
     * of other nodes too, and whether their clients are busy cannot be seen.
     */
    static boolean seesEveryClient(Duty duty, NodeSettings.Cluster cluster) {
        return duty == Duty.SERVE && !cluster.shared();
    }

    private boolean clientsBusy() {
        S3Server serving = server;
        return serving != null && serving.requestsUnderWay() > 0;
    }

    private void maintain(Maintenance maintenance) {
        maintenance.start();
        settings.storage()
                .upkeep()
                .acknowledged()
                .ifPresent(token -> acknowledge(maintenance, token));
        if (backends.refill()) {
            maintenance.trigger(TaskKind.REPAIR);
        }
    }

    /** What stays in the file acknowledges nothing that comes later. */
    private static void acknowledge(Maintenance maintenance, String token) {
        try {
            if (!maintenance.acknowledge(token)) {
                LOG.info(
                        "lilio.maintenance.acknowledge is \"{}\", and the deletion brake is not"
                                + " engaged under that name: the setting can go",
                        token);
            }
        } catch (BrakeEngagedException stays) {
            LOG.warn("lilio.maintenance.acknowledge does not help: {}", stays.getMessage());
        }
    }

    /** What keeps the store well. */
    Maintenance maintenance() {
        return maintenance;
    }

    /** Who may do everything. */
    RootCredentials root() {
        return root;
    }

    /** What the admin API works on. */
    AdminNode forAdmin() {
        return admin;
    }

    /** Who may use the admin API. */
    DocumentAuthenticator administrators() {
        return administrators;
    }

    /** The port that S3 is served on. */
    int port() {
        return Objects.requireNonNull(server).port();
    }

    /** How calls to the backends go, for health checks. */
    BackendCalls backendCalls() {
        return new BackendCalls(engine.members());
    }

    /** The backends, for health checks. */
    OpenBackends backends() {
        return backends;
    }

    /** How the etcd of the metadata fares, for health checks; empty without one. */
    Optional<EtcdMetadataStore.Status> etcd() {
        return etcd.get();
    }

    /** What stops deletion when metadata look wrong, for health checks. */
    DeletionBrake brake() {
        return brake;
    }

    /** Serves on, and has each client ask for another node with its next request. */
    void leave() {
        Objects.requireNonNull(server).leave();
    }

    /** Lets requests under way finish, and takes no others. */
    void drain(Duration patience) {
        Objects.requireNonNull(server).drain(patience);
    }

    /**
     * Whole, also when a start is broken off by an interrupt, which is kept for later: whoever
     * waits for this node's session or its locks is not to wait longer than need be.
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            closeAll();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void closeAll() {
        RuntimeException first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failed) {
                if (first == null) {
                    first = new IllegalStateException("The node did not close cleanly", failed);
                } else {
                    first.addSuppressed(failed);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
