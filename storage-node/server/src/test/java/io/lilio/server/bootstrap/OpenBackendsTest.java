package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendHealth.State;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.SampleChunk;
import io.lilio.chunk.backend.local.LocalRuntime;
import io.lilio.engine.Backend;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.rocks.RocksMemory;
import io.lilio.server.bootstrap.config.InvalidSettingException;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A directory that is emptied while its process runs, that is opened before others found a cluster,
 * or whose label says that it is not what it is configured as.
 */
class OpenBackendsTest {

    @TempDir private Path data;
    private final ManualTime time = new ManualTime();

    /** Others may count on what it has said that it holds. */
    @Test
    void inAClusterItIsFailedAndNotTakenUpAgain() throws IOException {
        BackendHealth health = emptied(true);
        assertThat(health.state()).isEqualTo(State.FAILED);
        assertThat(health.detail()).contains("label");
    }

    @Test
    void aloneItIsTakenUpAgain() throws IOException {
        BackendHealth health = emptied(false);
        assertThat(health.state()).isEqualTo(State.UP);
        assertThat(health.timesEmptied()).isOne();
    }

    /** Its index would be by other partitions than those that others ask for. */
    @Test
    void backendsAreNotUsedInAClusterOfOtherPartitionsThanTheyWereOpenedFor() {
        try (RocksMemory rocks = new RocksMemory(16 << 20, 4 << 20);
                MemoryMetadataStore metadata = new MemoryMetadataStore(time)) {
            RingStore rings = new RingStore(metadata);
            Ring founded = ringOf64Partitions();
            try (OpenBackends backends = open(settings(true), rocks, rings)) {
                rings.create(backends.cluster(), founded);
                assertThatThrownBy(() -> backends.requireIndexedFor(founded))
                        .isInstanceOf(InvalidSettingException.class)
                        .hasMessage(
                                "The cluster was founded with 64 partitions just now, but"
                                        + " lilio.ring.partitions is 4096 here: start again, and set"
                                        + " the same on all nodes.");
            }
            try (OpenBackends backends = open(settings(true), rocks, rings)) {
                backends.requireIndexedFor(founded);
                assertThat(backends.list().getFirst().store().health().state()).isEqualTo(State.UP);
            }
        }
    }

    /** Of another node. */
    private static Ring ringOf64Partitions() {
        Member other =
                new Member(
                        new MemberId(new UUID(1, 1)),
                        "disk",
                        "node-2",
                        "host-2",
                        "",
                        1,
                        MemberState.ACTIVE);
        return Ring.create(
                Partitioning.of(64),
                new Replication(1, 1, 1, Replication.Spread.HOST, false),
                List.of(other));
    }

    /** What is in them would not be found, and what is added not be found again. */
    @Test
    void backendsThatHoldChunksAreRefusedWhereTheClusterHasOtherPartitions() {
        try (RocksMemory rocks = new RocksMemory(16 << 20, 4 << 20);
                MemoryMetadataStore metadata = new MemoryMetadataStore(time)) {
            RingStore rings = new RingStore(metadata);
            UUID cluster = fill(rocks, rings);
            rings.create(cluster, ringOf64Partitions());
            assertThatThrownBy(() -> open(settings(true), rocks, rings))
                    .isInstanceOf(InvalidSettingException.class)
                    .hasMessageStartingWith("The backend " + data.resolve("disk") + ": its index")
                    .hasMessageContaining("goes by 4096 partitions, but the cluster has 64: ")
                    .hasMessageEndingWith(".");
        }
    }

    /** Whatever the settings say by now, chunks prove that there were metadata. */
    @Test
    void aForgottenClusterIsNotFoundedAnewWithOtherPartitions() {
        try (RocksMemory rocks = new RocksMemory(16 << 20, 4 << 20);
                MemoryMetadataStore metadata = new MemoryMetadataStore(time);
                MemoryMetadataStore empty = new MemoryMetadataStore(time)) {
            fill(rocks, new RingStore(metadata));
            NodeSettings others = settings(true, "ring.partitions", "64");
            assertThatThrownBy(() -> open(others, rocks, new RingStore(empty)))
                    .isInstanceOf(InvalidSettingException.class)
                    .hasMessageContaining("since backend disk holds chunks");
        }
    }

