package io.lilio.faults;

import java.io.IOException;
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
 * Stands between clients and a server on loopback and does to what passes what a network does:
 * delays it, holds it up, loses it, cuts connections. Each direction for itself. Thread-safe.
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
    private final Map<Way, AtomicLong> held = new EnumMap<>(Way.class);
    private final Set<ProxiedConnection> open = ConcurrentHashMap.newKeySet();
    private volatile Duration delay = Duration.ZERO;
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean refusing;

    /** Passes everything on, at first. */
    public TcpProxy(int targetPort) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), targetPort);
    }

    /**
     * Passes everything on, at first.
     *
     * @param listen an address of loopback where clients find it
     */
    public TcpProxy(InetSocketAddress listen, int targetPort) throws IOException {
        listening = new ServerSocket(listen.getPort(), 50, listen.getAddress());
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        for (Way way : Way.values()) {
            modes.put(way, Mode.PASS);
            lost.put(way, new AtomicLong());
            held.put(way, new AtomicLong());
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
        open.forEach(ProxiedConnection::close);
    }

    /**
     * Clients find their connections closed, while the server finds nothing amiss: what is held up
     * still arrives there when it may, and its answers are lost.
     */
    public void closeConnectionsOfClients() {
        open.forEach(ProxiedConnection::leaveClient);
    }

    /** Bytes that were lost on their way: whether a fault hit. */
    public long lost(Way way) {
        return of(lost, way).get();
    }

    /** Bytes that have been held up so far, those that have arrived since among them. */
    public long held(Way way) {
        return of(held, way).get();
    }

    /** Connections that were not taken while it was cut. */
    public long refused() {
        return refused.get();
    }

    Duration delay() {
        return delay;
    }

    void countLost(Way way, int bytes) {
        of(lost, way).addAndGet(bytes);
    }

    /**
     * Waits while bytes that go this way are held up.
     *
     * @return false when they are lost
     */
    synchronized boolean passes(Way way, int bytes) throws InterruptedException {
        if (modes.get(way) == Mode.HOLD) {
            of(held, way).addAndGet(bytes);
        }
        while (modes.get(way) == Mode.HOLD) {
            wait();
        }
        return modes.get(way) == Mode.PASS;
    }

    void forget(ProxiedConnection connection) {
        open.remove(connection);
    }

    private static AtomicLong of(Map<Way, AtomicLong> counters, Way way) {
        AtomicLong counter = counters.get(way);
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
                    refused.incrementAndGet();
                    client.close();
                    continue;
                }
                Socket server = new Socket();
                try {
                    server.connect(target, 2_000);
                } catch (IOException e) {
                    client.close();
                    continue;
                }
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                ProxiedConnection connection = new ProxiedConnection(this, client, server);
                open.add(connection);
                connection.begin();
            } catch (IOException e) {
                // Closed, or a client that left at once.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        closeConnections();
        heal();
    }
}
