package io.lilio.chunk;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What a store holds of a partition, in 32 bytes: SHA-256 over ids ({@link
 * ChunkHeaderCodec#writeId}) and payload digests in order of ids. Stores that hold the same have
 * the same; two that differ are compared chunk by chunk. Fixed for ever: nodes of different
 * releases compare theirs.
 *
 * @param chunks how many chunks it covers
 * @param sha256 32 bytes, not to be changed by anyone
 */
public record PartitionDigest(long chunks, byte[] sha256) {

    private static final int PAGE = 1_000;

    /** Lists a partition and digests it: a page of headers in memory at a time. */
    static PartitionDigest of(ChunkStore store, int partition) {
        MessageDigest digest = ChunkHeader.newSha256();
        ByteBuffer id = ByteBuffer.allocate(ChunkHeaderCodec.ID_BYTES);
        long chunks = 0;
        List<ChunkHeader> page = store.list(partition, null, PAGE);
        while (!page.isEmpty()) {
            for (ChunkHeader chunk : page) {
                ChunkHeaderCodec.writeId(chunk.id(), id.clear());
                digest.update(id.array());
                digest.update(chunk.sha256());
            }
            chunks += page.size();
            page =
                    page.size() < PAGE
                            ? List.of()
                            : store.list(partition, page.getLast().id(), PAGE);
        }
        return new PartitionDigest(chunks, digest.digest());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PartitionDigest that
                && chunks == that.chunks
                && Arrays.equals(sha256, that.sha256);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sha256);
    }

    @Override
    public String toString() {
        return chunks + " chunks, " + HexFormat.of().formatHex(sha256);
    }
}
