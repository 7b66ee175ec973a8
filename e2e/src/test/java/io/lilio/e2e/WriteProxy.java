package io.lilio.e2e;

import io.lilio.testing.http.HttpProxy;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A proxy before one HTTP server, which lets somebody know of every request that writes: before it
 * is passed on, and when it was carried out, before its answer is passed back. Each request has a
 * connection of its own.
 */
final class WriteProxy implements AutoCloseable {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

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

    private final HttpProxy proxy;
    private final Listener listener;
    private final Lock writing;

    private WriteProxy(
            String address, int port, HttpProxy.Server server, Listener listener, Lock writing)
            throws IOException {
        this.listener = listener;
        this.writing = writing;
        this.proxy = HttpProxy.start(address, port, server, this::serve);
    }

    /**
     * Starts one.
     *
     * @param address on loopback
     * @param port 0 for any
     * @param writing held while a write is under way; shared by proxies whose listener is the same
     */
    static WriteProxy start(
            String address,
            int port,
            HttpProxy.Server server,
            Listener listener,
            ReentrantLock writing)
            throws IOException {
        return new WriteProxy(address, port, server, listener, writing);
    }

    int port() {
        return proxy.port();
    }

    private void serve(HttpProxy.Request request) throws IOException {
        if (request.head().isWebSocket() || READING.contains(request.head().method())) {
            request.pass(head -> {});
        } else {
            write(request);
        }
    }

    private void write(HttpProxy.Request request) throws IOException {
        String method = request.head().method();
        String target = request.head().target();
        writing.lock();
        try {
            String before = listener.before(method, target);
            Optional<HttpProxy.Answer> answer = request.carryOut();
            int status = answer.map(found -> found.head().status()).orElse(0);
            if (listener.after(method, target, before, status) && answer.isPresent()) {
                request.answer(answer.get());
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        proxy.close();
    }
}
