package io.lilio.metadata.etcd;

import io.lilio.metadata.Bytes;
import java.util.Arrays;

/**
 * Where a scan stops to look whether it has found enough. etcd counts all keys up to a range's end
 * whatever its limit, so a scan of a few keys out of a million gives near ends, and farther ones
 * when it found too little: first those that differ from its beginning late, by steps of 1, 4, 16
 * and 64 in that byte, then those that differ earlier. Not thread-safe.
 */
final class Gallop {

    private static final int[] STEPS = {1, 4, 16, 64};

    private final byte[] from;
    private final Bytes to;
    private int level;
    private int step;
    private int stride = 1;

    /**
     * @param from where the scan begins
     * @param to where it ends at last
     * @param level which byte of {@code from} is stepped first; a greater one than it has means its
     *     last
     */
    Gallop(Bytes from, Bytes to, int level) {
        this.from = from.array();
        this.to = to;
        this.level = Math.min(level, this.from.length - 1);
    }

    /** The next end, greater than the one before; at last and from then on {@code to}. */
    Bytes next() {
        while (level >= 0) {
            int value = (from[level] & 0xff) + (step < STEPS.length ? STEPS[step] : 256);
            step++;
            if (value <= 0xff) {
                byte[] end = Arrays.copyOf(from, level + 1);
                end[level] = (byte) value;
                Bytes next = Bytes.wrap(end);
                return next.compareTo(to) < 0 ? next : to;
            }
            level -= stride;
            stride *= 2;
            step = 0;
        }
        return to;
    }

    /** Which byte is the first in which two keys differ. */
    static int firstDifference(Bytes one, Bytes other) {
        int mismatch = Arrays.mismatch(one.array(), other.array());
        return mismatch < 0 ? one.length() : mismatch;
    }
}
