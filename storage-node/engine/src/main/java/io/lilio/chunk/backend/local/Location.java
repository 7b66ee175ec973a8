package io.lilio.chunk.backend.local;

/**
 * Where a chunk lies.
 *
 * @param kind in what
 * @param container number of the segment, or of the bin (directory) of its file
 * @param position offset of its frame in the segment, or serial number of the file in the bin
 * @param frameBytes size of the frame before the payload, padding included
 */
record Location(Kind kind, long container, long position, int frameBytes) {

    /** What chunks lie in. */
    enum Kind {
        SEGMENT(0),
        FILE(1);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        /** How it is stored. */
        byte code() {
            return code;
        }

        static Kind of(byte code) {
            return switch (code) {
                case 0 -> SEGMENT;
                case 1 -> FILE;
                default -> throw new IllegalArgumentException("location of unknown kind " + code);
            };
        }
    }

    static Location inSegment(long segment, long offset, int frameBytes) {
        return new Location(Kind.SEGMENT, segment, offset, frameBytes);
    }

    static Location inFile(long bin, long serial, int frameBytes) {
        return new Location(Kind.FILE, bin, serial, frameBytes);
    }

    boolean inSegment() {
        return kind == Kind.SEGMENT;
    }

    /** Offset of the frame in its file or segment. */
    long frameOffset() {
        return inSegment() ? position : 0;
    }

    /** Offset of the payload in its file or segment. */
    long payloadOffset() {
        return frameOffset() + frameBytes;
    }

    /** What a payload of that many bytes takes here, frame and padding included. */
    long storedBytes(int payloadBytes) {
        return inSegment()
                ? ChunkFrame.alignedRecord(frameBytes, payloadBytes)
                : (long) frameBytes + payloadBytes;
    }
}
