package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.Operations;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkOrigin;
import io.lilio.chunk.ChunkOwner;
import io.lilio.engine.Backend;
import io.lilio.maintenance.brake.Engagement;
import io.lilio.maintenance.brake.Seen;
import io.lilio.maintenance.brake.SeenFile;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.rocksdb.RocksMetadataSettings;
import io.lilio.metadata.rocksdb.RocksMetadataStore;
import io.lilio.placement.Partitioning;
import io.lilio.rocks.RocksMemory;
import io.lilio.server.bootstrap.config.InvalidSettingException;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.s3.operation.S3Fixture;
import io.lilio.time.SystemTime;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A node in this process, with all that the configuration asks for, on three directories. */
@SuppressWarnings("deprecation") // Quarkus 3.33 still exports through this registry.
@Timeout(180)
class StorageNodeTest {

    @TempDir private Path data;
    private PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private StorageNode start(String... keysAndValues) throws IOException {
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        return TestNode.start(data, registry, keysAndValues);
    }

    @Test
    void maintenanceYieldsToClientsWhoseRequestsItCannotSee() {
        Duration ttl = Duration.ofSeconds(10);
        var alone = new NodeSettings.Cluster(false, Set.of(), "host", Optional.empty(), ttl);
        var shared = new NodeSettings.Cluster(true, Set.of("a"), "host", Optional.empty(), ttl);
        assertThat(StorageNode.seesEveryClient(StorageNode.Duty.SERVE, alone)).isTrue();
        assertThat(StorageNode.seesEveryClient(StorageNode.Duty.ONE_RUN, alone)).isFalse();
        assertThat(StorageNode.seesEveryClient(StorageNode.Duty.SERVE, shared)).isFalse();
        assertThat(StorageNode.seesEveryClient(StorageNode.Duty.ONE_RUN, shared)).isFalse();
    }

    @Test
    void anEngagedDeletionBrakeIsReleasedByTheSettingThatNamesIt() throws IOException {
        try (StorageNode node = start()) {
            assertThat(node.brake().reason()).isEmpty();
        }
        rememberNewerMetadata();

        Engagement engaged;
        try (StorageNode node = start()) {
            engaged = engagement(node);
            assertThat(engaged.reason()).contains("was seen before");
            assertThat(deletionHealth(node))
                    .containsEntry("stopped", engaged.reason())
                    .containsEntry("lilio.maintenance.acknowledge", engaged.token());
        }
        try (StorageNode node = start("maintenance.acknowledge", "abcdabcd")) {
            assertThat(engagement(node)).isEqualTo(engaged);
        }
        try (StorageNode node = start("maintenance.acknowledge", engaged.token())) {
            assertThat(node.brake().reason()).isEmpty();
            assertThat(deletionHealth(node)).isEmpty();
            assertThat(registry.scrape()).contains("lilio_deletion_brake 0.0");
        }
        rememberNewerMetadata();
        try (StorageNode node = start("maintenance.acknowledge", engaged.token())) {
            assertThat(engagement(node).token())
                    .as("a setting that was left in the file acknowledges nothing else")
                    .isNotEqualTo(engaged.token());
            assertThat(registry.scrape()).contains("lilio_deletion_brake 1.0");
        }
    }

    @Test
    void metadataOfBeforeTheLastCleanStopEngageTheBrake() throws IOException {
        putObjects(5);
        Path copy = data.resolve("copy");
        copy(data.resolve("metadata"), copy);
        putObjects(45);
        TestNode.delete(data.resolve("metadata"));
        Files.move(copy, data.resolve("metadata"));
        try (StorageNode node = start()) {
            assertThat(node.brake().reason())
                    .hasValueSatisfying(reason -> assertThat(reason).contains("was seen before"));
        }
    }

    private void putObjects(int count) throws IOException {
        try (StorageNode node = start();
                S3Client client = client(node)) {
            client.createBucket(bucket -> bucket.bucket("bucket-" + count));
            for (int i = 0; i < count; i++) {
                String key = "key" + i;
                client.putObject(
                        put -> put.bucket("bucket-" + count).key(key),
                        RequestBody.fromBytes(new byte[10_000]));
            }
        }
    }

