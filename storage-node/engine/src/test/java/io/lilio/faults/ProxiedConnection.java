package io.lilio.faults;

import io.lilio.faults.TcpProxy.Way;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One connection through a proxy. What arrives is queued with the time at which it is due, so a
 * delay costs time and not throughput. Thread-safe.
 */
final class ProxiedConnection {

    private static final int CHUNK = 64 * 1024;
    private static final int MAX_QUEUED = 256;

    private final TcpProxy proxy;
    private final Socket client;
    private final Socket server;
    private volatile boolean clientLeft;

    /**
     * @param bytes none at the end
     * @param dueNanos when they go on
     */
    private record Chunk(byte[] bytes, long dueNanos) {}

    ProxiedConnection(TcpProxy proxy, Socket client, Socket server) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
    }

    void begin() {
        begin(client, server, Way.REQUESTS);
        begin(server, client, Way.ANSWERS);
    }

    private void begin(Socket from, Socket to, Way way) {
        BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(MAX_QUEUED);
        Thread.ofVirtual().start(() -> read(from, queue));
        Thread.ofVirtual().start(() -> write(queue, to, way));
    }

    private void read(Socket from, BlockingQueue<Chunk> queue) {
        byte[] buffer = new byte[CHUNK];
        try {
            try (InputStream in = from.getInputStream()) {
                int count = in.read(buffer);
                while (count >= 0) {
                    queue.put(
                            new Chunk(
                                    Arrays.copyOf(buffer, count),
                                    System.nanoTime() + proxy.delay().toNanos()));
                    count = in.read(buffer);
                }
            } catch (IOException e) {
                // It has gone: what it sent before is still on its way.
            }
            queue.put(new Chunk(new byte[0], System.nanoTime()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(BlockingQueue<Chunk> queue, Socket to, Way way) {
        try (OutputStream out = to.getOutputStream()) {
            for (Chunk next = queue.take(); next.bytes().length > 0; next = queue.take()) {
                TimeUnit.NANOSECONDS.sleep(next.dueNanos() - System.nanoTime());
                if (!proxy.passes(way, next.bytes().length) || !written(next.bytes(), out, way)) {
                    proxy.countLost(way, next.bytes().length);
                }
            }
            while (clientLeft && way == Way.REQUESTS && !server.isClosed()) {
                Thread.sleep(20); // the server may take its time with what it got
            }
        } catch (IOException | InterruptedException e) {
            // One of the two has gone; so goes the other.
        } finally {
            close();
        }
    }

    /** False when the client has left and only the server is still there. */
    private boolean written(byte[] bytes, OutputStream out, Way way) throws IOException {
        try {
            out.write(bytes);
            return true;
        } catch (IOException e) {
            if (clientLeft && way == Way.ANSWERS) {
                return false;
            }
            throw e;
        }
    }

    /** The client's connection is over; the server's is not. */
    void leaveClient() {
        clientLeft = true;
        closeQuietly(client);
    }

    void close() {
        proxy.forget(this);
        closeQuietly(client);
        closeQuietly(server);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
