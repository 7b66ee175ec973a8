package io.lilio.bench.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a GET cannot leave out: a file that is in the page cache is read into a buffer and sent over
 * loopback to somebody who throws it away. Not thread-safe.
 */
final class LoopbackReads implements AutoCloseable {

    private static final int CONNECTIONS = 8;
    private static final int PIECE_BYTES = 1 << 20;
    private static final int FILE_PIECES = 160;
    private static final int PIECES_PER_CONNECTION = 400;

    private final Path file;

    /**
     * @param directory where a file of 160 MiB is made
     */
    LoopbackReads(Path directory) throws IOException {
        file = directory.resolve("read");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
            for (int i = 0; i < FILE_PIECES; i++) {
                piece.clear();
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
        }
    }

    /** Of 8 connections together. */
    double mebibytesPerSecond() throws IOException, InterruptedException {
        try (ServerSocketChannel server = ServerSocketChannel.open();
                ExecutorService threads = Executors.newFixedThreadPool(2 * CONNECTIONS)) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int from = i * FILE_PIECES / CONNECTIONS;
                SocketChannel reader = SocketChannel.open(server.getLocalAddress());
                SocketChannel writer = server.accept();
                tasks.add(() -> send(writer, from));
                tasks.add(() -> discard(reader));
            }
            long begin = System.nanoTime();
            for (Future<Integer> done : threads.invokeAll(tasks)) {
                done.get();
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            return CONNECTIONS * (double) PIECES_PER_CONNECTION / seconds;
        } catch (ExecutionException e) {
            throw new IOException("a connection failed", e.getCause());
        }
    }

    private int send(SocketChannel to, int from) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        try (to;
                FileChannel channel = FileChannel.open(file)) {
            for (int i = 0; i < PIECES_PER_CONNECTION; i++) {
                long at = (long) (from + i) % FILE_PIECES * PIECE_BYTES;
                piece.clear();
                while (piece.hasRemaining()) {
                    channel.read(piece, at + piece.position());
                }
                piece.flip();
                while (piece.hasRemaining()) {
                    to.write(piece);
                }
            }
        }
        return PIECES_PER_CONNECTION;
    }

    private static int discard(SocketChannel from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES / 2);
        int reads = 0;
        try (from) {
            while (from.read(buffer.clear()) >= 0) {
                reads++;
            }
        }
        return reads;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
