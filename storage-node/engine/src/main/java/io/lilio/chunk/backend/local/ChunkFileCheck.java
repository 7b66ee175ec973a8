package io.lilio.chunk.backend.local;

import io.lilio.chunk.BlockChecksums;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells whole chunk files from torn ones. */
final class ChunkFileCheck {

    private ChunkFileCheck() {}

    /**
     * The frame of a file that is whole: empty when the frame is damaged or of another chunk, when
     * the size differs, or when the payload does.
     */
    static Optional<ChunkFrame> wholeFrame(Path file, ChunkId id, boolean verifyPayload)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(ChunkFrame.MAX_BYTES);
            DurableFiles.readFully(channel, bytes, 0);
            Optional<ChunkFrame> frame = ChunkFrame.read(bytes.flip(), 0);
            if (frame.isEmpty() || !frame.get().header().id().equals(id)) {
                return Optional.empty();
            }
            ChunkHeader header = frame.get().header();
            long payloadAt = ChunkFrame.align(frame.get().frameBytes(), ChunkFrame.FILE_ALIGNMENT);
            boolean whole = channel.size() == payloadAt + header.length();
            if (whole && verifyPayload) {
                verifyPayload(channel, header, payloadAt);
            }
            return whole ? frame : Optional.empty();
        } catch (ChunkCorruptException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads a payload from the medium and verifies it block by block.
     *
     * @throws ChunkCorruptException when it is cut off or differs
     */
    static void verifyPayload(FileChannel channel, ChunkHeader header, long payloadAt)
            throws IOException {
        verifyBlocks(channel, header, payloadAt, block -> {});
    }

    /**
     * Reads a payload as {@link #verifyPayload} does and verifies its SHA-256 too. Takes the memory
     * of one block, however large the chunk.
     *
     * @throws ChunkCorruptException when it is cut off or differs
     */
    static void verifyWholePayload(FileChannel channel, ChunkHeader header, long payloadAt)
            throws IOException {
        MessageDigest sha256 = ChunkHeader.newSha256();
        verifyBlocks(channel, header, payloadAt, sha256::update);
        if (!Arrays.equals(sha256.digest(), header.sha256())) {
            throw new ChunkCorruptException(header.id(), "its SHA-256 differs");
        }
    }

    private static void verifyBlocks(
            FileChannel channel, ChunkHeader header, long payloadAt, Consumer<ByteBuffer> verified)
            throws IOException {
        ByteBuffer block = ByteBuffer.allocate(ChunkHeader.BLOCK_BYTES);
        for (int offset = 0; offset < header.length(); offset += ChunkHeader.BLOCK_BYTES) {
            block.clear().limit(Math.min(ChunkHeader.BLOCK_BYTES, header.length() - offset));
            if (!DurableFiles.readFully(channel, block, payloadAt + offset)) {
                throw new ChunkCorruptException(header.id(), "it is cut off at " + offset);
            }
            BlockChecksums.verify(header, offset, block.flip());
            verified.accept(block);
        }
    }
}
