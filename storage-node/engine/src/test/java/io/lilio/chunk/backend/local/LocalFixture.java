package io.lilio.chunk.backend.local;

import io.lilio.rocks.RocksMemory;
import io.lilio.time.Time;
import java.nio.file.Path;
import java.util.Random;

/** Opens local chunk stores in a test's directory. */
final class LocalFixture implements AutoCloseable {

    static final int PARTITIONS = 4;

    private final RocksMemory memory = new RocksMemory(16 << 20, 8 << 20);
    private final LocalRuntime runtime;
    private final Path root;

    LocalFixture(Path root, Time time) {
        this.root = root;
        this.runtime = new LocalRuntime(memory, time, new Random(1), LocalFixture::daemon);
    }

    private static Thread daemon(Runnable task) {
        return Thread.ofPlatform().daemon().unstarted(task);
    }

    LocalRuntime runtime() {
        return runtime;
    }

    LocalChunkStoreSettings settings() {
        return LocalChunkStoreSettings.defaults(PARTITIONS);
    }

    LocalChunkStore open() {
        return open(settings());
    }

    LocalChunkStore open(LocalChunkStoreSettings settings) {
        return LocalChunkStore.open(DataDirectory.open(root), settings, runtime);
    }

    LocalChunkStore open(DataDirectory directory) {
        return LocalChunkStore.open(directory, settings(), runtime);
    }

    LocalChunkStore open(LocalChunkStoreSettings settings, Forcing forcing) {
        return LocalChunkStore.open(DataDirectory.open(root), settings, runtime, forcing);
    }

    @Override
    public void close() {
        memory.close();
    }
}
