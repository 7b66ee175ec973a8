package io.lilio.bench.machine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Bare synced writes into a directory that is removed at the end. Not thread-safe. */
final class SyncedWrites implements AutoCloseable {

    private static final int COPIES = 3;
    private static final int WRITERS = 8;
    private static final int FILES_PER_WRITER = 32;
    private static final int APPENDS = 500;
    private static final int PAYLOAD_BYTES = 1 << 20;

    private static final int BLOCK_BYTES = 4096;

    private final Path directory;

    SyncedWrites(Path directory) {
        this.directory = directory;
    }

    /** How files are written. */
    enum Way {
        THROUGH_THE_CACHE,
        PAST_THE_CACHE;

        Set<OpenOption> options() {
            Set<OpenOption> options =
                    new HashSet<>(Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            if (this == PAST_THE_CACHE) {
                options.add(direct());
            }
            return options;
        }

        private static OpenOption direct() {
            try {
                return (OpenOption)
                        Class.forName("com.sun.nio.file.ExtendedOpenOption")
                                .getField("DIRECT")
                                .get(null);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a JDK without O_DIRECT", e);
            }
        }
    }

    /** Median time of an append of 4 KiB with its sync. */
    double appendMicros() throws IOException {
        Path file = directory.resolve("appended");
        long[] nanos = new long[APPENDS];
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
            for (int i = 0; i < APPENDS; i++) {
                long begin = System.nanoTime();
                channel.write(block.clear());
                channel.force(false);
                nanos[i] = System.nanoTime() - begin;
            }
        } finally {
            Files.deleteIfExists(file);
        }
        Arrays.sort(nanos);
        return nanos[APPENDS / 2] / 1e3;
    }

    /** Payload per second when 8 writers put each MiB into a synced file in three directories. */
    double threeCopiesMebibytesPerSecond(Way way) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        inParallel(WRITERS, writer -> store(writer, way, false));
        double seconds = (System.nanoTime() - begin) / 1e9;
        return WRITERS * FILES_PER_WRITER / seconds;
    }

    /** CPU time of this process for the same with MD5 and SHA-256 of everything, for a GiB. */
    double cpuSecondsPerGibibyte(Way way) throws IOException, InterruptedException {
        double before = cpuSeconds();
        inParallel(WRITERS, writer -> store(writer, way, true));
        return (cpuSeconds() - before) * 1024 / (WRITERS * FILES_PER_WRITER);
    }

    private interface Writer {
        void run(int number) throws IOException;
    }

    private void inParallel(int writers, Writer writer) throws IOException, InterruptedException {
        try (ExecutorService pool = Executors.newFixedThreadPool(writers)) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                int number = i;
                tasks.add(
                        () -> {
                            writer.run(number);
                            return number;
                        });
            }
            for (Future<Integer> done : pool.invokeAll(tasks)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a writer failed", e.getCause());
        } finally {
            removeFiles();
        }
    }

    private void store(int writer, Way way, boolean digested) throws IOException {
        MessageDigest md5 = Hashing.digest("MD5");
        MessageDigest sha256 = Hashing.digest("SHA-256");
        ByteBuffer payload =
                ByteBuffer.allocateDirect(PAYLOAD_BYTES + BLOCK_BYTES)
                        .alignedSlice(BLOCK_BYTES)
                        .limit(PAYLOAD_BYTES)
                        .slice();
        for (int i = 0; i < FILES_PER_WRITER; i++) {
            if (digested) {
                md5.update(payload.clear());
                sha256.update(payload.clear());
            }
            for (int copy = 0; copy < COPIES; copy++) {
                Path folder = Files.createDirectories(directory.resolve("copy-" + copy));
                try (FileChannel channel =
                        FileChannel.open(folder.resolve(writer + "-" + i), way.options())) {
                    payload.clear();
                    while (payload.hasRemaining()) {
                        channel.write(payload);
                    }
                    channel.force(false);
                }
            }
        }
    }

    private static double cpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
                / 1e9;
    }

    private void removeFiles() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                Files.delete(path);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
