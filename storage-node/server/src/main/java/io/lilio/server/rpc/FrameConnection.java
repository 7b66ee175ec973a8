package io.lilio.server.rpc;

import com.google.protobuf.MessageLite;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Frames over a {@link Wire}. One thread uses it at a time; {@link #close} and what {@link
 * Overseer} does come from others.
 */
final class FrameConnection implements AutoCloseable {

    static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    /** Holds a call or an answer without payload, most of all. */
    private static final int BUFFER_BYTES = 8 * 1024;

    /** Direct memory of one connection. */
    static final int DIRECT_BYTES = 2 * BUFFER_BYTES;

    private final Wire wire;
    private final Deadline deadline;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long bytesIn;
    private long bytesOut;

    /**
     * @param wire belongs to the connection from now on
     * @param deadline of that wire, or of the one below it
     */
    FrameConnection(Wire wire, Deadline deadline) {
        this.wire = wire;
        this.deadline = deadline;
    }

    /** A frame whose payload is still to be received or skipped. */
    record Frame(FramePrefix prefix, byte[] header) {}

    Deadline deadline() {
        return deadline;
    }

    boolean isStale() {
        return in.hasRemaining() || wire.isStale();
    }

    String remote() {
        return wire.remote();
    }

    /** Bytes received ever. */
    long bytesIn() {
        return bytesIn;
    }

    /** Bytes sent ever. */
    long bytesOut() {
        return bytesOut;
    }

    /**
     * @param payload from position to limit; neither is changed
     */
    void send(int version, int operation, MessageLite message, ByteBuffer payload)
            throws IOException {
        send(version, operation, 0, message, payload);
    }

    /** The same where the message has checksums of the payload, which the receiver looks at. */
    void sendChecked(int version, int operation, MessageLite message, ByteBuffer payload)
            throws IOException {
        send(version, operation, FramePrefix.CHECKED_BY_HEADER, message, payload);
    }

    private void send(
            int version, int operation, int flags, MessageLite message, ByteBuffer payload)
            throws IOException {
        byte[] header = message.toByteArray();
        var prefix =
                new FramePrefix(
                        version,
                        operation,
                        flags,
                        header.length,
                        payload.remaining(),
                        FramePrefix.crc(ByteBuffer.wrap(header)),
                        flags == 0 ? FramePrefix.crc(payload) : 0);
        ByteBuffer head = out.clear();
        if (head.capacity() < FramePrefix.BYTES + header.length) {
            head = ByteBuffer.allocate(FramePrefix.BYTES + header.length);
        }
        prefix.writeTo(head);
        head.put(header).flip();
        bytesOut += head.remaining() + payload.remaining();
        wire.write(head, payload.duplicate());
    }

    /**
     * Waits until a frame begins.
     *
     * @return false when the other side has closed the connection instead
     */
    boolean awaitFrame() throws IOException {
        return in.hasRemaining() || fill() >= 0;
    }

    /**
     * Receives a frame up to its payload.
     *
     * @throws FrameException when it is none
     * @throws EOFException when the connection ends before or within it
     */
    Frame receive(FrameLimits limits) throws IOException {
        while (in.remaining() < FramePrefix.BYTES) {
            fillOrFail();
        }
        FramePrefix prefix = FramePrefix.readFrom(in, limits);
        byte[] header = new byte[prefix.headerBytes()];
        int got = Math.min(header.length, in.remaining());
        in.get(header, 0, got);
        readFully(ByteBuffer.wrap(header, got, header.length - got));
        if (FramePrefix.crc(ByteBuffer.wrap(header)) != prefix.headerCrc()) {
            throw new FrameException("its header does not match its checksum");
        }
        return new Frame(prefix, header);
    }

    /**
     * Receives the payload of a frame. One that is checked by its header is not checked here.
     *
     * @param target has exactly as much room, from its position, which is not changed, on
     */
    void receivePayload(Frame frame, ByteBuffer target) throws IOException {
        ByteBuffer rest = target.duplicate();
        int buffered = Math.min(in.remaining(), rest.remaining());
        rest.put(in.slice(in.position(), buffered));
        in.position(in.position() + buffered);
        readFully(rest);
        if (!frame.prefix().isCheckedByHeader()
                && FramePrefix.crc(target) != frame.prefix().payloadCrc()) {
            throw new FrameException("its payload does not match its checksum");
        }
    }

    /** Receives the payload of a frame and forgets it. */
    void skipPayload(Frame frame) throws IOException {
        int rest = frame.prefix().payloadBytes();
        while (rest > 0) {
            if (!in.hasRemaining()) {
                fillOrFail();
            }
            int some = Math.min(rest, in.remaining());
            in.position(in.position() + some);
            rest -= some;
        }
    }

    private void readFully(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            int read = wire.read(target);
            if (read < 0) {
                throw new EOFException("the connection ended within a frame");
            }
            bytesIn += read;
        }
    }

    private void fillOrFail() throws IOException {
        if (fill() < 0) {
            throw new EOFException("the connection was closed by the other side");
        }
    }

    private int fill() throws IOException {
        in.compact();
        int read = wire.read(in);
        in.flip();
        bytesIn += Math.max(0, read);
        return read;
    }

    @Override
    public void close() {
        wire.close();
    }
}
