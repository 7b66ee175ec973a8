package io.lilio.server.rpc;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes to and from another node. One thread uses it at a time, except for {@link #close}, which
 * ends whatever is under way.
 */
interface Wire extends AutoCloseable {

    /**
     * Waits for bytes.
     *
     * @param to has room
     * @return how many there were; -1 at the end
     */
    int read(ByteBuffer to) throws IOException;

    /** Writes all of it. */
    void write(ByteBuffer head, ByteBuffer rest) throws IOException;

    /** Of a wire on which nothing is expected: whether the other side has closed it, or speaks. */
    boolean isStale();

    /** Who is at the other end, for messages. */
    String remote();

    @Override
    void close();
}
