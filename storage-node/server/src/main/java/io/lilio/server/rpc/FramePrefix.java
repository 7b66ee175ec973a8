package io.lilio.server.rpc;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first bytes of every frame; a header (protobuf) and a payload follow. Big endian:
 *
 * <pre>
 * magic           u32   "LRPC"
 * version         u8    of this protocol, 1 in the handshake
 * operation       u8    the code of an {@link RpcOperation}; an answer has that of its call
 * flags           u16   1: the payload's checksum is 0, since the header has checksums of what it is
 * header length   u32   bytes
 * payload length  u32   bytes
 * header crc32c   u32
 * payload crc32c  u32
 * prefix crc32c   u32   of the 24 bytes before it
 * </pre>
 *
 * <p>The checksums find broken networks and memory, not attackers: against those there is TLS.
 */
record FramePrefix(
        int version,
        int operation,
        int flags,
        int headerBytes,
        int payloadBytes,
        int headerCrc,
        int payloadCrc) {

    /** See {@code flags} above; others are ignored. */
    static final int CHECKED_BY_HEADER = 1;

    static final int BYTES = 28;

    private static final int MAGIC = 0x4C525043;
    private static final int CHECKED_BYTES = BYTES - Integer.BYTES;

    void writeTo(ByteBuffer to) {
        int start = to.position();
        to.putInt(MAGIC).put((byte) version).put((byte) operation).putShort((short) flags);
        to.putInt(headerBytes).putInt(payloadBytes).putInt(headerCrc).putInt(payloadCrc);
        to.putInt(crc(to.slice(start, CHECKED_BYTES)));
    }

    /**
     * Reads what {@link #writeTo} wrote and advances past it.
     *
     * @throws FrameException when it is not a prefix, or promises more than is allowed
     */
    static FramePrefix readFrom(ByteBuffer from, FrameLimits limits) throws FrameException {
        int start = from.position();
        int magic = from.getInt();
        if (magic != MAGIC) {
            throw new FrameException("it does not begin as a frame does");
        }
        var prefix =
                new FramePrefix(
                        from.get() & 0xFF,
                        from.get() & 0xFF,
                        from.getShort() & 0xFFFF,
                        from.getInt(),
                        from.getInt(),
                        from.getInt(),
                        from.getInt());
        if (from.getInt() != crc(from.slice(start, CHECKED_BYTES))) {
            throw new FrameException("its prefix does not match its checksum");
        }
        requireWithin("header", prefix.headerBytes, limits.headerBytes());
        requireWithin("payload", prefix.payloadBytes, limits.payloadBytes());
        return prefix;
    }

    /** Whether the payload has no checksum of its own. */
    boolean isCheckedByHeader() {
        return (flags & CHECKED_BY_HEADER) != 0;
    }

    private static void requireWithin(String part, int bytes, int most) throws FrameException {
        if (bytes < 0 || bytes > most) {
            throw new FrameException(
                    "its %s has %d bytes, more than %d"
                            .formatted(part, Integer.toUnsignedLong(bytes), most));
        }
    }

    /** CRC32C (Castagnoli) of what lies between position and limit, which are not changed. */
    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }
}
