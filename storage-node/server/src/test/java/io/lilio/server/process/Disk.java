package io.lilio.server.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The disk of one backend, which can be emptied and have bytes flipped. Where we have the right to
 * mount, which {@link #canMount} tells, it is a file system of a fixed size in a file, which can be
 * made read-only and full too; else a directory.
 */
final class Disk implements AutoCloseable {

    /** Of a node's first backend. */
    static final String PATH_SETTING = "LILIO_BACKENDS_0__PATH";

    private static final int ATTEMPTS = 50;
    private static final String SEGMENTS = "segments";
    private static final String FILES = "files";

    private final Path directory;
    private final boolean mounted;
    private final List<Path> pipes = new ArrayList<>();

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

    /** How much lies in files where many chunks share one. */
    long segmentBytes() throws IOException {
        return bytesIn(SEGMENTS);
    }

    /** How much lies in files that hold one chunk each. */
    long fileBytes() throws IOException {
        return bytesIn(FILES);
    }

    private long bytesIn(String kind) throws IOException {
        long bytes = 0;
        for (Path file : filesOf(kind)) {
            bytes += file.toFile().length();
        }
        return bytes;
    }

    /**
     * Flips a bit in every stretch of so many bytes of the segments; how many it flipped. Where
     * nothing has changed meanwhile, doing the same round again undoes it.
     *
     * @param round where in a stretch: each has other bytes
     */
    int flipInSegments(int stretch, int round) throws IOException {
        return flip(filesOf(SEGMENTS), stretch, round);
    }

    /** The same for chunks that have files of their own. */
    int flipInFiles(int stretch, int round) throws IOException {
        return flip(filesOf(FILES), stretch, round);
    }

    /**
     * Flips a bit in about one of so many chunks, as they lie in segments and in files; how many
     * bits.
     *
     * @param chunks that lie here
     */
    int rot(long chunks, int oneIn) throws IOException {
        long stretch = Math.clamp(segmentBytes() * oneIn / chunks, 1, Integer.MAX_VALUE);
        return flipInSegments((int) stretch, 0) + flipInSomeFiles(oneIn);
    }

    /** Flips a bit in the midst of every so many-th file that holds one chunk; how many. */
    private int flipInSomeFiles(int everyNth) throws IOException {
        List<Path> files = filesOf(FILES);
        int flipped = 0;
        for (int i = 0; i < files.size(); i += everyNth) {
            long bytes = files.get(i).toFile().length(); // none once it has been deleted
            flipped += flip(files.get(i), (int) Math.max(1, bytes), 0);
        }
        return flipped;
    }

    private List<Path> filesOf(String kind) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(
                directory.resolve("chunks").resolve(kind),
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        files.add(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException gone) {
                        return FileVisitResult.CONTINUE; // files come and go
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException gone) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        return files;
    }

    private static int flip(List<Path> files, int stretch, int round) throws IOException {
        int flipped = 0;
        for (Path file : files) {
            flipped += flip(file, stretch, round);
        }
        return flipped;
    }

    private static int flip(Path file, int stretch, int round) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            int flipped = 0;
            long first = (stretch / 2 + 101L * round) % stretch;
            for (long at = first; at < channel.size(); at += stretch) {
                ByteBuffer one = ByteBuffer.allocate(1);
                channel.read(one, at);
                one.put(0, (byte) (one.get(0) ^ 0x40)).rewind();
                channel.write(one, at);
                flipped++;
            }
            return flipped;
        } catch (NoSuchFileException deletedMeanwhile) {
            return 0;
        }
    }

    /**
     * Puts directories in the place of files that hold one chunk each: reading one is an I/O error,
     * as where a sector has become unreadable. Nobody may write meanwhile.
     *
     * @return which
     */
    List<Path> makeUnreadable() throws IOException {
        List<Path> files = filesOf(FILES);
        for (Path file : files) {
            Files.delete(file);
            Files.createDirectory(file);
        }
        return files;
    }

    /**
     * Puts named pipes in the place of files that hold one chunk each: opening one waits until
     * {@link #answer}, as on a disk that hangs. Nobody may write meanwhile.
     *
     * @return how many there are
     */
    int hang() throws IOException, InterruptedException {
        for (Path file : filesOf(FILES)) {
            Files.delete(file);
            run("mkfifo", file.toString());
            pipes.add(file);
        }
        return pipes.size();
    }

    /** Has all who wait go on; the files are lost. */
    void answer() throws IOException {
        for (Path pipe : pipes) {
            FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
            Files.delete(pipe);
        }
        pipes.clear();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        answer();
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
