package io.lilio.metadata.session;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import java.nio.ByteBuffer;

/**
 * The three keys of a session, all under its lease: table {@code s}, 8 random bytes, and {@code s}
 * for the record, {@code m} for the mark, {@code f} for the fence. The incarnation is the revision
 * that created the record, so it is never used again.
 *
 * @param id the random bytes
 */
record SessionKeys(long id) {

    private static final byte TABLE = 's';
    private static final byte RECORD = 's';
    private static final byte MARK = 'm';
    private static final byte FENCE = 'f';
    private static final int LENGTH = 10;

    static KeyRange all() {
        return KeyRange.ofPrefix(Bytes.wrap(new byte[] {TABLE}));
    }

    static SessionKeys of(Bytes key) {
        return new SessionKeys(ByteBuffer.wrap(key.array()).getLong(1));
    }

    static boolean isRecord(Bytes key) {
        return key.length() == LENGTH && key.at(LENGTH - 1) == RECORD;
    }

    static boolean isMark(Bytes key) {
        return key.length() == LENGTH && key.at(LENGTH - 1) == MARK;
    }

    Bytes record() {
        return key(RECORD);
    }

    Bytes mark() {
        return key(MARK);
    }

    Bytes fence() {
        return key(FENCE);
    }

    private Bytes key(byte kind) {
        return Bytes.wrap(ByteBuffer.allocate(LENGTH).put(TABLE).putLong(id).put(kind).array());
    }
}
