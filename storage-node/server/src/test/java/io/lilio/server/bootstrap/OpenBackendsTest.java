package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendHealth.State;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.backend.local.LocalRuntime;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.rocks.RocksMemory;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that is emptied while its process runs. */
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

    private BackendHealth emptied(boolean shared) throws IOException {
        try (RocksMemory rocks = new RocksMemory(16 << 20, 4 << 20);
                MemoryMetadataStore metadata = new MemoryMetadataStore(time);
                OpenBackends backends =
                        new OpenBackends(
                                settings(shared),
                                new LocalRuntime(
                                        rocks,
                                        time,
                                        new Random(1),
                                        Thread.ofPlatform().daemon().factory()),
                                new RingStore(metadata))) {
            ChunkStore store = backends.list().getFirst().store();
            assertThat(store.health().state()).isEqualTo(State.UP);
            TestNode.delete(data.resolve("disk"));
            Files.createDirectory(data.resolve("disk"));
            time.advance(Duration.ofSeconds(2));
            time.advance(Duration.ofSeconds(2));
            return store.health();
        }
    }

    private NodeSettings settings(boolean shared) {
        NodeSettings alone =
                TestNode.settings(
                        data,
                        "backends[0].name",
                        "disk",
                        "backends[0].path",
                        data.resolve("disk").toString());
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
