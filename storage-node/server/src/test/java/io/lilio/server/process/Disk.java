package io.lilio.server.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The disk of one backend, which can be emptied and have bytes flipped. Where we have the right to
 * mount, which {@link #canMount} tells, it is a file system of a fixed size in a file, which can be
 * made read-only and full too; else a directory.
 */
final class Disk implements AutoCloseable {

    private static final int ATTEMPTS = 50;

    private final Path directory;
    private final boolean mounted;

    private Disk(Path directory, boolean mounted) {
        this.directory = directory;
        this.mounted = mounted;
    }

    static Disk directory(Path directory) throws IOException {
        Files.createDirectories(directory);
        return new Disk(directory, false);
    }

    static Disk mount(Path directory, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path image = directory.resolveSibling(directory.getFileName() + ".ext4");
        run("truncate", "-s", megabytes + "M", image.toString());
        run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
        run("mount", "-o", "loop", image.toString(), directory.toString());
        return new Disk(directory, true);
    }

    static boolean canMount(Path scratch) {
        try {
            mount(scratch.resolve("probe"), 8).close();
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    Path directory() {
        return directory;
    }

    void readOnly() throws IOException, InterruptedException {
        // A remount is refused while files are open for writing; immutable inodes refuse writes to
        // them too.
        untilItSucceeds("chattr", "-R", "+i", directory.toString());
    }

    /** What walks a tree fails when files come and go. */
    private static void untilItSucceeds(String... command)
            throws IOException, InterruptedException {
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            try {
                run(command);
                return;
            } catch (IOException changing) {
                Thread.sleep(20);
            }
        }
        run(command);
    }

    void readWrite() throws IOException, InterruptedException {
        untilItSucceeds("chattr", "-R", "-i", directory.toString());
    }

    /** Takes the space that is left. */
    Path fill() throws IOException {
        Path filler = directory.resolve("filler");
        try (var out = Files.newOutputStream(filler)) {
            byte[] block = new byte[1 << 20];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            return filler;
        }
    }

    /** Removes everything, as somebody's {@code rm -rf} would; more of it while more is written. */
    void deleteEverything() throws IOException, InterruptedException {
        untilItSucceeds("find", directory.toString(), "-mindepth", "1", "-delete");
    }

    /**
     * Flips one byte in each of some places of the chunk files and segments; how many it flipped.
     */
    int flipBytes(int places, Random random) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            all.filter(Files::isRegularFile)
                    .filter(path -> !path.toString().contains("/index/"))
                    .filter(path -> path.toFile().length() > 2_000)
                    .forEach(files::add);
        }
        int flipped = 0;
        for (int i = 0; i < places && !files.isEmpty(); i++) {
            Path file = files.get(random.nextInt(files.size()));
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                long at = (long) (random.nextDouble() * open.length());
                open.seek(at);
                int old = open.read();
                if (old >= 0) {
                    open.seek(at);
                    open.write(old ^ 0x40);
                    flipped++;
                }
            }
        }
        return flipped;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (mounted) {
            readWrite();
            run("umount", "-l", directory.toString());
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }
}
