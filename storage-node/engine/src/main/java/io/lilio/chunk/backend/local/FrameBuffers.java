package io.lilio.chunk.backend.local;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Direct buffers for the frames of files, which begin at a multiple of {@link
 * ChunkFrame#FILE_ALIGNMENT} and are used again. Any others the JDK (25.0.3) would copy before it
 * writes them past the page cache, and never free the copy's memory. Thread-safe.
 */
final class FrameBuffers {

    private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

    /**
     * An empty buffer.
     *
     * @param bytes its limit, a multiple of {@link ChunkFrame#FILE_ALIGNMENT}
     */
    ByteBuffer take(int bytes) {
        ByteBuffer used = free.poll();
        ByteBuffer buffer = used != null && used.capacity() >= bytes ? used : allocate(bytes);
        return buffer.clear().limit(bytes);
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes + ChunkFrame.FILE_ALIGNMENT - 1)
                .alignedSlice(ChunkFrame.FILE_ALIGNMENT);
    }

    /** Takes a buffer back that nobody uses any more: there are as many as writes at once. */
    void giveBack(ByteBuffer buffer) {
        free.add(buffer);
    }
}
