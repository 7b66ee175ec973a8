package io.lilio.chunk.backend.local;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Up to where the medium is indexed, and the sums over what is. Written with every batch, so it is
 * always that of the batch before it. Stored as: version u8, then each number as u64.
 *
 * @param segment the segment that was appended to last
 * @param offset everything before it in that segment, and all earlier segments, are indexed
 * @param bin the files of all earlier bins are indexed
 * @param chunks how many chunks there are
 * @param payloadBytes their payload
 * @param fileBytes what those in files of their own take
 * @param unconfirmed how many marks there are
 */
record IndexState(
        long segment,
        long offset,
        long bin,
        long chunks,
        long payloadBytes,
        long fileBytes,
        long unconfirmed) {

    static final IndexState EMPTY = new IndexState(0, 0, 0, 0, 0, 0, 0);

    private static final byte VERSION = 1;

    byte[] encode() {
        ByteBuffer to = ByteBuffer.allocate(1 + 7 * Long.BYTES);
        to.put(VERSION).putLong(segment).putLong(offset).putLong(bin).putLong(chunks);
        return to.putLong(payloadBytes).putLong(fileBytes).putLong(unconfirmed).array();
    }

    static IndexState decode(byte[] value) throws IndexException {
        try {
            ByteBuffer from = ByteBuffer.wrap(value);
            byte version = from.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("state of unknown version " + version);
            }
            return new IndexState(
                    from.getLong(),
                    from.getLong(),
                    from.getLong(),
                    from.getLong(),
                    from.getLong(),
                    from.getLong(),
                    from.getLong());
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new IndexException("its state is damaged", e);
        }
    }
}
