package io.lilio.chunk.buffer;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One contiguous piece of direct memory, a power of two in size, cut by the buddy system (Knuth,
 * "The Art of Computer Programming" vol. 1, §2.5): a block of order {@code k} is 4 KiB × 2^k and
 * aligned to its size; freeing a block whose buddy is free too joins them. The lowest free block is
 * taken first, so that a lightly used pool touches little memory. Not thread-safe.
 */
final class Slab {

    static final int MIN_BLOCK_BYTES = 4096;

    private final int bytes;
    private final int topOrder;
    private final BitSet[] free;
    private final int[] freeCount;
    private @Nullable ByteBuffer memory;

    /**
     * @param bytes a power of two, at least {@link #MIN_BLOCK_BYTES}
     */
    Slab(int bytes) {
        this.bytes = bytes;
        topOrder = orderOf(bytes);
        free = new BitSet[topOrder + 1];
        freeCount = new int[topOrder + 1];
        for (int order = 0; order <= topOrder; order++) {
            free[order] = new BitSet();
        }
        add(topOrder, 0);
    }

    /** The smallest order whose blocks hold that many bytes. */
    static int orderOf(int size) {
        int blocks = Math.max(1, (size + MIN_BLOCK_BYTES - 1) / MIN_BLOCK_BYTES);
        return Integer.SIZE - Integer.numberOfLeadingZeros(blocks - 1);
    }

    static int blockBytes(int order) {
        return MIN_BLOCK_BYTES << order;
    }

    int bytes() {
        return bytes;
    }

    /** Whether its memory was claimed from the system already. */
    boolean claimed() {
        return memory != null;
    }

    boolean hasFree(int order) {
        return order <= topOrder && freeCount[order] > 0;
    }

    /**
     * Takes a block of {@code wanted} out of a free one of {@code from}.
     *
     * @return its offset in bytes
     */
    int take(int from, int wanted) {
        int index = free[from].nextSetBit(0);
        remove(from, index);
        for (int order = from; order > wanted; order--) {
            index <<= 1;
            add(order - 1, index + 1);
        }
        return index * blockBytes(wanted);
    }

    void giveBack(int offset, int order) {
        int index = offset / blockBytes(order);
        int level = order;
        while (level < topOrder && free[level].get(index ^ 1)) {
            remove(level, index ^ 1);
            index >>= 1;
            level++;
        }
        add(level, index);
    }

    ByteBuffer slice(int offset, int length) {
        ByteBuffer whole = memory;
        if (whole == null) {
            whole =
                    ByteBuffer.allocateDirect(bytes + MIN_BLOCK_BYTES)
                            .alignedSlice(MIN_BLOCK_BYTES);
            memory = whole;
        }
        return whole.slice(offset, length);
    }

    private void add(int order, int index) {
        free[order].set(index);
        freeCount[order]++;
    }

    private void remove(int order, int index) {
        free[order].clear(index);
        freeCount[order]--;
    }
}