    /** A backend with a chunk; the cluster that it is of. */
    private UUID fill(RocksMemory rocks, RingStore rings) {
        try (OpenBackends backends = open(settings(true), rocks, rings)) {
            SampleChunk.of(1, 5_000).putInto(backends.list().getFirst().store());
            return backends.cluster();
        }
    }

    /** Its chunks would have no owner here, and the full collection would delete them. */
    @Test
    void theDirectoryOfAnotherClusterStopsTheStart() {
        try (RocksMemory rocks = new RocksMemory(16 << 20, 4 << 20)) {
            UUID first = openOnce(rocks);
            UUID other = new UUID(5, 5);
            try (MemoryMetadataStore metadata = new MemoryMetadataStore(time)) {
                RingStore rings = new RingStore(metadata);
                rings.identify(other);
                assertThatThrownBy(() -> open(settings(true), rocks, rings).close())
                        .isInstanceOf(InvalidSettingException.class)
                        .hasMessage(
                                "The directory of backend disk, %s, belongs to cluster %s, but this"
                                        + " is cluster %s.",
                                data.resolve("disk"), first, other);
            }
        }
    }

    /** Two copies of a chunk would be one, and what one deletes the other would still hold. */
    @Test
    void aCopyOfTheDirectoryOfAnotherBackendStopsTheStart() throws IOException {
        try (RocksMemory rocks = new RocksMemory(16 << 20, 4 << 20);
                MemoryMetadataStore metadata = new MemoryMetadataStore(time)) {
            RingStore rings = new RingStore(metadata);
            rings.identify(openOnce(rocks));
            copy(data.resolve("disk"), data.resolve("copy"));
            assertThatThrownBy(() -> open(withCopy(), rocks, rings).close())
                    .isInstanceOf(InvalidSettingException.class)
                    .hasMessage(
                            "The directory of backend copy, %s, is a copy of that of backend disk.",
                            data.resolve("copy"));
            TestNode.delete(data.resolve("copy"));
            try (OpenBackends backends = open(withCopy(), rocks, rings)) {
                assertThat(backends.list())
                        .extracting(Backend::id)
                        .hasSize(2)
                        .doesNotHaveDuplicates();
            }
        }
    }

    /** A backend gets its label, in a cluster that is named. */
    private UUID openOnce(RocksMemory rocks) {
        try (MemoryMetadataStore metadata = new MemoryMetadataStore(time);
                OpenBackends backends = open(settings(true), rocks, new RingStore(metadata))) {
            return backends.cluster();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each)));
            }
        }
    }

    private OpenBackends open(NodeSettings settings, RocksMemory rocks, RingStore rings) {
        return new OpenBackends(
                settings,
                new LocalRuntime(
                        rocks, time, new Random(1), Thread.ofPlatform().daemon().factory()),
                rings);
    }

    private BackendHealth emptied(boolean shared) throws IOException {
        try (RocksMemory rocks = new RocksMemory(16 << 20, 4 << 20);
                MemoryMetadataStore metadata = new MemoryMetadataStore(time);
                OpenBackends backends = open(settings(shared), rocks, new RingStore(metadata))) {
            ChunkStore store = backends.list().getFirst().store();
            assertThat(store.health().state()).isEqualTo(State.UP);
            TestNode.delete(data.resolve("disk"));
            Files.createDirectory(data.resolve("disk"));
            time.advance(Duration.ofSeconds(2));
            time.advance(Duration.ofSeconds(2));
            return store.health();
        }
    }

    private NodeSettings withCopy() {
        return settings(
                true,
                "backends[1].name",
                "copy",
                "backends[1].path",
                data.resolve("copy").toString());
    }

    private NodeSettings settings(boolean shared, String... more) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "backends[0].name",
                                "disk",
                                "backends[0].path",
                                data.resolve("disk").toString()));
        all.addAll(List.of(more));
        NodeSettings alone = TestNode.settings(data, all.toArray(String[]::new));
        return new NodeSettings(
                alone.nodeName(),
                new NodeSettings.Cluster(
                        shared,
                        Set.of(alone.nodeName()),
                        "host",
                        Optional.empty(),
                        alone.cluster().sessionTtl()),
                alone.dataDir(),
                alone.edge(),
                alone.storage(),
                alone.memory(),
                alone.shutdown());
    }
}
