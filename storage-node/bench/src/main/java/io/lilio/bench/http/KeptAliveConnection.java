package io.lilio.bench.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One HTTP/1.1 connection, one request at a time, bodies counted and thrown away. Not thread-safe.
 */
public final class KeptAliveConnection implements AutoCloseable {

    /** What came back. */
    public record Answer(int status, long bodyBytes, String head) {}

    private static final int BUFFER_BYTES = 512 * 1024;

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** Connects. */
    public KeptAliveConnection(URI endpoint) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /**
     * Sends a request and reads its whole answer; the body is thrown away, but for that of an
     * error, which is added to the head.
     */
    public Answer exchange(PreparedRequest request) throws IOException {
        String head = sendAndReadHead(request);
        int status = Integer.parseInt(head, 9, 12, 10);
        long length = contentLength(head);
        if (status >= 300) {
            return new Answer(status, length, head + readBody(Math.toIntExact(length)));
        }
        long left = length - buffer.remaining();
        while (left > 0) {
            buffer.clear().limit((int) Math.min(left, BUFFER_BYTES));
            left -= receive();
        }
        return new Answer(status, length, head);
    }

    /** The same for a small answer whose body is wanted. */
    public String exchangeKeepingBody(PreparedRequest request) throws IOException {
        String head = sendAndReadHead(request);
        return readBody(Math.toIntExact(contentLength(head)));
    }

    private String readBody(int length) throws IOException {
        while (buffer.remaining() < length) {
            buffer.compact();
            receive();
            buffer.flip();
        }
        byte[] body = new byte[length];
        buffer.get(body);
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Leaves what came of the body in the buffer. */
    private String sendAndReadHead(PreparedRequest request) throws IOException {
        send(request);
        buffer.clear();
        int end = -1;
        while (end < 0) {
            receive();
            end = endOfHead();
        }
        byte[] head = new byte[end];
        buffer.flip().get(head);
        return new String(head, StandardCharsets.ISO_8859_1);
    }

    private int receive() throws IOException {
        int n = channel.read(buffer);
        if (n < 0) {
            throw new EOFException("the connection ended within an answer");
        }
        return n;
    }

    private void send(PreparedRequest request) throws IOException {
        ByteBuffer head = request.head().duplicate();
        ByteBuffer body = request.body().duplicate();
        ByteBuffer[] first = {head, body};
        while (head.hasRemaining() || body.hasRemaining()) {
            channel.write(first);
        }
        for (int i = 1; i < request.repeat(); i++) {
            body.rewind();
            while (body.hasRemaining()) {
                channel.write(body);
            }
        }
    }

    private int endOfHead() {
        for (int i = 3; i < buffer.position(); i++) {
            if (buffer.get(i) == '\n' && buffer.get(i - 2) == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static long contentLength(String head) {
        int at = head.toLowerCase(Locale.ROOT).indexOf("\r\ncontent-length:");
        if (at < 0) {
            return 0;
        }
        int from = at + "\r\ncontent-length:".length();
        return Long.parseLong(head.substring(from, head.indexOf('\r', from)).trim());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
