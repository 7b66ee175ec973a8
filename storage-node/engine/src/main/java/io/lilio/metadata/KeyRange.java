package io.lilio.metadata;

/**
 * Keys from {@code from}, inclusive, to {@code to}, exclusive. Always bounded: an open end would
 * make etcd count everything behind it.
 */
public record KeyRange(Bytes from, Bytes to) {

    public KeyRange {
        if (from.compareTo(to) > 0) {
            throw new IllegalArgumentException(
                    "a range ends before it begins: " + from + " to " + to);
        }
    }

    /** All keys that start with a prefix. */
    public static KeyRange ofPrefix(Bytes prefix) {
        return new KeyRange(prefix, prefix.afterPrefix());
    }

    public boolean contains(Bytes key) {
        return key.compareTo(from) >= 0 && key.compareTo(to) < 0;
    }

    public boolean isEmpty() {
        return from.equals(to);
    }
}
