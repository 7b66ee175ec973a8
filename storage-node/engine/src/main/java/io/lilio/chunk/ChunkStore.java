package io.lilio.chunk;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place that keeps chunks: a backend. Every implementation passes the same contract test.
 *
 * <p>Thread-safe. Calls block (callers run on virtual threads); none of them waits for ever. A
 * chunk, once stored, never changes. What fails throws a {@link ChunkStoreException}, whose
 * subtypes tell absence, corruption and an unwell backend apart. Nothing here knows quorums, owners
 * or rings.
 *
 * <p>Not promised: the order in which concurrent calls take effect; that a failed {@link #put} left
 * nothing behind (it may be there, whole, or not at all, never in part).
 */
public interface ChunkStore extends AutoCloseable {

    /**
     * Stores a chunk together with a durable <em>unconfirmed</em> mark. Returns when both survive a
     * power loss (as far as the backend's configured durability goes). The payload is verified
     * against the header's block checksums first. Storing the same chunk again is a success without
     * effect (its mark stays as it was), unless what is stored turns out to be damaged or lost, by
     * the measure of {@link #verify}: then it is replaced, with a new mark.
     *
     * @param payload from position to limit the bytes, {@code header.length()} of them; neither
     *     changed nor kept after the call returns
     * @throws ChunkCorruptException when the payload does not match the header: nothing is stored
     * @throws ChunkConflictException when other bytes are stored under this id already
     * @throws BackendException when the backend is full, read-only, closed or failing
     */
    void put(ChunkHeader header, ByteBuffer payload);

    /**
     * Reads and verifies part of a chunk.
     *
     * @param offset a multiple of {@link ChunkHeader#BLOCK_BYTES}
     * @param target receives bytes from its position on: {@code target.remaining()} of them, which
     *     is a multiple of the block size or reaches exactly to the chunk's end; direct buffers
     *     avoid a copy. Its position is then its limit; after an exception its content is undefined
     *     and its position unchanged
     * @return the chunk's header
     * @throws ChunkMissingException when the chunk is not here
     * @throws ChunkCorruptException when it is here but what was read is not what was written
     * @throws BackendException when the backend cannot tell
     */
    ChunkHeader read(ChunkId id, int offset, ByteBuffer target);

    /** The header of a chunk that is here, as far as can be known without reading its payload. */
    Optional<ChunkHeader> stat(ChunkId id);

    /**
     * Removes chunks and their marks; those that are not here are passed over. Returns when that is
     * durable.
     */
    void delete(Collection<ChunkId> ids);

    /**
     * Chunks of one partition in order of their ids.
     *
     * @param after the last id of the page before, or null for the first page
     * @param limit 1 to 10,000
     */
    List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit);

    /**
     * What is here of one partition, in a few bytes: equal wherever {@link #list} would be. Costs
     * as much as listing it, where the chunks are.
     */
    default PartitionDigest digest(int partition) {
        return PartitionDigest.of(this, partition);
    }

    /**
     * Says that everything has been brought level since a loss of chunks, so that what is not
     * listed here is known not to be missing. Another loss that came after it stays. A store that
     * does not outlive what it holds does nothing.
     *
     * @param loss as {@link BackendUsage#loss} told it before that began
     */
    default void refilled(long loss) {}

    /**
     * Takes the unconfirmed mark off chunks, durably but possibly later: losing a removal is
     * harmless.
     *
     * @param epoch of the ring under which it was decided that their copies are where they belong;
     *     a store that knows a ring does nothing when it is older
     */
    void confirm(Collection<ChunkId> ids, long epoch);

    /**
     * Chunks that have carried their unconfirmed mark for at least {@code age}, oldest marks first
     * as far as known. Marks from the future, of a clock that was ahead, count as old: nobody knows
     * when that future comes.
     *
     * @param after the last one of the page before, whether or not it is still there and marked; or
     *     null for the first page
     * @param limit 1 to 10,000
     */
    List<MarkedChunk> unconfirmed(Duration age, @Nullable MarkedChunk after, int limit);

    /** Puts the unconfirmed mark on every chunk (a readmitted member, DESIGN §9). */
    void markAllUnconfirmed();

    /**
     * Reads the whole chunk from its medium, header included, and verifies everything (scrub).
     *
     * @throws ChunkMissingException when the chunk is not here, or its file or segment is gone
     * @throws ChunkCorruptException when anything differs from what was written
     */
    void verify(ChunkId id);

    /** How the backend fares, from its latest operations; never blocks on the medium for long. */
    BackendHealth health();

    /** Bytes, chunks and marks kept here. Cheap: kept up to date, not counted. */
    BackendUsage usage();

    /** Refuses new calls, waits for those under way and releases files and locks. Idempotent. */
    @Override
    void close();
}
