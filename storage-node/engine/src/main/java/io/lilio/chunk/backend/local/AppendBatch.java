package io.lilio.chunk.backend.local;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns the chunks of one group commit into the buffers of one gathering write: frames, small
 * payloads and padding side by side in one staging buffer, large payloads as they are. Used by one
 * thread.
 */
final class AppendBatch {

    /** At most this many chunks go into one write: two buffers each, of the 1,024 of writev. */
    static final int MAX_CHUNKS = 500;

    private static final int STAGING_BYTES = 2 << 20;
    private static final int COPY_BELOW_BYTES = 32 * 1024;
    private static final long MAX_BYTES = 32L << 20;

    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);
    private final List<ByteBuffer> buffers = new ArrayList<>(2 * MAX_CHUNKS + 1);
    private final List<Append> appends = new ArrayList<>(MAX_CHUNKS);
    private long bytes;
    private int runStart;

    void clear() {
        staging.clear();
        buffers.clear();
        appends.clear();
        bytes = 0;
        runStart = 0;
    }

    boolean isEmpty() {
        return appends.isEmpty();
    }

    /** Whether one more fits into this write. */
    boolean fits(Append append) {
        int staged = append.frameBytes() + ChunkFrame.RECORD_ALIGNMENT;
        if (append.header().length() < COPY_BELOW_BYTES) {
            staged += append.header().length();
        }
        return appends.size() < MAX_CHUNKS
                && staging.remaining() >= staged
                && (isEmpty() || bytes + append.recordBytes() <= MAX_BYTES);
    }

    void add(Append append) {
        appends.add(append);
        bytes += append.recordBytes();
    }

    List<Append> appends() {
        return appends;
    }

    /** The bytes to write, once everything was added. */
    ByteBuffer[] frame(long salt) {
        for (Append append : appends) {
            boolean copied = append.movedFrom() != null;
            ChunkFrame.write(append.header().id(), append.encodedHeader(), copied, salt, staging);
            ByteBuffer payload = append.payload().duplicate();
            if (append.header().length() < COPY_BELOW_BYTES) {
                staging.put(payload);
            } else {
                endRun();
                buffers.add(payload);
            }
            int unpadded = append.frameBytes() + append.header().length();
            for (long pad = append.recordBytes() - unpadded; pad > 0; pad--) {
                staging.put((byte) 0);
            }
        }
        endRun();
        return buffers.toArray(ByteBuffer[]::new);
    }

    private void endRun() {
        if (staging.position() > runStart) {
            buffers.add(staging.slice(runStart, staging.position() - runStart));
            runStart = staging.position();
        }
    }
}
