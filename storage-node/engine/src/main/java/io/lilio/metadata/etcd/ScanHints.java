package io.lilio.metadata.etcd;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What earlier scans have learned about how densely a range is filled: only ever a guess of where
 * to stop first. Ranges are told apart by their ends, which the pages of one scan share. Bounded.
 * Thread-safe.
 */
final class ScanHints {

    /** The whole of the range may be asked for: it holds few keys, or nothing is known of it. */
    static final int WHOLE = -1;

    /** Keys that etcd counts in a millisecond or two. */
    static final int FEW = 10_000;

    private static final int MOST = 4_096;

    private final Map<Bytes, Integer> levels =
            new LinkedHashMap<>(64, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Bytes, Integer> eldest) {
                    return size() > MOST;
                }
            };

    /** The byte that is stepped first, or {@link #WHOLE}. */
    synchronized int level(Bytes to) {
        return levels.getOrDefault(to, WHOLE);
    }

    /**
     * An answer to a question for a whole range.
     *
     * @param count of all keys in it
     * @param found the first of them
     */
    synchronized void sawWhole(Bytes to, long count, List<KeyValue> found) {
        if (count <= FEW || found.isEmpty()) {
            levels.remove(to);
        } else if (found.size() == 1) {
            levels.putIfAbsent(to, found.getFirst().key().length() - 1);
        } else {
            learn(to, found);
        }
    }

    /** A page that was found step by step. */
    synchronized void sawPage(Bytes to, List<KeyValue> found) {
        if (found.size() > 100) {
            learn(to, found);
        }
    }

    private void learn(Bytes to, List<KeyValue> found) {
        levels.put(to, Gallop.firstDifference(found.getFirst().key(), found.getLast().key()));
    }
}
