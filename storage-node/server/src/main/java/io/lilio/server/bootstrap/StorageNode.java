package io.lilio.server.bootstrap;

import io.lilio.catalog.Catalog;
import io.lilio.catalog.access.AccessKeys;
import io.lilio.catalog.access.SharedServerKey;
import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.backend.local.LocalRuntime;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.engine.Engine;
import io.lilio.engine.EngineParts;
import io.lilio.engine.EngineSettings;
import io.lilio.engine.PeerConnector;
import io.lilio.maintenance.Maintenance;
import io.lilio.maintenance.MaintenanceParts;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.run.RunnerParts;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.etcd.EtcdMetadataStore;
import io.lilio.metadata.etcd.EtcdSettings;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.metadata.rocksdb.RocksMetadataSettings;
import io.lilio.metadata.rocksdb.RocksMetadataStore;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.object.Environment;
import io.lilio.object.ObjectSettings;
import io.lilio.placement.Ring;
import io.lilio.replication.ChunkCopier;
import io.lilio.replication.ReplicationSettings;
import io.lilio.rocks.RocksMemory;
import io.lilio.server.bootstrap.config.BufferCheck;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.bootstrap.config.NodeSettings.Metadata;
import io.lilio.server.bootstrap.config.NodeSettings.Network;
import io.lilio.server.metrics.MeasuredMetadataStore;
import io.lilio.server.metrics.NodeMetrics;
import io.lilio.server.metrics.RpcMetrics;
import io.lilio.server.rpc.RpcRuntime;
import io.lilio.server.s3.http.HttpSettings;
import io.lilio.server.s3.http.S3Server;
import io.lilio.server.s3.operation.EdgeSettings;
import io.lilio.server.s3.operation.S3Operations;
import io.lilio.server.s3.signature.AuthenticatingHandler;
import io.lilio.server.s3.signature.Authenticator;
import io.lilio.time.SystemTime;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import javax.crypto.SecretKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running storage node: everything that the configuration asks for, put together and opened in
 * the order of its dependencies, and closed in the opposite order.
 */
