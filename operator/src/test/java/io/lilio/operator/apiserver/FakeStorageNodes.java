package io.lilio.operator.apiserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The admin ports of all storage nodes of all clusters, at one address: who is meant is told by the
 * name that the request was sent to. Thread-safe.
 */
final class FakeStorageNodes implements AutoCloseable {

    /** Where the operator looks for them. */
    static final int ADMIN_PORT = 9001;

    /** What the nodes of a cluster do with a request, given the right answer. */
    interface Manner {
        void answer(HttpExchange exchange, AdminRoutes.Answer right)
                throws IOException, InterruptedException;
    }

    static final Manner RIGHTLY = (exchange, right) -> send(exchange, right.status(), right.json());

    /** As if nobody was there. */
    static final Manner HANGING_UP = (exchange, _) -> exchange.close();

    /** Longer than anybody waits. */
    static final Manner SILENTLY = (_, _) -> Thread.sleep(60_000);

    static final Manner HALF =
            (exchange, right) -> {
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, right.json().length + 10L);
                exchange.getResponseBody().write(right.json(), 0, right.json().length / 2);
                exchange.getResponseBody().flush();
            };

    static Manner saying(int status, String body) {
        return (exchange, _) -> send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AdminRoutes routes = new AdminRoutes();
    private final Map<String, FakeStore> stores = new ConcurrentHashMap<>();
    private final Map<FakeStore, Manner> manners = new ConcurrentHashMap<>();
    private final AtomicLong calls = new AtomicLong();

    /**
     * Starts serving.
     *
     * @param address on loopback, which nothing else uses with this port
     * @param port 0 for any
     */
    FakeStorageNodes(String address, int port) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getByName(address), port), 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String address() {
        return server.getAddress().getAddress().getHostAddress();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** A cluster that is found under names that end so, such as {@code demo-nodes.lab.svc}. */
    FakeStore add(String service) {
        FakeStore store = new FakeStore();
        stores.put(service, store);
        return store;
    }

    /** What the nodes of a cluster do from now on. */
    void behave(FakeStore store, Manner manner) {
        manners.put(store, manner);
    }

    /** How many requests there were. */
    long calls() {
        return calls.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String host =
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                            .orElse("")
                            .split(":", 2)[0];
            int dot = host.indexOf('.');
            FakeStore store = stores.get(host.substring(dot + 1));
            if (store == null || !store.serves(host.substring(0, Math.max(0, dot)))) {
                return; // nobody listens there
            }
            AdminRoutes.Request request =
                    new AdminRoutes.Request(
                            exchange.getRequestMethod(), exchange.getRequestURI(), body);
            Manner manner = manners.getOrDefault(store, RIGHTLY);
            manner.answer(exchange, right(store, request, manner));
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    /** Who does not answer rightly does nothing either. */
    private AdminRoutes.Answer right(FakeStore store, AdminRoutes.Request request, Manner manner) {
        if (manner != RIGHTLY && AdminRoutes.isWrite(request)) {
            return AdminRoutes.error(503, "NotReady", "not now");
        }
        synchronized (store) {
            return routes.answer(store, request);
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
