package io.lilio.chunk.backend.local;

import io.lilio.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Changes to the index that happen together, and what they do to its sums. Lives within {@link
 * ChunkIndex#change}. An id may be changed once in a batch, since look-ups see what was before it.
 */
final class IndexBatch {

    private static final byte[] NOTHING = {};

    private final ChunkIndex index;
    private final IndexKeys keys;
    private final WriteBatch writes;
    private final Map<Container, Long> liveBefore;
    private final Map<Container, Long> changedLive = new HashMap<>();
    private final Set<Container> forgotten = new HashSet<>();
    private long segment;
    private long offset;
    private long bin;
    private long chunks;
    private long payloadBytes;
    private long fileBytes;
    private long unconfirmed;

    IndexBatch(
            ChunkIndex index,
            WriteBatch writes,
            IndexState before,
            Map<Container, Long> liveBefore) {
        this.index = index;
        this.keys = index.keys();
        this.writes = writes;
        this.liveBefore = liveBefore;
        segment = before.segment();
        offset = before.offset();
        bin = before.bin();
        chunks = before.chunks();
        payloadBytes = before.payloadBytes();
        fileBytes = before.fileBytes();
        unconfirmed = before.unconfirmed();
    }

    Optional<IndexEntry> get(ChunkId id) throws IndexException {
        return index.get(id);
    }

    /** Adds a chunk that is not there, with its mark. */
    void add(IndexEntry entry, byte[] encodedHeader) throws IndexException {
        put(keys.chunk(entry.id()), entry.encode(encodedHeader));
        put(keys.mark(entry.markedAtMillis(), entry.id()), NOTHING);
        chunks++;
        payloadBytes += entry.header().length();
        unconfirmed++;
        account(entry, 1);
    }

    /** Removes a chunk with its mark; remembers a file so that no recovery takes it in again. */
    Optional<IndexEntry> remove(ChunkId id) throws IndexException {
        Optional<IndexEntry> found = index.get(id);
        if (found.isPresent()) {
            IndexEntry entry = found.get();
            delete(keys.chunk(id));
            unmark(entry);
            chunks--;
            payloadBytes -= entry.header().length();
            account(entry, -1);
            if (!entry.location().inSegment()) {
                put(
                        IndexKeys.gone(entry.location().container(), entry.location().position()),
                        NOTHING);
            }
        }
        return found;
    }

    /**
     * Lets a chunk lie elsewhere, if it still lies where the caller thinks.
     *
     * @return whether it did
     */
    boolean move(ChunkId id, Location from, Location to) throws IndexException {
        Optional<IndexEntry> found = index.get(id).filter(entry -> entry.location().equals(from));
        if (found.isPresent()) {
            IndexEntry moved = found.get().at(to);
            put(keys.chunk(id), moved.encode());
            account(found.get(), -1);
            account(moved, 1);
        }
        return found.isPresent();
    }

    /** Takes the mark off. */
    void confirm(ChunkId id) throws IndexException {
        Optional<IndexEntry> found = index.get(id);
        if (found.isPresent()) {
            unmark(found.get());
        }
    }

    /** Puts the mark on a chunk that does not carry it. */
    void mark(ChunkId id, long nowMillis) throws IndexException {
        Optional<IndexEntry> found = index.get(id);
        if (found.isEmpty() || index.has(keys.mark(found.get().markedAtMillis(), id))) {
            return;
        }
        put(keys.chunk(id), found.get().markedAt(nowMillis).encode());
        put(keys.mark(nowMillis, id), NOTHING);
        unconfirmed++;
    }

    private void unmark(IndexEntry entry) throws IndexException {
        byte[] mark = keys.mark(entry.markedAtMillis(), entry.id());
        if (index.has(mark)) {
            delete(mark);
            unconfirmed--;
        }
    }

    /** All files of a bin that were deleted are surely gone, in a power loss too. */
    void forgetGone(byte[] goneKey) throws IndexException {
        delete(goneKey);
    }

    /** A segment was deleted. */
    void forgetSegment(long number) throws IndexException {
        forget(Container.segment(number));
    }

    /** Everything up to here in the segments is indexed. */
    void indexedUpTo(long segment, long offset) {
        this.segment = segment;
        this.offset = offset;
    }

    /** The files of all bins before this one are indexed. */
    void indexedBefore(long bin) {
        this.bin = bin;
    }

    private void account(IndexEntry entry, int sign) {
        Location location = entry.location();
        Container container = Container.of(location);
        long before = liveBefore.getOrDefault(container, 0L);
        long now = changedLive.getOrDefault(container, before);
        changedLive.put(container, now + sign * entry.storedBytes());
        if (!location.inSegment()) {
            fileBytes += sign * entry.storedBytes();
        }
    }

    void finish() throws IndexException {
        for (Map.Entry<Container, Long> live : changedLive.entrySet()) {
            Container container = live.getKey();
            if (container.kind() == Location.Kind.FILE && live.getValue() <= 0) {
                forget(container);
            } else {
                byte[] bytes = ByteBuffer.allocate(8).putLong(live.getValue()).array();
                put(IndexKeys.live(container), bytes);
            }
        }
        put(IndexKeys.STATE, state().encode());
    }

    IndexState state() {
        return new IndexState(segment, offset, bin, chunks, payloadBytes, fileBytes, unconfirmed);
    }

    private void forget(Container container) throws IndexException {
        delete(IndexKeys.live(container));
        forgotten.add(container);
    }

    Map<Container, Long> changedLiveBytes() {
        return changedLive;
    }

    Set<Container> forgotten() {
        return forgotten;
    }

    private void put(byte[] key, byte[] value) throws IndexException {
        try {
            writes.put(key, value);
        } catch (RocksDBException e) {
            throw new IndexException(e);
        }
    }

    private void delete(byte[] key) throws IndexException {
        try {
            writes.delete(key);
        } catch (RocksDBException e) {
            throw new IndexException(e);
        }
    }
}