final class StorageNode implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StorageNode.class);

    /** A part of RocksDB's memory that memtables may take. */
    private static final long MEMTABLE_SHARE = 3;

    private final NodeSettings settings;
    private final LostMetadata lost;
    private final NodeMetrics metrics;
    private final SystemTime time = new SystemTime();
    private final SecureRandom random = new SecureRandom();
    private final ThreadFactory threads = Thread.ofVirtual().name("lilio-", 0).factory();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private final OpenBackends backends;
    private final Engine engine;
    private final S3Server server;
    private final DeletionBrake brake;

    /**
     * Opens everything and begins to serve.
     *
     * @param ownServerKey seals the secrets of access keys; the nodes of a cluster share another
     * @throws IOException when the S3 port cannot be bound
     */
    StorageNode(
            NodeSettings settings,
            RootCredentials root,
            SecretKey ownServerKey,
            NodeMetrics metrics)
            throws IOException {
        this.settings = settings;
        this.lost = new LostMetadata(settings);
        this.metrics = metrics;
        opened.push(new CarrierWatch());
        opened.push(time);
        try {
            RocksMemory rocks = rocksMemory();
            MetadataStore metadata = metadata(rocks);
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
            Optional<NodeNetwork> network = network();
            network.ifPresent(opened::push);
            engine =
                    Engine.open(
                            engineSettings(),
                            new EngineParts(
                                    metadata,
                                    backends.list(),
                                    network.map(NodeNetwork::connector).orElse(PeerConnector.NONE),
                                    metrics.quorums()),
                            new Environment(time, random, threads));
            opened.push(engine);
            if (network.isPresent()) {
                network.get().serve(engine);
                opened.push(network.get()::stopServing);
            }
            requireBuffersForStoredChunks();
            settings.storage().replication().warning(engine.replication()).ifPresent(LOG::warn);
            Maintenance maintenance = maintenance(metadata);
            opened.push(maintenance);
            brake = maintenance.brake();
            brake.begin();
            AccessKeys keys =
                    new AccessKeys(
                            engine.catalog().commits(),
                            engine.sessions(),
                            serverKey(metadata, ownServerKey),
                            random);
            server = server(new KnownKeys(root, keys));
            opened.push(server);
            maintain(maintenance);
            new NodeGauges(metrics, engine, backends.list(), time).register(server);
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private SecretKey serverKey(MetadataStore metadata, SecretKey own) {
        return settings.cluster()
                .network()
                .map(network -> new SharedServerKey(metadata, random).establish(network.secrets()))
                .orElse(own);
    }

    private RocksMemory rocksMemory() {
        long bytes = settings.memory().rocksBytes();
        RocksMemory memory = new RocksMemory(bytes, bytes / MEMTABLE_SHARE);
        opened.push(memory);
        return memory;
    }

    private MetadataStore metadata(RocksMemory rocks) {
        lost.refuseToMakeNew();
        MetadataStore store =
                switch (settings.storage().metadata()) {
                    case Metadata.InMemory() -> new MemoryMetadataStore(time);
                    case Metadata.Embedded(Path directory) -> rocksMetadata(directory, rocks);
                    case Metadata.Shared(EtcdSettings etcd) -> etcdMetadata(etcd);
                };
        opened.push(store);
        return new MeasuredMetadataStore(store, metrics.registry());
    }

    private RocksMetadataStore rocksMetadata(Path directory, RocksMemory rocks) {
        RocksMetadataStore store =
                new RocksMetadataStore(RocksMetadataSettings.of(directory), rocks, time);
        metrics.gauge(
                "lilio.metadata.commits",
                "Transactions committed since the start",
                () -> store.stats().committed());
        metrics.gauge(
                "lilio.metadata.syncs",
                "Syncs of the metadata's log since the start",
                () -> store.stats().syncs());
        metrics.gauge(
                "lilio.metadata.waiting",
                "Transactions waiting for the committer",
                () -> store.stats().waiting());
        return store;
    }

    private EtcdMetadataStore etcdMetadata(EtcdSettings etcd) {
        EtcdMetadataStore store = new EtcdMetadataStore(etcd, time, threads);
        metrics.gauge(
                "lilio.metadata.away",
                "1 while etcd does not answer",
                () -> store.status().awaySince().isPresent() ? 1 : 0);
        metrics.gauge(
                "lilio.metadata.used.bytes",
                "Bytes of etcd that are in use",
                () -> store.status().usedBytes());
        metrics.gauge(
                "lilio.metadata.quota.bytes",
                "Bytes that etcd takes at most; new data are refused from 80 % on",
                () -> store.status().quotaBytes());
        return store;
    }

    private Optional<NodeNetwork> network() throws IOException {
        Optional<Network> asked = settings.cluster().network();
        return asked.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new NodeNetwork(
                                asked.get(),
                                backends.cluster(),
                                settings.nodeName(),
                                new RpcRuntime(
                                        time,
                                        random,
                                        threads,
                                        new RpcMetrics(metrics.registry()))));
    }

    private EngineSettings engineSettings() {
        NodeSettings.Objects objects = settings.storage().objects();
        ObjectSettings usual = ObjectSettings.defaults();
        HttpSettings.Deadlines deadlines = settings.edge().http().deadlines();
        return new EngineSettings(
                backends.cluster(),
                SessionSettings.of(
                        settings.nodeName(),
                        settings.cluster().network().map(Network::address).orElse("")),
                settings.cluster().host(),
                new EngineSettings.Founding(
                        Ring.DEFAULT_PARTITIONS,
                        settings.storage().replication().ofNewCluster(),
                        settings.cluster().founders()),
                BufferPoolSettings.ofCapacity(settings.memory().bufferBytes()),
                ReplicationSettings.defaults(),
                new ObjectSettings(
                        objects.inlineMaxBytes(),
                        usual.writeWindowBytes(),
                        usual.readAheadBytes(),
                        usual.bufferWait(),
                        new ObjectSettings.Pace(
                                deadlines.request(),
                                deadlines.minimumBytesPerSecond(),
                                usual.pace().grace()),
                        objects.etags()));
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

    private Maintenance maintenance(MetadataStore metadata) {
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
                        new RunnerParts(
                                metadata, time, random, settings.nodeName(), metrics.maintenance()),
                        threads,
                        () -> server.requestsUnderWay() > 0,
                        lost.seenFiles()),
                settings.storage().upkeep().maintenance());
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
        if (!maintenance.acknowledge(token)) {
            LOG.info(
                    "lilio.maintenance.acknowledge is \"{}\", and the deletion brake is not engaged"
                            + " under that name: the setting can go",
                    token);
        }
    }

    /** The port that S3 is served on. */
    int port() {
        return server.port();
    }

    /** How calls to the backends go, for health checks. */
    BackendCalls backendCalls() {
        return new BackendCalls(engine.members());
    }

    /** The backends, for health checks. */
    OpenBackends backends() {
        return backends;
    }

    /** What stops deletion when metadata look wrong, for health checks. */
    DeletionBrake brake() {
        return brake;
    }

    /** Lets requests under way finish, and takes no others. */
    void drain(Duration patience) {
        server.drain(patience);
    }

    @Override
    public void close() {
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
