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
 * A file system of a fixed size in a file, mounted for one backend, which can be made read-only,
 * full, or be emptied. Needs the right to mount; {@link #canMount} says whether we have it.
 */
final class Disk implements AutoCloseable {

    private final Path directory;

    private Disk(Path directory) {
        this.directory = directory;
    }

    static Disk mount(Path directory, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path image = directory.resolveSibling(directory.getFileName() + ".ext4");
        run("truncate", "-s", megabytes + "M", image.toString());
        run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
        run("mount", "-o", "loop", image.toString(), directory.toString());
        return new Disk(directory);
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
        run("chattr", "-R", "+i", directory.toString());
    }

    void readWrite() throws IOException, InterruptedException {
        run("chattr", "-R", "-i", directory.toString());
    }

    /** Takes the space that is left. */
    Path fill() throws IOException {
        Path filler = directory.resolve("filler");
        try (var out = Files.newOutputStream(filler)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            return filler;
        }
    }

    /** Removes everything, as somebody's {@code rm -rf} would. */
    void deleteEverything() throws IOException, InterruptedException {
        run("sh", "-c", "rm -rf " + directory + "/* " + directory + "/.[!.]* 2>/dev/null; true");
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
        readWrite();
        run("umount", "-l", directory.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }
}
