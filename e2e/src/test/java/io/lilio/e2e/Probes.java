package io.lilio.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connects to S3 again and again, each time anew, and asks for something: what a client sees that
 * has no connection yet. Whatever is answered will do. Thread-safe.
 */
final class Probes implements AutoCloseable {

    private static final int BOUND_MILLIS = 5_000;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final URI endpoint;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicLong failures = new AtomicLong();
    private volatile long lastFailureNanos;
    private final Thread thread;

    private Probes(URI endpoint) {
        this.endpoint = endpoint;
        thread = Thread.ofPlatform().daemon().unstarted(this::run);
    }

    static Probes start(URI endpoint) {
        Probes probes = new Probes(endpoint);
        probes.thread.start();
        return probes;
    }

    private void run() {
        while (!stopping.get()) {
            long began = System.nanoTime();
            if (!isAnswered()) {
                lastFailureNanos = began;
                failures.incrementAndGet();
            }
            Await.pause(PAUSE);
        }
    }

    private boolean isAnswered() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(BOUND_MILLIS);
            socket.connect(
                    new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), BOUND_MILLIS);
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                                    .formatted(endpoint.getAuthority())
                                    .getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** How many were not answered within five seconds. */
    long failures() {
        return failures.get();
    }

    /** When the last of them began, by {@link System#nanoTime}; 0 when there is none. */
    long lastFailureNanos() {
        return lastFailureNanos;
    }

    @Override
    public void close() {
        stopping.set(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
