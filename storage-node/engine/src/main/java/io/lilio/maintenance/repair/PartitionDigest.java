package io.lilio.maintenance.repair;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.maintenance.run.Run;
import io.lilio.replication.MemberClient;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a member holds of a partition, in 32 bytes: SHA-256 over ids and payload digests in order of
 * ids. Members that hold the same have the same; two that differ are compared chunk by chunk.
 */
record PartitionDigest(long chunks, byte[] sha256) {

    private static final int ID_BYTES = 2 * Long.BYTES + 2 * Integer.BYTES;

    /**
     * @throws io.lilio.chunk.ChunkStoreException when the member does not answer
     */
    static PartitionDigest of(MemberClient member, int partition, Run run) {
        var listing = new MemberListing(member, partition, run);
        MessageDigest digest = sha256Instance();
        ByteBuffer id = ByteBuffer.allocate(ID_BYTES);
        long chunks = 0;
        @Nullable ChunkHeader chunk = listing.peek();
        while (chunk != null) {
            ChunkId name = chunk.id();
            id.clear()
                    .putLong(name.blob().high())
                    .putLong(name.blob().low())
                    .putInt(name.index())
                    .putInt(name.shard());
            digest.update(id.array());
            digest.update(chunk.sha256());
            chunks++;
            listing.advance();
            chunk = listing.peek();
        }
        return new PartitionDigest(chunks, digest.digest());
    }

    private static MessageDigest sha256Instance() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
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
