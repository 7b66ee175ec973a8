package io.lilio.metadata.rocksdb;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the committer knows of keys without asking the database: bucket, session, fence and epoch
 * are compared by every commit. Always exact, because nobody else writes. Bounded. The committer's
 * alone.
 */
final class Recent {

    private static final int MAX_KEYS = 4_096;
    private static final int MAX_VALUE_BYTES = 512;

    private final Map<Bytes, Optional<KeyValue>> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Bytes, Optional<KeyValue>> eldest) {
                    return size() > MAX_KEYS;
                }
            };

    /** Whether the key need not be asked for. */
    boolean knows(Bytes key) {
        return known.containsKey(key);
    }

    /** What a key that is known holds. */
    Optional<KeyValue> get(Bytes key) {
        return known.getOrDefault(key, Optional.empty());
    }

    void put(Bytes key, Optional<KeyValue> value) {
        if (value.isPresent() && value.get().value().length() > MAX_VALUE_BYTES) {
            known.remove(key);
        } else {
            known.put(key, value);
        }
    }
}
