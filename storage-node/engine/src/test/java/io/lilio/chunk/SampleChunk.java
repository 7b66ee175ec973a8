package io.lilio.chunk;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.UUID;

/**
 * A chunk for tests: everything in it follows from a seed and a length.
 *
 * @param header its header
 * @param payload its bytes, direct; position 0
 */
public record SampleChunk(ChunkHeader header, ByteBuffer payload) {

    /** Of the ring under which it is written. */
    public static final long EPOCH = 7;

    /** The key of every sample. */
    public static final ChunkOwner OWNER =
            new ChunkOwner.OfObject(new UUID(1, 2), "photos/2026/Äpfel and 梨.jpg");

    public static SampleChunk of(long seed, int length) {
        return of(seed, length, OWNER);
    }

    public static SampleChunk of(long seed, int length, ChunkOwner owner) {
        Random random = new Random(seed);
        ChunkId id = new ChunkId(BlobId.random(random), random.nextInt(3), 0);
        return of(id, owner, seed, length);
    }

    /** A chunk with a given name; the seed decides its bytes. */
    public static SampleChunk of(ChunkId id, ChunkOwner owner, long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(~seed).nextBytes(bytes);
        ByteBuffer payload = ByteBuffer.allocateDirect(length).put(bytes).flip();
        ChunkOrigin origin = new ChunkOrigin(EPOCH, 1_000_000 + seed, 42, owner);
        return new SampleChunk(ChunkHeader.of(id, origin, payload), payload);
    }

    public ChunkId id() {
        return header.id();
    }

    /** Puts it into a store. */
    public SampleChunk putInto(ChunkStore store) {
        store.put(header, payload);
        return this;
    }

    /** Its bytes as an array of their own. */
    public byte[] bytes() {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return bytes;
    }

    /** Reads all of it back, verified. */
    public byte[] readFrom(ChunkStore store) {
        ByteBuffer target = ByteBuffer.allocateDirect(header.length());
        store.read(id(), 0, target);
        byte[] bytes = new byte[header.length()];
        target.flip().get(bytes);
        return bytes;
    }
}
