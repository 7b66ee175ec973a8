package io.lilio.metadata.rocksdb;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of keys without asking the database: bucket, session, fence and epoch are compared
 * by every commit, the bucket is read by every request, and some objects are read again and again.
 * Always exact, because there is one writer, the committer, and what it is about to change is
 * forgotten before the database has it. Bounded in keys and bytes; the least recently used go
 * first. Thread-safe.
 *
 * <p>So keys that are all known here have not been changed by the batch on its way either: they are
 * a picture of the last revision applied, whatever the database shows already.
 */
final class Recent {

    static final int MAX_KEYS = 8_192;
    static final long MAX_BYTES = 8L << 20;
    static final int MAX_VALUE_BYTES = 8 << 10;

    /**
     * What a key is known to hold.
     *
     * @param value nothing when the key is not there
     */
    record Known(Optional<KeyValue> value) {}

    private final LinkedHashMap<Bytes, Known> known = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long revision;
    private boolean changing;

    /** Forgets everything: the database was opened, at that revision. */
    synchronized void reset(long opened) {
        known.clear();
        bytes = 0;
        revision = opened;
        changing = false;
    }

    /** What a key holds; null when that is not known. */
    synchronized @Nullable Known find(Bytes key) {
        return known.get(key);
    }

    /** What keys hold, when it is known of all of them. */
    synchronized @Nullable ReadResult read(List<Bytes> keys) {
        List<Optional<KeyValue>> values = new ArrayList<>(keys.size());
        for (Bytes key : keys) {
            Known found = known.get(key);
            if (found == null) {
                return null;
            }
            values.add(found.value());
        }
        return new ReadResult(revision, values);
    }

    /** What a reader found in the database while nothing was on its way to it. */
    synchronized void learn(List<Bytes> keys, ReadResult found) {
        if (changing || found.revision() != revision) {
            return;
        }
        for (int i = 0; i < keys.size(); i++) {
            put(keys.get(i), found.get(i));
        }
    }

    /** What the committer found there. */
    synchronized void learn(Bytes key, Optional<KeyValue> found) {
        put(key, found);
    }

    /** The committer begins to write: from here until {@link #changed} nobody knows these keys. */
    synchronized void change(Iterable<Bytes> keys) {
        changing = true;
        keys.forEach(this::forget);
    }

    /** It has written them. */
    synchronized void changed(long applied, Map<Bytes, Optional<KeyValue>> written) {
        changing = false;
        revision = applied;
        written.forEach(this::put);
    }

    private void put(Bytes key, Optional<KeyValue> value) {
        forget(key);
        int size = sizeOf(key, value);
        if (size > MAX_VALUE_BYTES) {
            return;
        }
        known.put(key, new Known(value));
        bytes += size;
        while (bytes > MAX_BYTES || known.size() > MAX_KEYS) {
            Map.Entry<Bytes, Known> eldest = known.pollFirstEntry();
            bytes -= sizeOf(eldest.getKey(), eldest.getValue().value());
        }
    }

    private void forget(Bytes key) {
        Known forgotten = known.remove(key);
        if (forgotten != null) {
            bytes -= sizeOf(key, forgotten.value());
        }
    }

    private static int sizeOf(Bytes key, Optional<KeyValue> value) {
        return key.length() + (value.isPresent() ? value.get().value().length() : 0);
    }
}
