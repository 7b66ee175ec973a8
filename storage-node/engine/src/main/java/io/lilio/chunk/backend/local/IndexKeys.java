package io.lilio.chunk.backend.local;

import io.lilio.chunk.ChunkHeaderCodec;
import io.lilio.chunk.ChunkId;
import java.nio.ByteBuffer;

/**
 * The keys of the index, told apart by their first byte; big endian, so that order is order.
 *
 * <pre>
 * b bin u64                                 → u64 bytes of the files in it
 * c partition u32, id 24 bytes              → {@link IndexEntry}
 * g bin u64, serial u64                     → nothing: this file was deleted
 * h                                         → {@link IndexState}
 * m marked-at u64, partition u32, id        → nothing: this chunk is unconfirmed
 * p                                         → u32: how many partitions there are
 * s segment u64                             → u64 bytes that are live in it
 * </pre>
 */
final class IndexKeys {

    static final byte[] STATE = {'h'};

    /** An index that was written before this was is without it. */
    static final byte[] PARTITIONS = {'p'};

    private static final int CHUNK_BYTES = 1 + 4 + ChunkHeaderCodec.ID_BYTES;
    private static final int MARK_BYTES = CHUNK_BYTES + 8;

    private final int partitions;

    IndexKeys(int partitions) {
        this.partitions = partitions;
    }

    /** What is stored under {@link #PARTITIONS}. */
    byte[] partitions() {
        return ByteBuffer.allocate(Integer.BYTES).putInt(partitions).array();
    }

    byte[] chunk(ChunkId id) {
        ByteBuffer key = ByteBuffer.allocate(CHUNK_BYTES);
        key.put((byte) 'c').putInt(id.partition(partitions));
        ChunkHeaderCodec.writeId(id, key);
        return key.array();
    }

    byte[] mark(long markedAtMillis, ChunkId id) {
        ByteBuffer key = ByteBuffer.allocate(MARK_BYTES);
        key.put((byte) 'm').putLong(markedAtMillis).putInt(id.partition(partitions));
        ChunkHeaderCodec.writeId(id, key);
        return key.array();
    }

    /** Before the first mark of a time. */
    static byte[] marksFrom(long markedAtMillis) {
        return ByteBuffer.allocate(9).put((byte) 'm').putLong(markedAtMillis).array();
    }

    static byte[] gone(long bin, long serial) {
        return ByteBuffer.allocate(17).put((byte) 'g').putLong(bin).putLong(serial).array();
    }

    /** Where the live bytes of a segment or bin are kept. */
    static byte[] live(Container container) {
        char kind = container.kind() == Location.Kind.SEGMENT ? 's' : 'b';
        return ByteBuffer.allocate(9).put((byte) kind).putLong(container.number()).array();
    }

    /** Before the first chunk of a partition. */
    static byte[] partition(int partition) {
        return ByteBuffer.allocate(5).put((byte) 'c').putInt(partition).array();
    }

    /** Before the first key of a kind. */
    static byte[] kind(char kind) {
        return new byte[] {(byte) kind};
    }

    static ChunkId idOfChunk(byte[] key) {
        return ChunkHeaderCodec.readId(ByteBuffer.wrap(key).position(5));
    }

    static ChunkId idOfMark(byte[] key) {
        return ChunkHeaderCodec.readId(ByteBuffer.wrap(key).position(13));
    }

    /**
     * The number that follows the first byte of a mark (its time), segment, bin or gone file (its
     * bin).
     */
    static long firstLong(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }

    static long serialOfGone(byte[] key) {
        return ByteBuffer.wrap(key).getLong(9);
    }

    static boolean isOfPartition(byte[] key, int partition) {
        return key[0] == 'c' && ByteBuffer.wrap(key).getInt(1) == partition;
    }
}
