package io.lilio.server.s3.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Speaks HTTP/1.1 byte by byte, so that tests can say what no proper client would. */
public final class RawClient implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    /** An answer: header names in lower case. */
    public record Reply(int status, Map<String, String> headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    public RawClient(int port) throws IOException {
        this(port, 0);
    }

    /**
     * @param receiveBuffer how many bytes wait for a client that does not read; 0 for the usual
     */
    RawClient(int port, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        in = new java.io.BufferedInputStream(socket.getInputStream(), 64 << 10);
    }

    /** Sends text as it is, one byte per char. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** A request line, a Host header, these header lines, and the empty line. */
    public RawClient head(String line, String... headers) throws IOException {
        StringBuilder text = new StringBuilder(line).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return send(text.append("\r\n").toString());
    }

    /** Ends our half of the connection. */
    public RawClient endInput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    public Reply reply() throws IOException {
        return reply(true);
    }

    /** Reads one answer. */
    public Reply reply(boolean withBody) throws IOException {
        String status = line();
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = withBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("Answer cut off after " + body.length + " of " + length);
        }
        return new Reply(Integer.parseInt(status.split(" ")[1]), headers, body);
    }

    /** Sends a head and a payload; for a thread of its own, since it may take until it is read. */
    RawClient sendAll(String line, byte[] payload) {
        try {
            return head(line, "Content-Length: " + payload.length).send(payload);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Waits until something has arrived; how many bytes that is. */
    int awaitAnything() throws IOException {
        for (int i = 0; i < 20_000_000 && in.available() == 0; i++) {
            Thread.onSpinWait();
        }
        return in.available();
    }

    /** Reads so many bytes, whatever they are; fewer when the connection ends. */
    byte[] take(int count) throws IOException {
        return in.readNBytes(count);
    }

    /** Reads until the server ends the connection. */
    byte[] takeRest() throws IOException {
        return in.readAllBytes();
    }

    /** Whether nothing arrives for a while. */
    public boolean silentFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        in.mark(1);
        try {
            int read = in.read();
            in.reset();
            return read < 0;
        } catch (java.net.SocketTimeoutException nothing) {
            return true;
        } finally {
            socket.setSoTimeout(30_000);
        }
    }

    /** Waits until the server ends the connection; false when it sends something instead. */
    public boolean ended() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The connection ended: " + line);
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
