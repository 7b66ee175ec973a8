package io.lilio.e2e;

import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A proxy before one HTTP server, which lets somebody know of every request that writes: before it
 * is passed on, and when it was carried out, before its answer is passed back. Each request has a
 * connection of its own.
 */
final class WriteProxy implements AutoCloseable {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /** How the server behind is reached. */
    @FunctionalInterface
    interface Server {
        Socket connect() throws IOException;
    }

    /** Who is told of writes, one after the other. */
    interface Listener {

        /**
         * A write that is about to be passed on.
         *
         * @return what {@link #after} is given, such as how things were before
         */
        String before(String method, String path);

        /**
         * A write that was carried out.
         *
         * @param status of the answer; 0 when there was none
         * @return whether the answer is passed back; else the connection breaks
         */
        boolean after(String method, String path, String before, int status);
    }

    private final ServerSocket socket;
    private final Server server;
    private final Listener listener;
    private final Lock writing;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private WriteProxy(ServerSocket socket, Server server, Listener listener, Lock writing) {
        this.socket = socket;
        this.server = server;
        this.listener = listener;
        this.writing = writing;
    }

    /**
     * Starts one.
     *
     * @param address on loopback
     * @param port 0 for any
     * @param writing held while a write is under way; shared by proxies whose listener is the same
     */
    static WriteProxy start(
            String address, int port, Server server, Listener listener, ReentrantLock writing)
            throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        WriteProxy proxy = new WriteProxy(socket, server, listener, writing);
        Thread.ofPlatform().daemon().name("proxy").start(proxy::accept);
        return proxy;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                Thread.ofPlatform().daemon().start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            Optional<HttpHead> head = HttpHead.read(in);
            if (head.isPresent()) {
                serve(head.get(), in, client);
            }
        } catch (IOException e) {
            // One of both ends is gone, which the other one sees by its connection.
        } finally {
            open.remove(client);
        }
    }

    private void serve(HttpHead head, InputStream in, Socket client) throws IOException {
        try (Socket behind = server.connect()) {
            open.add(behind);
            if (head.isWebSocket()) {
                tunnel(head, in, client, behind);
            } else if (READING.contains(head.method())) {
                read(head, client, behind);
            } else {
                write(head, head.readBody(in), client, behind);
            }
            open.remove(behind);
        }
    }

    private static void send(HttpHead head, byte[] body, Socket to) throws IOException {
        OutputStream out = to.getOutputStream();
        out.write(head.bytes());
        out.write(body);
        out.flush();
    }

    private static void read(HttpHead head, Socket client, Socket behind) throws IOException {
        send(head.alone(), new byte[0], behind);
        InputStream back = new BufferedInputStream(behind.getInputStream());
        Optional<HttpHead> answer = HttpHead.read(back);
        if (answer.isPresent()) {
            send(answer.get().alone(), new byte[0], client);
            back.transferTo(flushing(client.getOutputStream()));
        }
    }

    private void write(HttpHead head, byte[] body, Socket client, Socket behind)
            throws IOException {
        writing.lock();
        try {
            String before = listener.before(head.method(), head.target());
            send(head.alone(), body, behind);
            InputStream back = new BufferedInputStream(behind.getInputStream());
            Optional<HttpHead> answer = HttpHead.read(back);
            byte[] rest = back.readAllBytes();
            int status = answer.map(HttpHead::status).orElse(0);
            if (listener.after(head.method(), head.target(), before, status)
                    && answer.isPresent()) {
                send(answer.get().alone(), rest, client);
            }
        } finally {
            writing.unlock();
        }
    }

    private void tunnel(HttpHead head, InputStream in, Socket client, Socket behind)
            throws IOException {
        send(head, new byte[0], behind);
        Thread back = Thread.ofPlatform().daemon().start(() -> copy(behind, client));
        try {
            in.transferTo(flushing(behind.getOutputStream()));
        } finally {
            behind.close();
            back.interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(flushing(to.getOutputStream()));
        } catch (IOException e) {
            // The other direction sees it too.
        }
    }

    /** What is written goes out at once: watches are answered a line at a time. */
    private static OutputStream flushing(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                out.flush();
            }
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
