package io.lilio.chunk.backend.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Finds out whether a medium takes writes by writing to it. */
final class WriteProbe {

    private static final String NAME = "probe";
    private static final int BLOCK_BYTES = 64 * 1024;

    private WriteProbe() {}

    /**
     * Writes a file, makes it durable and removes it.
     *
     * @param bytes at least so many are written
     * @throws IOException when the medium does not take them
     */
    static void write(Path directory, long bytes) throws IOException {
        Path file = directory.resolve(NAME);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            long at = 0;
            do {
                DurableFiles.writeFully(channel, block.clear(), at);
                at += BLOCK_BYTES;
            } while (at < bytes);
            channel.force(true);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
