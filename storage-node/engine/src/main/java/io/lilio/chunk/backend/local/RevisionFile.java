package io.lilio.chunk.backend.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The highest metadata revision seen, in two slots that are written in turn, so that a torn write
 * costs one step at most. Each slot is the number and its complement. Not thread-safe.
 */
final class RevisionFile implements Closeable {

    private static final String NAME = "revision";
    private static final int SLOT_BYTES = 512;

    private final FileChannel channel;
    private long highest;
    private int nextSlot;

    private RevisionFile(FileChannel channel) throws IOException {
        this.channel = channel;
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES);
            if (DurableFiles.readFully(channel, bytes, (long) slot * SLOT_BYTES)) {
                long value = bytes.getLong(0);
                if (value == ~bytes.getLong(Long.BYTES) && value > highest) {
                    highest = value;
                    nextSlot = 1 - slot;
                }
            }
        }
    }

    static RevisionFile open(Path root) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        root.resolve(NAME),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            return new RevisionFile(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    long highest() {
        return highest;
    }

    void raiseTo(long revision) throws IOException {
        if (revision <= highest) {
            return;
        }
        ByteBuffer slot = ByteBuffer.allocate(2 * Long.BYTES);
        slot.putLong(revision).putLong(~revision).flip();
        DurableFiles.writeFully(channel, slot, (long) nextSlot * SLOT_BYTES);
        channel.force(false);
        highest = revision;
        nextSlot = 1 - nextSlot;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
