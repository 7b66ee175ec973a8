package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.backend.local.BackendLabel;
import io.lilio.chunk.backend.local.DataDirectory;
import io.lilio.maintenance.brake.SeenFile;
import io.lilio.metadata.rocksdb.RocksMetadataSettings;
import io.lilio.metadata.rocksdb.RocksMetadataStore;
import io.lilio.rocks.RocksMemory;
import io.lilio.server.bootstrap.config.InvalidSettingException;
import io.lilio.time.SystemTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Metadata that were lost, and the first start, which has none yet. No backend holds a chunk. */
@Timeout(180)
class LostMetadataTest {

    private static final List<String> DISKS = List.of("disk1", "disk2", "disk3");

    @TempDir private Path data;

    private StorageNode start(String... keysAndValues) throws IOException {
        return TestNode.start(data, new SimpleMeterRegistry(), keysAndValues);
    }

    private Path metadata() {
        return data.resolve("metadata");
    }

    private void assertRefused() {
        assertThatThrownBy(this::start)
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("The metadata at " + metadata() + " are gone")
                .hasMessageContaining("put them back")
                .hasMessageContaining("empty " + data.resolve("disk1"))
                .hasMessageEndingWith("remove " + data.resolve(SeenFile.NAME) + ".");
    }

    @Test
    void whatIsGoneIsMissedAndWelcomeWhenItIsBack() throws IOException {
        UUID cluster = startAndStop();
        Path away = data.resolve("away");
        Files.move(metadata(), away);
        assertRefused();
        assertThat(metadata()).as("nothing is in the way of what is put back").doesNotExist();
        Files.move(away, metadata());
        assertThat(startAndStop()).isEqualTo(cluster);
    }

    private UUID startAndStop() throws IOException {
        try (StorageNode node = start()) {
            return node.backends().cluster();
        }
    }

    @Test
    void anEmptyDirectoryOrDatabaseIsNotWhatWasThere() throws IOException {
        startAndStop();
        TestNode.delete(metadata());
        Files.createDirectory(metadata());
        assertRefused();
        makeEmptyDatabase();
        assertRefused();
    }

    private void makeEmptyDatabase() {
        try (SystemTime time = new SystemTime();
                RocksMemory memory = new RocksMemory(16 << 20, 4 << 20)) {
            new RocksMetadataStore(RocksMetadataSettings.of(metadata()), memory, time).close();
        }
    }

    @Test
    void anyOneDirectoryIsEnoughToTell() throws IOException {
        startAndStop();
        TestNode.delete(metadata());
        for (String gone : List.of("", "disk1", "disk2")) {
            assertThatThrownBy(this::start).isInstanceOf(InvalidSettingException.class);
            Files.delete(data.resolve(gone).resolve(SeenFile.NAME));
        }
        assertThatThrownBy(this::start)
                .hasMessageContaining(data.resolve("disk3").resolve(SeenFile.NAME).toString());
    }

    @Test
    void whenAllIsGivenUpAsTheSentenceSaysAnotherClusterIsFounded() throws IOException {
        UUID before = startAndStop();
        TestNode.delete(metadata());
        for (String disk : DISKS) {
            TestNode.delete(data.resolve(disk));
            Files.createDirectory(data.resolve(disk));
        }
        Files.delete(data.resolve(SeenFile.NAME));
        try (StorageNode node = start()) {
            assertThat(node.backends().cluster()).isNotEqualTo(before);
            assertThat(node.brake().reason()).isEmpty();
        }
    }

    /** As kill -9 leaves it: some backends have their label, the cluster is not founded. */
    @Test
    void aFirstStartThatWasBrokenOffIsMadeUpFor() throws IOException {
        UUID cluster = new UUID(1, 2);
        makeEmptyDatabase();
        for (String disk : DISKS.subList(0, 2)) {
            try (DataDirectory directory = DataDirectory.open(data.resolve(disk))) {
                directory.writeLabel(new BackendLabel(cluster, UUID.randomUUID(), disk, "local"));
            }
        }
        assertThat(startAndStop()).isEqualTo(cluster);
        assertThat(startAndStop()).isEqualTo(cluster);
    }

    @Test
    void thatThereAreMetadataIsRememberedBeforeTheFirstRequestIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start("s3.port", String.valueOf(taken.getLocalPort())))
                    .isInstanceOf(IOException.class);
        }
        for (String directory : List.of("", "disk1", "disk2", "disk3")) {
            assertThat(new SeenFile(data.resolve(directory)).load()).as(directory).isPresent();
        }
    }

    @Test
    void metadataInMemoryAreNotMissed() throws IOException {
        for (int starts = 0; starts < 2; starts++) {
            try (StorageNode node =
                    start(
                            "metadata.type", "memory",
                            "backends[0].name", "ram",
                            "backends[0].type", "memory",
                            "backends[0].capacity", "16M")) {
                assertThat(node.brake().reason()).as("of start %d", starts).isEmpty();
            }
        }
    }
}
