package io.lilio.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between a client and a server on loopback and does to what passes what a network does:
 * holds it up, loses it, cuts the connection. Each direction for itself. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

    /** Which way bytes go. */
    public enum Way {
        REQUESTS,
        ANSWERS
    }

    /** What becomes of bytes. */
    public enum Mode {
        PASS,
        /** They are taken and never arrive, as on a path that has gone one way. */
        LOSE,
        /** They arrive when the mode is another one. */
        HOLD
    }

    private final ServerSocket listening;
    private final InetSocketAddress target;
    private final Map<Way, Mode> modes = new EnumMap<>(Way.class);
    private final Map<Way, AtomicLong> lost = new EnumMap<>(Way.class);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean refusing;

    /** Passes everything on, at first. */
    public TcpProxy(int targetPort) throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        for (Way way : Way.values()) {
            modes.put(way, Mode.PASS);
            lost.put(way, new AtomicLong());
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** host:port. */
    public String endpoint() {
        return "127.0.0.1:" + port();
    }

    public synchronized void set(Way way, Mode mode) {
        modes.put(way, mode);
        notifyAll();
    }

    /** Everything passes again, at once. */
    public synchronized void heal() {
        modes.replaceAll((_, _) -> Mode.PASS);
        delay = Duration.ZERO;
        refusing = false;
        notifyAll();
    }

    /** Bytes take so much longer, each way. */
    public void delay(Duration each) {
        delay = each;
    }

    /** Closes every connection, and takes none until it is healed. */
    public void cut() {
        refusing = true;
        closeConnections();
    }

    /** Closes every connection; new ones are welcome. */
    public void closeConnections() {
        open.forEach(TcpProxy::close);
    }

    /** Bytes that were lost on their way: whether a fault hit. */
    public long lost(Way way) {
        return count(way).get();
    }

    private AtomicLong count(Way way) {
        AtomicLong counter = lost.get(way);
        if (counter == null) {
            throw new IllegalStateException("no counter");
        }
        return counter;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                if (refusing) {
                    close(client);
                    continue;
                }
                Socket server = new Socket();
                open.add(client);
                open.add(server);
                try {
                    server.connect(target, 2_000);
                } catch (IOException e) {
                    end(client, server);
                    continue;
                }
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> pump(client, server, Way.REQUESTS));
                Thread.ofVirtual().start(() -> pump(server, client, Way.ANSWERS));
            } catch (IOException e) {
                // Closed, or a client that left at once.
            }
        }
    }

    private void pump(Socket from, Socket to, Way way) {
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            int count = in.read(buffer);
            while (count >= 0) {
                if (passes(way)) {
                    out.write(buffer, 0, count);
                } else {
                    count(way).addAndGet(count);
                }
                count = in.read(buffer);
            }
        } catch (IOException | InterruptedException e) {
            // One of the two has gone; so goes the other.
        } finally {
            end(from, to);
        }
    }

    private boolean passes(Way way) throws InterruptedException {
        Thread.sleep(delay);
        return isPassed(way);
    }

    private synchronized boolean isPassed(Way way) throws InterruptedException {
        while (modes.get(way) == Mode.HOLD) {
            wait();
        }
        return modes.get(way) == Mode.PASS;
    }

    private void end(Socket one, Socket other) {
        open.remove(one);
        open.remove(other);
        close(one);
        close(other);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        closeConnections();
        heal();
    }
}
