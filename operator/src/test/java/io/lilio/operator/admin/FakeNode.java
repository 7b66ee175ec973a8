package io.lilio.operator.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** An HTTP server on loopback that remembers what it was asked, and answers as it is told to. */
final class FakeNode implements AutoCloseable {

    /** What is done with a request. */
    interface Behaviour {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /**
     * A request as it came.
     *
     * @param target path and query, not decoded
     * @param headers by their names in lower case
     */
    record Received(String method, String target, Map<String, List<String>> headers, byte[] body) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return String.join(",", headers.getOrDefault(name, List.of()));
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour = answering(200, "{}");

    FakeNode() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static Behaviour answering(int status, String body) {
        return exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        };
    }

    /** Takes the request, and ends the connection without a byte. */
    static Behaviour hangingUp() {
        return HttpExchange::close;
    }

    static Behaviour silent() {
        return _ -> Thread.sleep(30_000);
    }

    private void handle(HttpExchange exchange) throws IOException {
        received.add(
                new Received(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        exchange.getRequestHeaders().entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                entry -> entry.getKey().toLowerCase(Locale.ROOT),
                                                entry -> List.copyOf(entry.getValue()))),
                        exchange.getRequestBody().readAllBytes()));
        try {
            behaviour.answer(exchange);
        } catch (InterruptedException ending) {
            exchange.close();
        }
    }

    FakeNode with(Behaviour next) {
        behaviour = next;
        return this;
    }

    FakeNode with(int status, String body) {
        return with(answering(status, body));
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<Received> received() {
        return received;
    }

    Received last() {
        return received.getLast();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
