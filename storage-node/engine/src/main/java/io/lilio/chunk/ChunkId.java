package io.lilio.chunk;

import java.util.Comparator;

/**
 * Names one chunk.
 *
 * @param blob the blob that it is a piece of
 * @param index its place in the blob, from 0
 * @param shard 0 under replication; the shard number once erasure coding exists
 */
public record ChunkId(BlobId blob, int index, int shard) implements Comparable<ChunkId> {

    private static final Comparator<ChunkId> ORDER =
            Comparator.comparing(ChunkId::blob)
                    .thenComparingInt(ChunkId::index)
                    .thenComparingInt(ChunkId::shard);

    public ChunkId {
        if (index < 0 || shard < 0) {
            throw new IllegalArgumentException(
                    "chunk index and shard are not negative: " + index + ", " + shard);
        }
    }

    /**
     * The partition that this chunk belongs to: a function of blob and index alone (the shards of a
     * chunk share their partition), fixed for ever, since stored data is found by it. The blob id
     * is random already; the multiplications are the finaliser of SplitMix64 (Steele, Lea, Flood,
     * "Fast Splittable Pseudorandom Number Generators", 2014).
     *
     * @param partitions how many partitions the key space is cut into
     * @return from 0 to {@code partitions - 1}
     */
    public int partition(int partitions) {
        long mixed = blob.high() ^ Long.rotateLeft(blob.low(), 32) ^ (index * 0x9E3779B97F4A7C15L);
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        mixed ^= mixed >>> 31;
        return (int) Math.unsignedMultiplyHigh(mixed, partitions);
    }

    @Override
    public int compareTo(ChunkId other) {
        return ORDER.compare(this, other);
    }

    /** Blob, index and, when it is not 0, shard. */
    @Override
    public String toString() {
        return blob + "." + index + (shard == 0 ? "" : "." + shard);
    }
}
