package io.lilio.server.rpc;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A TCP connection. Direct buffers go to the kernel as they are. */
final class PlainWire implements Wire {

    /** Java copies a buffer on the heap into one that it keeps per thread: so many bytes of it. */
    private static final int HEAP_PIECE_BYTES = 64 * 1024;

    private static final Logger log = LoggerFactory.getLogger(PlainWire.class);

    private final SocketChannel channel;
    private final String remote;

    /**
     * @param channel connected and blocking; belongs to the wire from now on
     */
    PlainWire(SocketChannel channel) throws IOException {
        this.channel = channel;
        SocketAddress address = channel.getRemoteAddress();
        this.remote = address == null ? "nobody" : address.toString();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        if (to.isDirect() || to.remaining() <= HEAP_PIECE_BYTES) {
            return channel.read(to);
        }
        int read = channel.read(to.slice(to.position(), HEAP_PIECE_BYTES));
        if (read > 0) {
            to.position(to.position() + read);
        }
        return read;
    }

    @Override
    public void write(ByteBuffer head, ByteBuffer rest) throws IOException {
        if (rest.isDirect() || rest.remaining() <= HEAP_PIECE_BYTES) {
            ByteBuffer[] both = {head, rest};
            while (head.hasRemaining() || rest.hasRemaining()) {
                channel.write(both);
            }
            return;
        }
        writeFully(head);
        while (rest.hasRemaining()) {
            int piece = Math.min(rest.remaining(), HEAP_PIECE_BYTES);
            writeFully(rest.slice(rest.position(), piece));
            rest.position(rest.position() + piece);
        }
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public boolean isStale() {
        try {
            channel.configureBlocking(false);
            int seen = channel.read(ByteBuffer.allocate(1));
            channel.configureBlocking(true);
            return seen != 0;
        } catch (IOException e) {
            log.debug("the idle connection to {} is broken", remote, e);
            return true;
        }
    }

    @Override
    public String remote() {
        return remote;
    }

    SocketChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("the connection to {} did not close cleanly", remote, e);
        }
    }
}
