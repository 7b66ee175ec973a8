package io.lilio.chunk.backend.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The segment that is being appended to. Used by one thread. */
final class SegmentWriter implements Closeable {

    private final Path path;
    private final long number;
    private final long salt;
    private final FileChannel channel;
    private long position;

    private SegmentWriter(Path path, long number, long salt, FileChannel channel, long position) {
        this.path = path;
        this.number = number;
        this.salt = salt;
        this.channel = channel;
        this.position = position;
    }

    /** A new, empty segment whose name is durable. */
    static SegmentWriter create(Path directory, long number, long salt, Forcing forcing)
            throws IOException {
        Path path = SegmentFile.path(directory, number);
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            DurableFiles.writeFully(channel, SegmentFile.head(salt), 0);
            forcing.force(channel, path);
            try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
                forcing.force(names, directory);
            }
            return new SegmentWriter(path, number, salt, channel, SegmentFile.HEAD_BYTES);
        } catch (IOException e) {
            channel.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /** Goes on with a segment from before, after cutting off what follows its last record. */
    static SegmentWriter resume(Path directory, long number, long salt, long end)
            throws IOException {
        Path path = SegmentFile.path(directory, number);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
        try {
            channel.truncate(end);
            channel.force(true);
            return new SegmentWriter(path, number, salt, channel, end);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    long number() {
        return number;
    }

    long salt() {
        return salt;
    }

    /** Where the next record begins. */
    long position() {
        return position;
    }

    /** Appends all of these bytes; they are not durable yet. */
    void append(ByteBuffer[] bytes) throws IOException {
        channel.position(position);
        int first = 0;
        long written = 0;
        while (first < bytes.length) {
            written += channel.write(bytes, first, bytes.length - first);
            while (first < bytes.length && !bytes[first].hasRemaining()) {
                first++;
            }
        }
        position += written;
    }

    /**
     * Makes what was appended durable.
     *
     * @throws IOException also when the path does not lead to this segment any more: then nothing
     *     written here can be called durable
     */
    void sync(Forcing forcing) throws IOException {
        forcing.force(channel, path);
        if (!Files.exists(path)) {
            throw new IOException(path + " was taken away");
        }
    }

    /** Gives back the space of what was appended in vain, where that is still possible. */
    void cutOff(long end) throws IOException {
        channel.truncate(end);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
