package io.lilio.bench.engine;

import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.backend.local.DataDirectory;
import io.lilio.chunk.backend.local.LocalChunkStore;
import io.lilio.chunk.backend.local.LocalChunkStoreSettings;
import io.lilio.chunk.backend.local.LocalRuntime;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.metadata.rocksdb.RocksMetadataSettings;
import io.lilio.metadata.rocksdb.RocksMetadataStore;
import io.lilio.placement.Partitioning;
import io.lilio.rocks.RocksMemory;
import io.lilio.time.SystemTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Three chunk stores and a metadata store that an engine stands on. */
record Ground(SystemTime time, MetadataStore metadata, List<ChunkStore> stores, Runnable afterwards)
        implements AutoCloseable {

    private static final int STORES = 3;

    /** Nothing touches a disk. */
    static Ground inMemory(long bytesPerStore) {
        SystemTime time = new SystemTime();
        List<ChunkStore> stores = new ArrayList<>();
        for (int i = 0; i < STORES; i++) {
            stores.add(
                    new MemoryChunkStore(
                            new MemoryChunkStoreSettings(
                                    "backend-" + i, Partitioning.DEFAULT_PARTITIONS, bytesPerStore),
                            time));
        }
        return new Ground(time, new MemoryMetadataStore(time), stores, () -> {});
    }

    /** As the product stores things: local directories and RocksDB, everything synced. */
    static Ground durable(UnaryOperator<LocalChunkStoreSettings> change) {
        SystemTime time = new SystemTime();
        RocksMemory memory = RocksMemory.withDefaults();
        Path directory = temporaryDirectory();
        LocalRuntime runtime =
                new LocalRuntime(
                        memory, time, new SecureRandom(), Thread.ofPlatform().daemon().factory());
        LocalChunkStoreSettings settings =
                change.apply(LocalChunkStoreSettings.defaults(Partitioning.DEFAULT_PARTITIONS));
        List<ChunkStore> stores = new ArrayList<>();
        for (int i = 0; i < STORES; i++) {
            stores.add(
                    LocalChunkStore.open(
                            DataDirectory.open(directory.resolve("backend-" + i)),
                            settings,
                            runtime));
        }
        MetadataStore metadata =
                new RocksMetadataStore(
                        RocksMetadataSettings.of(directory.resolve("metadata")), memory, time);
        return new Ground(
                time,
                metadata,
                stores,
                () -> {
                    memory.close();
                    remove(directory);
                });
    }

    static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench-data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, with other chunk stores in front of these. */
    Ground withStores(List<ChunkStore> value) {
        return new Ground(time, metadata, value, afterwards);
    }

    @Override
    public void close() {
        stores.forEach(ChunkStore::close);
        metadata.close();
        time.close();
        afterwards.run();
    }
}
