package io.lilio.operator.apiserver;

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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy before the API server, in plain HTTP on loopback: it remembers what was asked and
 * answered, and has requests fail. Each request has a connection of its own. Thread-safe.
 */
final class ApiServerProxy implements AutoCloseable {

    /** How the server behind is reached. */
    @FunctionalInterface
    interface Server {
        Socket connect() throws IOException;
    }

    /**
     * A request that was answered.
     *
     * @param type of its body; empty when it has none
     * @param status of the answer that its sender got; 0 when it got none
     */
    record Exchange(String method, String path, String type, int status) {

        boolean isWrite() {
            return Weather.isWrite(method);
        }

        /** Whether it is about leading, or about the sender's own rights. */
        boolean isHousekeeping() {
            return path.contains("/leases") || path.contains("authorization.k8s.io");
        }

        @Override
        public String toString() {
            return method + " " + path + " " + status;
        }
    }

    private final ServerSocket socket;
    private final Server server;
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Weather weather = Weather.FAIR;

    ApiServerProxy(Server server) {
        this.server = server;
        try {
            this.socket = new ServerSocket();
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("proxy").start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** From now on; what is under way goes on, unless nobody answers any more. */
    void weather(Weather next) {
        weather = next;
        if (next == Weather.AWAY) {
            open.forEach(ApiServerProxy::end);
        }
    }

    /** All that was answered since the beginning, or since {@link #forget}. */
    List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** Writes that are about resources and Events. */
    List<Exchange> writes() {
        return exchanges.stream()
                .filter(Exchange::isWrite)
                .filter(each -> !each.isHousekeeping())
                .toList();
    }

    void forget() {
        exchanges.clear();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
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
        byte[] body = head.isWebSocket() ? new byte[0] : head.readBody(in);
        switch (weather.of(head.method(), head.path())) {
            case Weather.Fate.Cut() -> remember(head, 0);
            case Weather.Fate.Failed(int status, boolean carriedOut) -> {
                if (carriedOut) {
                    carryOut(head, body);
                }
                remember(head, status);
                client.getOutputStream().write(failure(status));
            }
            case Weather.Fate.Passed(var after) -> {
                if (!after.isZero()) {
                    Await.pause(after);
                }
                pass(head, body, in, client);
            }
        }
    }

    private void remember(HttpHead head, int status) {
        exchanges.add(
                new Exchange(
                        head.method(),
                        head.path(),
                        head.header("Content-Type").orElse(""),
                        status));
    }

    private void carryOut(HttpHead head, byte[] body) throws IOException {
        try (Socket behind = server.connect()) {
            send(head.alone(), body, behind);
            behind.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    private static void send(HttpHead head, byte[] body, Socket to) throws IOException {
        OutputStream out = to.getOutputStream();
        out.write(head.bytes());
        out.write(body);
        out.flush();
    }

    private void pass(HttpHead head, byte[] body, InputStream in, Socket client)
            throws IOException {
        try (Socket behind = server.connect()) {
            open.add(behind);
            send(head.alone(), body, behind);
            if (head.isWebSocket()) {
                Thread.ofVirtual().start(() -> copy(in, behind));
            }
            InputStream back = new BufferedInputStream(behind.getInputStream());
            Optional<HttpHead> answer = HttpHead.read(back);
            if (answer.isPresent()) {
                remember(head, answer.get().status());
                OutputStream out = flushing(client.getOutputStream());
                out.write(answer.get().alone().bytes());
                back.transferTo(out);
            }
            open.remove(behind);
        }
    }

    private static void copy(InputStream in, Socket to) {
        try {
            in.transferTo(flushing(to.getOutputStream()));
        } catch (IOException e) {
            // The other direction sees it too.
        } finally {
            end(to);
        }
    }

    private static void end(Socket each) {
        try {
            each.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the API server says it. */
    private static byte[] failure(int status) {
        String text =
                """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
                "reason":"%s","message":"made to fail","code":%d}\
                """
                        .formatted(reason(status), status);
        return """
        HTTP/1.1 %d Failed\r
        Content-Type: application/json\r
        Content-Length: %d\r
        Connection: close\r
        \r
        %s\
        """
                .formatted(status, text.length(), text)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String reason(int status) {
        return switch (status) {
            case 409 -> "Conflict";
            case 429 -> "TooManyRequests";
            case 503 -> "ServiceUnavailable";
            default -> "InternalError";
        };
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
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(ApiServerProxy::end);
    }
}
