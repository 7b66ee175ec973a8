package io.lilio.server.s3.http;

import java.nio.ByteBuffer;

/**
 * The payload of an answer on its way to the client, with back-pressure: at most about 2 MiB (or
 * one larger buffer) wait for the network. Used by one thread.
 */
public interface ResponseStream extends AutoCloseable {

    /**
     * Sends a buffer's remaining bytes, without a copy when it is direct. Blocks while too much is
     * under way already.
     *
     * @param bytes must not change until released; its position does not matter afterwards
     * @param release called exactly once, on any thread, when the bytes are no longer needed: sent,
     *     or the connection is gone. Also when this method throws
     * @throws ConnectionLostException when the client is gone or did not take a byte for too long
     * @throws IllegalStateException for more bytes than were announced
     */
    void write(ByteBuffer bytes, Runnable release);

    /** Ends the answer. Does not wait for the network. */
    @Override
    void close();
}
