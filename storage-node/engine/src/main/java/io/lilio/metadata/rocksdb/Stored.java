package io.lilio.metadata.rocksdb;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.LeaseId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How the store writes things down. Fixed for ever: stored data depends on it. The first byte of a
 * stored key is its table:
 *
 * <ul>
 *   <li>0: what the store knows of itself: {@code r} the revision, {@code o} how often it was
 *       opened, {@code f} the format, 8 bytes each
 *   <li>1 and a key: the key is under a lease, whose id is the value, 8 bytes
 *   <li>2 and a key: create revision, 8 bytes, mod revision, 8 bytes, value
 * </ul>
 *
 * Numbers are big endian. One column family holds all, so that one sequence number of RocksDB is
 * one state of everything.
 */
final class Stored {

    static final byte[] REVISION = {0, 'r'};
    static final byte[] OPENS = {0, 'o'};
    static final byte[] FORMAT = {0, 'f'};
    static final long FORMAT_VERSION = 1;

    private static final byte LEASED = 1;
    private static final byte DATA = 2;
    private static final int HEADER = 2 * Long.BYTES;

    private Stored() {}

    static byte[] dataKey(Bytes key) {
        return tableKey(DATA, key);
    }

    static byte[] leasedKey(Bytes key) {
        return tableKey(LEASED, key);
    }

    static byte[] firstLeased() {
        return new byte[] {LEASED};
    }

    static byte[] afterLeased() {
        return new byte[] {LEASED + 1};
    }

    /** The key without its table. */
    static Bytes key(byte[] stored) {
        return key(stored, stored.length);
    }

    /** The same, of the first bytes of a buffer. */
    static Bytes key(byte[] buffer, int length) {
        return Bytes.wrap(Arrays.copyOfRange(buffer, 1, length));
    }

    static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static long number(byte[] stored) {
        return ByteBuffer.wrap(stored).getLong();
    }

    static LeaseId lease(byte[] stored) {
        return new LeaseId(number(stored));
    }

    static byte[] value(KeyValue entry) {
        byte[] value = entry.value().array();
        return ByteBuffer.allocate(HEADER + value.length)
                .putLong(entry.createRevision())
                .putLong(entry.modRevision())
                .put(value)
                .array();
    }

    static KeyValue entry(Bytes key, byte[] stored) {
        return entry(key, stored, stored.length);
    }

    /** The same, of the first bytes of a buffer. */
    static KeyValue entry(Bytes key, byte[] buffer, int length) {
        ByteBuffer header = ByteBuffer.wrap(buffer);
        return new KeyValue(
                key,
                Bytes.wrap(Arrays.copyOfRange(buffer, HEADER, length)),
                header.getLong(),
                header.getLong());
    }

    private static byte[] tableKey(byte table, Bytes key) {
        byte[] stored = new byte[1 + key.length()];
        stored[0] = table;
        System.arraycopy(key.array(), 0, stored, 1, key.length());
        return stored;
    }
}
