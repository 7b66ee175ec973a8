package io.lilio.server.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkHeaderCodec;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.MarkedChunk;
import io.lilio.chunk.PartitionDigest;
import io.lilio.metadata.Progress;
import io.lilio.server.rpc.message.Digest;
import io.lilio.server.rpc.message.Health;
import io.lilio.server.rpc.message.Marked;
import io.lilio.server.rpc.message.Usage;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Chunks and what is said of them, as they stand in messages. What cannot be read is a bad frame.
 */
final class ChunkMessages {

    private static final int UUID_BYTES = 16;

    private ChunkMessages() {}

    static io.lilio.server.rpc.message.Progress progress(Progress progress) {
        return io.lilio.server.rpc.message.Progress.newBuilder()
                .setAcknowledged(progress.acknowledged())
                .setBeats(progress.beats())
                .setRevision(progress.revision())
                .build();
    }

    static Progress progress(io.lilio.server.rpc.message.Progress message) {
        return new Progress(message.getAcknowledged(), message.getBeats(), message.getRevision());
    }

    static ByteString uuid(UUID uuid) {
        ByteBuffer bytes = ByteBuffer.allocate(UUID_BYTES);
        bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        return UnsafeByteOperations.unsafeWrap(bytes.flip());
    }

    static UUID uuid(ByteString bytes) throws FrameException {
        if (bytes.size() != UUID_BYTES) {
            throw new FrameException("a UUID has 16 bytes, not " + bytes.size());
        }
        ByteBuffer from = bytes.asReadOnlyByteBuffer();
        return new UUID(from.getLong(), from.getLong());
    }

    static ByteString ids(Collection<ChunkId> ids) {
        ByteBuffer bytes = ByteBuffer.allocate(ids.size() * ChunkHeaderCodec.ID_BYTES);
        ids.forEach(id -> ChunkHeaderCodec.writeId(id, bytes));
        return UnsafeByteOperations.unsafeWrap(bytes.flip());
    }

    static List<ChunkId> ids(ByteString bytes) throws FrameException {
        if (bytes.size() % ChunkHeaderCodec.ID_BYTES != 0) {
            throw new FrameException("chunk ids are cut off");
        }
        ByteBuffer from = bytes.asReadOnlyByteBuffer();
        List<ChunkId> ids = new ArrayList<>();
        try {
            while (from.hasRemaining()) {
                ids.add(ChunkHeaderCodec.readId(from));
            }
        } catch (IllegalArgumentException e) {
            throw new FrameException("a chunk id is none: " + e.getMessage());
        }
        return ids;
    }

    static ChunkId id(ByteString bytes) throws FrameException {
        List<ChunkId> ids = ids(bytes);
        if (ids.size() != 1) {
            throw new FrameException("one chunk id was expected, not " + ids.size());
        }
        return ids.getFirst();
    }

    static ByteString header(ChunkHeader header) {
        byte[] encoded = ChunkHeaderCodec.encode(header);
        ByteBuffer bytes = ByteBuffer.allocate(ChunkHeaderCodec.ID_BYTES + encoded.length);
        ChunkHeaderCodec.writeId(header.id(), bytes);
        return UnsafeByteOperations.unsafeWrap(bytes.put(encoded).flip());
    }

    static ChunkHeader header(ByteString bytes) throws FrameException {
        ByteBuffer from = bytes.asReadOnlyByteBuffer();
        try {
            return ChunkHeaderCodec.decode(ChunkHeaderCodec.readId(from), from);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new FrameException("a chunk header cannot be read: " + e.getMessage());
        }
    }

    static Marked marked(MarkedChunk marked) {
        Instant since = marked.since();
        return Marked.newBuilder()
                .setSinceSeconds(since.getEpochSecond())
                .setSinceNanos(since.getNano())
                .setHeader(header(marked.header()))
                .build();
    }

    static MarkedChunk marked(Marked marked) throws FrameException {
        try {
            return new MarkedChunk(
                    Instant.ofEpochSecond(marked.getSinceSeconds(), marked.getSinceNanos()),
                    header(marked.getHeader()));
        } catch (java.time.DateTimeException e) {
            throw new FrameException("a time cannot be read: " + e.getMessage());
        }
    }

    static Digest digest(PartitionDigest digest) {
        return Digest.newBuilder()
                .setChunks(digest.chunks())
                .setSha256(ByteString.copyFrom(digest.sha256()))
                .build();
    }

    static PartitionDigest digest(Digest digest) {
        return new PartitionDigest(digest.getChunks(), digest.getSha256().toByteArray());
    }

    static Usage usage(BackendUsage usage) {
        return Usage.newBuilder()
                .setChunks(usage.chunks())
                .setPayloadBytes(usage.payloadBytes())
                .setStoredBytes(usage.storedBytes())
                .setUnconfirmed(usage.unconfirmed())
                .setLoss(usage.loss())
                .build();
    }

    static BackendUsage usage(Usage usage) {
        return new BackendUsage(
                usage.getChunks(),
                usage.getPayloadBytes(),
                usage.getStoredBytes(),
                usage.getUnconfirmed(),
                usage.getLoss());
    }

    static Health health(BackendHealth health) {
        Health.State state =
                switch (health.state()) {
                    case UP -> Health.State.UP;
                    case FULL -> Health.State.FULL;
                    case READ_ONLY -> Health.State.READ_ONLY;
                    case FAILED -> Health.State.FAILED;
                };
        return Health.newBuilder()
                .setState(state)
                .setCapacityBytes(health.capacityBytes())
                .setFreeBytes(health.freeBytes())
                .setDetail(health.detail())
                .setTimesEmptied(health.timesEmptied())
                .build();
    }

    /** A state that only a newer node knows is none to rely upon. */
    static BackendHealth health(Health health) {
        BackendHealth.State state =
                switch (health.getState()) {
                    case UP -> BackendHealth.State.UP;
                    case FULL -> BackendHealth.State.FULL;
                    case READ_ONLY -> BackendHealth.State.READ_ONLY;
                    case FAILED, UNKNOWN, UNRECOGNIZED -> BackendHealth.State.FAILED;
                };
        return new BackendHealth(
                state,
                health.getCapacityBytes(),
                health.getFreeBytes(),
                health.getDetail(),
                health.getTimesEmptied());
    }
}