    private static S3Client client(StorageNode node) {
        return S3Fixture.client(
                URI.create("http://127.0.0.1:" + node.port()), "root", "root-secret");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each)));
            }
        }
    }

    /** The metadata of now are then older than what was seen: as if a backup had been restored. */
    private void rememberNewerMetadata() {
        for (String directory : List.of("", "disk1", "disk2", "disk3")) {
            SeenFile file = new SeenFile(data.resolve(directory));
            Seen seen = file.load().orElseThrow();
            file.store(
                    new Seen(
                            seen.cluster(),
                            seen.progress().at(seen.progress().revision() + 1_000_000),
                            Optional.empty()));
        }
    }

    private static Engagement engagement(StorageNode node) {
        await(() -> node.brake().engagement().isPresent());
        return node.brake().engagement().orElseThrow();
    }

    private static Map<String, Object> deletionHealth(StorageNode node) {
        NodeState state = new NodeState();
        state.serving(node.backends().list(), node.backendCalls(), node.brake()::engagement);
        HealthCheckResponse answer = new Beans().deletion(state).call();
        assertThat(answer.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        return answer.getData().orElse(Map.of());
    }

    /** The process had ended in the middle of a repair; what that had done is of another disk. */
    @Test
    void aReplacedDiskIsFilledFromTheFirstPartitionOn() throws IOException {
        start().close();
        leaveRepairAt(Partitioning.DEFAULT_PARTITIONS - 10);
        TestNode.delete(data.resolve("disk1"));
        try (StorageNode node = startAdoptingDisk1(0)) {
            assertThat(node.port()).isPositive();
            // The run that was left off may have been taken up before; then another follows it.
            await(() -> repairedPartitions() >= Partitioning.DEFAULT_PARTITIONS);
        }
    }

    @Test
    void aReplacedDiskIsFilledThoughTheStartThatTookItUpFailed() throws IOException {
        try (StorageNode node = start()) {
            store(node.backends().list().getLast());
        }
        leaveRepairAt(Partitioning.DEFAULT_PARTITIONS - 10);
        TestNode.delete(data.resolve("disk1"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> startAdoptingDisk1(taken.getLocalPort()))
                    .isInstanceOf(IOException.class);
        }
        try (StorageNode node = startAdoptingDisk1(0)) {
            assertThat(node.port()).isPositive();
            await(() -> repairedPartitions() >= Partitioning.DEFAULT_PARTITIONS);
        }
    }

    private StorageNode startAdoptingDisk1(int port) throws IOException {
        return start(
                "s3.port",
                String.valueOf(port),
                "backends[0].name",
                "disk1",
                "backends[0].path",
                data.resolve("disk1").toString(),
                "backends[0].adopt-empty",
                "true",
                "backends[1].name",
                "disk2",
                "backends[1].path",
                data.resolve("disk2").toString(),
                "backends[2].name",
                "disk3",
                "backends[2].path",
                data.resolve("disk3").toString());
    }

    private static void store(Backend backend) {
        ByteBuffer payload = ByteBuffer.allocateDirect(1_000);
        var owner = new ChunkOwner.OfObject(new UUID(1, 1), "key");
        var origin = new ChunkOrigin(1, 1, Long.MAX_VALUE, owner); // of a request in flight
        ChunkId id = new ChunkId(new BlobId(1, 1), 0, 0);
        backend.store().put(ChunkHeader.of(id, origin, payload), payload);
    }

    @Test
    void aBackendThatIsUnwellAtTheStartIsNamedAndServesWhenItIsBack() throws IOException {
        start().close();
        Path away = data.resolve("away");
        Files.move(data.resolve("disk2"), away);
        Files.createFile(data.resolve("disk2"));
        try (StorageNode node = start()) {
            assertThat(node.backends().list()).hasSize(3);
            assertThat(registry.scrape().lines())
                    .anyMatch(line -> isHealthOf("disk2", line) && line.endsWith(" 0.0"));
            Files.delete(data.resolve("disk2"));
            Files.move(away, data.resolve("disk2"));
            await(
                    () ->
                            registry.scrape()
                                    .lines()
                                    .anyMatch(
                                            line ->
                                                    isHealthOf("disk2", line)
                                                            && line.endsWith(" 1.0")));
        }
    }

    private static boolean isHealthOf(String backend, String line) {
        return line.startsWith("lilio_backend_health{") && line.contains('"' + backend + '"');
    }

    private double repairedPartitions() {
        Counter counter =
                registry.find("lilio.maintenance.items")
                        .tags("kind", "repair", "item", "partitions")
                        .counter();
        return counter == null ? 0 : counter.count();
    }

    private void leaveRepairAt(int partition) {
        try (SystemTime time = new SystemTime();
                RocksMemory memory = new RocksMemory(16 << 20, 4 << 20);
                RocksMetadataStore metadata =
                        new RocksMetadataStore(
                                RocksMetadataSettings.of(data.resolve("metadata")), memory, time)) {
            Operation run = Operation.begin("repair", "repair", 1, time.now());
            Bytes checkpoint =
                    Bytes.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(partition).array());
            Operation left = run.progressed(checkpoint, new TreeMap<>(), time.now());
            assertThat(new Operations(metadata).save(left)).isPresent();
        }
    }

    @Test
    void buffersThatAreTooFewForABucketOfEarlierAreRefusedBeforeAnythingIsServed()
            throws IOException {
        try (StorageNode node = start("objects.chunk-size", "64M", "memory.buffers", "192M");
                S3Client client = client(node)) {
            client.createBucket(bucket -> bucket.bucket("large"));
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertThatThrownBy(() -> start("memory.buffers", "48M", "s3.port", port))
                    .isInstanceOf(InvalidSettingException.class)
                    .hasMessage(
                            "lilio.memory.buffers is \"48M\", but has to be at least 192M, since"
                                    + " bucket \"large\" has chunks of 64M.");
        }
        try (StorageNode node = start("memory.buffers", "192M")) {
            assertThat(node.port()).isPositive();
        }
    }

    @Test
    void whatMaintenanceDoesIsExported() throws IOException {
        try (StorageNode node = start()) {
            assertThat(node.port()).isPositive();
            await(() -> registry.scrape().contains("kind=\"trash\",outcome=\"succeeded\",} "));
            assertThat(registry.scrape())
                    .contains("lilio_ring_partitions_unsettled 0.0")
                    .contains("lilio_ring_epoch 1.0")
                    .contains("lilio_unconfirmed_chunks{member=")
                    .contains("lilio_trash_records 0.0")
                    .contains("lilio_watermark_lag ")
                    .contains("lilio_watermark_age_seconds ")
                    .contains("lilio_deletion_brake 0.0")
                    .contains("lilio_maintenance_runs_seconds_count{kind=\"trash\"");
        }
    }

    private static void await(BooleanSupplier met) {
        while (!met.getAsBoolean()) {
            LockSupport.parkNanos(10_000_000);
        }
    }
}
