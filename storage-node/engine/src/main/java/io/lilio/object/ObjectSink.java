package io.lilio.object;

import java.nio.ByteBuffer;

/** Where the bytes of a GET go. Written from front to back, by one thread. */
@FunctionalInterface
public interface ObjectSink {

    /**
     * Takes the bytes from position to limit, and with them the buffer: it belongs to the sink
     * until {@code release} was called. Blocks while the receiver is slower than the reads, and
     * throws when it is slower than a receiver may be.
     *
     * @param data a direct buffer as a rule; not to be written to
     * @param release to be called exactly once, on any thread, as soon as the bytes are no longer
     *     needed; also when this method throws
     */
    void write(ByteBuffer data, Runnable release);
}
