package io.lilio.testing.http;

import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A proxy before one HTTP server, in plain HTTP. Each request has a connection of its own, to the
 * proxy and from it, and a thread of its own, in which somebody decides what becomes of it.
 * Thread-safe.
 */
public final class HttpProxy implements AutoCloseable {

    /** How the server behind is reached. */
    @FunctionalInterface
    public interface Server {

        /** Connects to it, once for each request. */
        Socket connect() throws IOException;
    }

    /** What becomes of requests. */
    @FunctionalInterface
    public interface Handler {

        /**
         * Sees to a request, whose connection ends when this returns or fails.
         *
         * @throws IOException when one of both ends is gone, which the other one sees then
         */
        void serve(Request request) throws IOException;
    }

    /**
     * A whole answer.
     *
     * @param body as it was sent
     */
    public record Answer(HttpHead head, byte[] body) {}

    private final ServerSocket socket;
    private final Server server;
    private final Handler handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private HttpProxy(ServerSocket socket, Server server, Handler handler) {
        this.socket = socket;
        this.server = server;
        this.handler = handler;
    }

    /**
     * Starts one.
     *
     * @param address of this machine
     * @param port 0 for any
     * @throws IOException when it is taken
     */
    public static HttpProxy start(String address, int port, Server server, Handler handler)
            throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        HttpProxy proxy = new HttpProxy(socket, server, handler);
        Thread.ofPlatform().daemon().name("proxy").start(proxy::accept);
        return proxy;
    }

    /** Where it listens. */
    public int port() {
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
                byte[] body = head.get().isWebSocket() ? new byte[0] : head.get().readBody(in);
                handler.serve(new Request(head.get(), body, in, client));
            }
        } catch (IOException e) {
            // One of both ends is gone, which the other one sees by its connection.
        } finally {
            open.remove(client);
        }
    }

    /** A request that has arrived. Used by one thread. */
    public final class Request {

        private final HttpHead head;
        private final byte[] body;
        private final InputStream in;
        private final Socket client;

        private Request(HttpHead head, byte[] body, InputStream in, Socket client) {
            this.head = head;
            this.body = body;
            this.in = in;
            this.client = client;
        }

        /** Without its body. */
        public HttpHead head() {
            return head;
        }

        /**
         * Passes it on, and back what comes of it, as it comes, until either end ends.
         *
         * @param seen is told the head of the answer before that is passed back
         */
        public void pass(Consumer<HttpHead> seen) throws IOException {
            try (Socket behind = connect()) {
                send(behind);
                if (head.isWebSocket()) {
                    Thread.ofPlatform().daemon().start(() -> copy(in, behind));
                }
                InputStream back = new BufferedInputStream(behind.getInputStream());
                Optional<HttpHead> answer = HttpHead.read(back);
                if (answer.isPresent()) {
                    seen.accept(answer.get());
                    OutputStream out = flushing(client.getOutputStream());
                    out.write(answer.get().alone().bytes());
                    back.transferTo(out);
                }
                open.remove(behind);
            }
        }

        /**
         * Passes it on, and nothing back: waits until it is carried out.
         *
         * @return what came of it; empty when the connection ended without an answer
         */
        public Optional<Answer> carryOut() throws IOException {
            try (Socket behind = connect()) {
                send(behind);
                InputStream back = new BufferedInputStream(behind.getInputStream());
                Optional<HttpHead> answer = HttpHead.read(back);
                byte[] rest = back.readAllBytes();
                open.remove(behind);
                return answer.map(found -> new Answer(found, rest));
            }
        }

        /** Answers it. */
        public void answer(Answer answer) throws IOException {
            OutputStream out = client.getOutputStream();
            out.write(answer.head().alone().bytes());
            out.write(answer.body());
            out.flush();
        }

        private Socket connect() throws IOException {
            Socket behind = server.connect();
            open.add(behind);
            return behind;
        }

        private void send(Socket behind) throws IOException {
            OutputStream out = behind.getOutputStream();
            out.write(head.alone().bytes());
            out.write(body);
            out.flush();
        }
    }

    private static void copy(InputStream in, Socket to) {
        try (to) {
            in.transferTo(flushing(to.getOutputStream()));
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

    /** Ends what is under way; what comes afterwards is served. */
    public void breakConnections() {
        for (Socket each : open) {
            try {
                each.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Ends it, and what is under way. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        breakConnections();
    }
}
