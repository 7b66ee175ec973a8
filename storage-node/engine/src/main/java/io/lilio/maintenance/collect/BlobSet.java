package io.lilio.maintenance.collect;

import io.lilio.chunk.BlobId;

/**
 * A set of blob ids in 16 bytes each: open addressing in two arrays of longs, half full at most.
 * Not thread-safe.
 */
final class BlobSet {

    private static final int INITIAL = 1 << 10;

    /** The two halves of slot i are at 2i and 2i + 1; both zero: empty. */
    private long[] slots = new long[2 * INITIAL];

    private int size;
    private boolean holdsZero;

    boolean add(BlobId blob) {
        if (isZero(blob)) {
            boolean added = !holdsZero;
            holdsZero = true;
            return added;
        }
        if (4 * (size + 1) > slots.length) {
            grow();
        }
        int slot = find(slots, blob.high(), blob.low());
        if (!isEmpty(slots, slot)) {
            return false;
        }
        slots[slot] = blob.high();
        slots[slot + 1] = blob.low();
        size++;
        return true;
    }

    boolean contains(BlobId blob) {
        return isZero(blob) ? holdsZero : !isEmpty(slots, find(slots, blob.high(), blob.low()));
    }

    /** Takes a blob out. */
    boolean remove(BlobId blob) {
        if (isZero(blob)) {
            boolean removed = holdsZero;
            holdsZero = false;
            return removed;
        }
        int slot = find(slots, blob.high(), blob.low());
        if (isEmpty(slots, slot)) {
            return false;
        }
        size--;
        closeGap(slot);
        return true;
    }

    int size() {
        return size + (holdsZero ? 1 : 0);
    }

    boolean isEmpty() {
        return size() == 0;
    }

    /** Moves back what was pushed on by the slot that is now free (linear probing). */
    private void closeGap(int freed) {
        int gap = freed;
        int slot = next(gap);
        while (!isEmpty(slots, slot)) {
            int home = home(slots.length, slots[slot], slots[slot + 1]);
            boolean homeIsBetween =
                    gap <= slot ? gap < home && home <= slot : gap < home || home <= slot;
            if (!homeIsBetween) {
                slots[gap] = slots[slot];
                slots[gap + 1] = slots[slot + 1];
                gap = slot;
            }
            slot = next(slot);
        }
        slots[gap] = 0;
        slots[gap + 1] = 0;
    }

    private int next(int slot) {
        return slot + 2 == slots.length ? 0 : slot + 2;
    }

    private void grow() {
        if (slots.length > Integer.MAX_VALUE / 4) {
            throw new IllegalStateException("a set of " + size + " blobs is full");
        }
        long[] larger = new long[2 * slots.length];
        for (int i = 0; i < slots.length; i += 2) {
            if (!isEmpty(slots, i)) {
                int slot = find(larger, slots[i], slots[i + 1]);
                larger[slot] = slots[i];
                larger[slot + 1] = slots[i + 1];
            }
        }
        slots = larger;
    }

    /** Where these bits are, or the empty slot where they would be. */
    private static int find(long[] in, long high, long low) {
        int slot = home(in.length, high, low);
        while (!isEmpty(in, slot) && (in[slot] != high || in[slot + 1] != low)) {
            slot = slot + 2 == in.length ? 0 : slot + 2;
        }
        return slot;
    }

    private static int home(int length, long high, long low) {
        long mixed = (high ^ Long.rotateLeft(low, 32)) * 0x9E3779B97F4A7C15L;
        return (int) Math.unsignedMultiplyHigh(mixed, length / 2) * 2;
    }

    private static boolean isEmpty(long[] in, int slot) {
        return in[slot] == 0 && in[slot + 1] == 0;
    }

    private static boolean isZero(BlobId blob) {
        return blob.high() == 0 && blob.low() == 0;
    }
}
