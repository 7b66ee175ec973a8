package io.lilio.server.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What stands before a cluster in production: sends each connection to the next node that says it
 * is ready. Thread-safe.
 */
final class Balancer implements AutoCloseable {

    private static final int LOOK_MILLIS = 100;

    private final List<ServerProcess> nodes;
    private final ServerSocket listening;
    private final AtomicInteger next = new AtomicInteger();
    private volatile List<ServerProcess> ready;

    /** All of them are ready. */
    Balancer(List<ServerProcess> nodes) throws IOException {
        this.nodes = List.copyOf(nodes);
        this.ready = this.nodes;
        this.listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
        Thread.ofVirtual().start(this::look);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    private void look() {
        try {
            while (!listening.isClosed()) {
                ready = nodes.stream().filter(ServerProcess::isReady).toList();
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                // Ends with the socket.
            }
        }
    }

    private void serve(Socket client) {
        List<ServerProcess> now = ready;
        for (int attempt = 0; attempt < now.size(); attempt++) {
            int port =
                    now.get(Math.floorMod(next.getAndIncrement(), now.size())).endpoint().getPort();
            try {
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                server.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> pass(client, server));
                Thread.ofVirtual().start(() -> pass(server, client));
                return;
            } catch (IOException refused) {
                // The next one, then.
            }
        }
        closeQuietly(client);
    }

    private static void pass(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException broken) {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
