package io.lilio.chunk.backend.local;

import io.lilio.chunk.SampleChunk;
import io.lilio.rocks.RocksMemory;
import io.lilio.time.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A process that writes and deletes chunks of all sizes until it is killed, and says on its
 * standard output what it is about to do and what was acknowledged: {@code W seed} and {@code P
 * seed} for a put that begins and is acknowledged, {@code X seed} and {@code D seed} for a delete.
 * Compaction runs all the while.
 */
final class CrashingWriter {

    private static final int WORKERS = 8;
    private static final int KEPT = 12;

    private CrashingWriter() {}

    /** Arguments: the directory, a seed, and the seed of the first chunk. */
    public static void main(String... arguments) {
        Path root = Path.of(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        long firstChunk = Long.parseLong(arguments[2]);
        SystemTime time = new SystemTime();
        LocalRuntime runtime =
                new LocalRuntime(
                        new RocksMemory(16 << 20, 8 << 20),
                        time,
                        new Random(seed),
                        task -> Thread.ofPlatform().daemon().unstarted(task));
        LocalChunkStore store = LocalChunkStore.open(DataDirectory.open(root), settings(), runtime);
        say("R", 0);
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int worker = 0; worker < WORKERS; worker++) {
                long first = firstChunk + worker * 100_000L;
                workers.execute(() -> work(store, first));
            }
            workers.execute(() -> compactForEver(store, time));
        }
    }

    private static void compactForEver(LocalChunkStore store, SystemTime time) {
        try {
            while (true) {
                store.compact();
                time.sleep(Duration.ofMillis(20));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static LocalChunkStoreSettings settings() {
        return LocalChunkStoreSettings.defaults(LocalFixture.PARTITIONS).withSegmentBytes(1 << 20);
    }

    static int lengthOf(long seed) {
        Random random = new Random(seed);
        return switch (random.nextInt(10)) {
            case 0 -> 512 * 1024 + random.nextInt(700_000);
            case 1, 2 -> 1 + random.nextInt(300_000);
            default -> 1 + random.nextInt(9_000);
        };
    }

    private static void work(LocalChunkStore store, long first) {
        ArrayDeque<SampleChunk> live = new ArrayDeque<>();
        for (long seed = first; ; seed++) {
            SampleChunk chunk = SampleChunk.of(seed, lengthOf(seed));
            say("W", seed);
            chunk.putInto(store);
            say("P", seed);
            live.addLast(chunk);
            if (live.size() > KEPT) {
                long oldest = seed - KEPT;
                say("X", oldest);
                store.delete(List.of(live.removeFirst().id()));
                say("D", oldest);
            }
        }
    }

    private static synchronized void say(String what, long seed) {
        System.out.println(what + " " + seed);
        System.out.flush();
    }
}
