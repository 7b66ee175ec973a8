package io.lilio.chunk.backend.local;

import io.lilio.files.DurableDirectories;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * A directory that takes chunk files for a while. Its counters are guarded by the {@link
 * ChunkFiles} it belongs to.
 */
final class Bin implements Closeable {

    private final long number;
    private final Path directory;
    private final FileChannel channel;
    private final SharedSync names;
    private long files;
    private int underWay;

    private Bin(long number, Path directory, FileChannel channel, Forcing forcing) {
        this.number = number;
        this.directory = directory;
        this.channel = channel;
        this.names = new SharedSync(() -> forcing.force(channel, directory));
    }

    static Path path(Path parent, long number) {
        return parent.resolve(String.format(Locale.ROOT, "%08d", number));
    }

    /** Makes a new one, durably. */
    static Bin create(Path parent, long number, Forcing forcing) throws IOException {
        Path directory = path(parent, number);
        DurableDirectories.create(directory);
        FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ);
        return new Bin(number, directory, channel, forcing);
    }

    long number() {
        return number;
    }

    Path directory() {
        return directory;
    }

    /** Makes the names of the files in it durable, together with everybody who asks meanwhile. */
    void syncNames() throws IOException {
        names.await();
    }

    /** One more write under way. */
    long begin() {
        underWay++;
        return files++;
    }

    void end() {
        underWay--;
    }

    boolean isIdle() {
        return underWay == 0;
    }

    long files() {
        return files;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
