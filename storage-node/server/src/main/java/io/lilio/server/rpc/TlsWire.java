package io.lilio.server.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A TCP connection with TLS on it, where both sides show a certificate. */
final class TlsWire implements Wire {

    /** A TLS record carries no more. */
    private static final int PIECE_BYTES = 16 * 1024;

    private static final String[] VERSIONS = {"TLSv1.3"};

    private final PlainWire plain;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] incoming = new byte[PIECE_BYTES];
    private final byte[] outgoing = new byte[PIECE_BYTES];

    private TlsWire(PlainWire plain, SSLSocket tls) throws IOException {
        this.plain = plain;
        this.in = tls.getInputStream();
        this.out = tls.getOutputStream();
    }

    /**
     * Agrees with the other side.
     *
     * @param plain belongs to the wire from now on
     * @param client whether this side opened the connection
     * @throws javax.net.ssl.SSLException when the other side has no certificate of the same
     *     authority
     */
    static TlsWire over(PlainWire plain, SSLContext context, boolean client) throws IOException {
        Socket socket = plain.channel().socket();
        // Not closed here: closing the channel below it ends everything without waiting.
        SSLSocket tls =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(
                                        socket,
                                        socket.getInetAddress().getHostAddress(),
                                        socket.getPort(),
                                        true);
        tls.setUseClientMode(client);
        tls.setEnabledProtocols(VERSIONS);
        if (!client) {
            tls.setNeedClientAuth(true);
        }
        tls.startHandshake();
        return new TlsWire(plain, tls);
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        int read = in.read(incoming, 0, Math.min(to.remaining(), PIECE_BYTES));
        if (read > 0) {
            to.put(incoming, 0, read);
        }
        return read;
    }

    @Override
    public void write(ByteBuffer head, ByteBuffer rest) throws IOException {
        while (head.hasRemaining() || rest.hasRemaining()) {
            int filled = fill(head, 0);
            filled = fill(rest, filled);
            out.write(outgoing, 0, filled);
        }
    }

    private int fill(ByteBuffer from, int filled) {
        int more = Math.min(from.remaining(), PIECE_BYTES - filled);
        from.get(outgoing, filled, more);
        return filled + more;
    }

    /** What arrives when nothing is expected is the other side's farewell. */
    @Override
    public boolean isStale() {
        return plain.isStale();
    }

    @Override
    public String remote() {
        return plain.remote();
    }

    @Override
    public void close() {
        plain.close();
    }
}
