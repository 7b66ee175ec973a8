package io.lilio.chunk.backend.local;

import io.lilio.chunk.BlockChecksums;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Finds the whole records of a segment. What is torn or damaged is passed over: a record whose
 * payload does not match its header by the length that the header tells, anything else by searching
 * for the next whole frame. Not thread-safe.
 *
 * <p>What cannot be read ends it, unless whoever uses it has that passed over as well.
 */
final class SegmentScan {

    private static final int WINDOW_BYTES = 64 * 1024;

    /** Of a window that cannot be read, what can be is read in pieces. */
    private static final int PIECE_BYTES = 4 * 1024;

    private final FileChannel segment;
    private final long salt;
    private final boolean verifyPayloads;
    private final Unreadable unreadable;
    private final ByteBuffer frameBuffer = ByteBuffer.allocateDirect(ChunkFrame.MAX_BYTES);
    private final ByteBuffer block = ByteBuffer.allocateDirect(ChunkHeader.BLOCK_BYTES);

    SegmentScan(FileChannel segment, boolean verifyPayloads) throws IOException {
        this(
                segment,
                verifyPayloads,
                e -> {
                    throw e;
                });
    }

    /**
     * @param unreadable judges what cannot be read where frames are looked for
     */
    SegmentScan(FileChannel segment, boolean verifyPayloads, Unreadable unreadable)
            throws IOException {
        this.unreadable = unreadable;
        this.segment = segment;
        this.salt = SegmentFile.salt(segment);
        this.verifyPayloads = verifyPayloads;
    }

    long salt() {
        return salt;
    }

    /**
     * Shows the whole records from an offset on, until there are no more or the visitor has enough.
     *
     * @return where the last one shown ends, or {@code from} when there is none
     */
    long run(long from, Visitor visitor) throws IOException {
        long size = segment.size();
        long position = Math.max(from, SegmentFile.HEAD_BYTES);
        long end = position;
        while (position < size) {
            Optional<ChunkFrame> frame = frameAt(position);
            if (frame.isEmpty()) {
                position = nextMagic(position + ChunkFrame.RECORD_ALIGNMENT, size);
                continue;
            }
            ChunkHeader header = frame.get().header();
            long payloadAt = position + frame.get().frameBytes();
            if (payloadAt + header.length() > size) {
                break;
            }
            long next =
                    position + ChunkFrame.alignedRecord(frame.get().frameBytes(), header.length());
            boolean goOn = true;
            if (!verifyPayloads || isIntact(header, payloadAt)) {
                goOn = visitor.visit(frame.get(), position);
                end = next;
            }
            position = next;
            if (!goOn) {
                return end;
            }
        }
        return end;
    }

    private Optional<ChunkFrame> frameAt(long position) throws IOException {
        try {
            return readFrame(position);
        } catch (IOException e) {
            unreadable.judge(e);
            return Optional.empty();
        }
    }

    private Optional<ChunkFrame> readFrame(long position) throws IOException {
        frameBuffer.clear().limit(ChunkFrame.PREFIX_BYTES);
        if (!DurableFiles.readFully(segment, frameBuffer, position)) {
            return Optional.empty();
        }
        int bytes = ChunkFrame.sizeFrom(frameBuffer.flip());
        if (bytes < 0) {
            return Optional.empty();
        }
        frameBuffer.clear().limit(bytes);
        return DurableFiles.readFully(segment, frameBuffer, position)
                ? ChunkFrame.read(frameBuffer.flip(), salt)
                : Optional.empty();
    }

    private long nextMagic(long from, long size) throws IOException {
        for (long at = from; at < size; at += WINDOW_BYTES) {
            readWindow(at);
            for (int i = 0; i + Integer.BYTES <= block.limit(); i += ChunkFrame.RECORD_ALIGNMENT) {
                if (block.getInt(i) == ChunkFrame.MAGIC) {
                    return at + i;
                }
            }
        }
        return size;
    }

    /** Reads a window into the block, as far as it can be read. */
    private void readWindow(long at) throws IOException {
        block.clear().limit(WINDOW_BYTES);
        try {
            DurableFiles.readFully(segment, block, at);
            block.flip();
            return;
        } catch (IOException e) {
            unreadable.judge(e);
        }
        block.clear().limit(WINDOW_BYTES);
        for (int piece = 0; piece < WINDOW_BYTES; piece += PIECE_BYTES) {
            ByteBuffer part = block.slice(piece, PIECE_BYTES);
            try {
                DurableFiles.readFully(segment, part, at + piece);
            } catch (IOException e) {
                unreadable.judge(e);
            }
            while (part.hasRemaining()) {
                part.put((byte) 0);
            }
        }
    }

    private boolean isIntact(ChunkHeader header, long payloadAt) throws IOException {
        for (int offset = 0; offset < header.length(); offset += ChunkHeader.BLOCK_BYTES) {
            block.clear().limit(Math.min(ChunkHeader.BLOCK_BYTES, header.length() - offset));
            if (!DurableFiles.readFully(segment, block, payloadAt + offset)) {
                return false;
            }
            try {
                BlockChecksums.verify(header, offset, block.flip());
            } catch (ChunkCorruptException e) {
                return false;
            }
        }
        return true;
    }

    /** Says whether what could not be read is passed over: by returning, or by throwing it. */
    interface Unreadable {
        void judge(IOException e) throws IOException;
    }

    /** Sees one whole record and says whether to go on. */
    interface Visitor {
        boolean visit(ChunkFrame frame, long offset) throws IOException;
    }
}
