package io.lilio.chunk.backend.local;

import io.lilio.chunk.BlockChecksums;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.backend.local.OpenFiles.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Reads payloads and verifies them against what the index says. Thread-safe. */
final class ChunkReader {

    private static final int ATTEMPTS = 3;

    private final VolumeLayout layout;
    private final OpenFiles openFiles;

    ChunkReader(VolumeLayout layout, OpenFiles openFiles) {
        this.layout = layout;
        this.openFiles = openFiles;
    }

    /**
     * Reads whole blocks into the target and moves its position to its limit.
     *
     * @throws java.nio.file.NoSuchFileException when the file or segment is not there
     * @throws ChunkCorruptException when the bytes are not those that were written, or are cut off
     */
    void read(IndexEntry entry, int offset, ByteBuffer target) throws IOException {
        Location location = entry.location();
        OpenFiles.Key key = OpenFiles.Key.of(location);
        for (int attempt = 1; ; attempt++) {
            ByteBuffer into = target.slice();
            try (OpenFile file = openFiles.open(key, () -> path(entry.id(), location))) {
                if (!DurableFiles.readFully(
                        file.channel(), into, location.payloadOffset() + offset)) {
                    throw new ChunkCorruptException(
                            entry.id(), "it is cut off at " + (offset + into.position()));
                }
            } catch (ClosedChannelException e) {
                // A thread was interrupted while it read the same file, which closes the channel.
                openFiles.forget(key);
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                continue;
            }
            BlockChecksums.verify(entry.header(), offset, into.flip());
            target.position(target.limit());
            return;
        }
    }

    /** Verifies frame, checksums and SHA-256 of a chunk as they lie on the medium. */
    void verify(IndexEntry entry) throws IOException {
        Location location = entry.location();
        ChunkHeader header = entry.header();
        Path path = path(entry.id(), location);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(location.frameBytes());
            DurableFiles.readFully(channel, bytes, location.frameOffset());
            long salt = location.inSegment() ? SegmentFile.salt(channel) : 0;
            Optional<ChunkFrame> frame = ChunkFrame.read(bytes.flip(), salt);
            if (frame.isEmpty() || !frame.get().header().equals(header)) {
                throw new ChunkCorruptException(entry.id(), "its header is damaged");
            }
            ChunkFileCheck.verifyWholePayload(channel, header, location.payloadOffset());
        }
    }

    Path path(ChunkId id, Location location) {
        return location.inSegment()
                ? SegmentFile.path(layout.segments(), location.container())
                : Bin.path(layout.files(), location.container())
                        .resolve(new ChunkFileName(id, location.position()).toString());
    }

    void forget(Location location) throws IOException {
        openFiles.forget(OpenFiles.Key.of(location));
    }
}
