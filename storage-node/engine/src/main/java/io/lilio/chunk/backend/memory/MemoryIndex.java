package io.lilio.chunk.backend.memory;

import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.MarkedChunk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which chunks are here, by partition and id, and which of them are unconfirmed. Thread-safe. */
final class MemoryIndex {

    private final int partitions;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, NavigableMap<ChunkId, StoredChunk>> chunks = new HashMap<>();
    private final Map<ChunkId, Mark> marks = new HashMap<>();
    private final TreeSet<Mark> marksByAge = new TreeSet<>();
    private long count;
    private long payloadBytes;

    MemoryIndex(int partitions) {
        this.partitions = partitions;
    }

    /**
     * Adds a chunk with its mark.
     *
     * @return the one that was there before and still is, or null when this one was added
     */
    @Nullable StoredChunk addUnlessThere(StoredChunk stored, Instant now) {
        return locked(
                        () -> {
                            ChunkId id = stored.header().id();
                            StoredChunk earlier = partitionOf(id).putIfAbsent(id, stored);
                            if (earlier != null) {
                                return Optional.of(earlier);
                            }
                            count++;
                            payloadBytes += stored.header().length();
                            mark(id, now);
                            return Optional.<StoredChunk>empty();
                        })
                .orElse(null);
    }

    /** A chunk, with a reference on its bytes that the caller releases. */
    @Nullable StoredChunk retained(ChunkId id) {
        return locked(
                        () -> {
                            Optional<StoredChunk> stored =
                                    Optional.ofNullable(partitionOf(id).get(id));
                            stored.ifPresent(chunk -> chunk.bytes().retain());
                            return stored;
                        })
                .orElse(null);
    }

    Optional<ChunkHeader> header(ChunkId id) {
        return locked(() -> Optional.ofNullable(partitionOf(id).get(id)).map(StoredChunk::header));
    }

    /** Removes what is here of these; the caller releases what it gets. */
    List<StoredChunk> remove(Collection<ChunkId> ids) {
        return locked(() -> ids.stream().flatMap(id -> remove(id).stream()).toList());
    }

    /** Removes a copy unless another has taken its place; the caller releases what it gets. */
    Optional<StoredChunk> remove(StoredChunk copy) {
        ChunkId id = copy.header().id();
        return locked(() -> copy.equals(partitionOf(id).get(id)) ? remove(id) : Optional.empty());
    }

    List<StoredChunk> removeAll() {
        return locked(
                () -> {
                    List<ChunkId> all =
                            chunks.values().stream().flatMap(of -> of.keySet().stream()).toList();
                    return all.stream().flatMap(id -> remove(id).stream()).toList();
                });
    }

    List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) {
        return locked(
                () -> {
                    NavigableMap<ChunkId, StoredChunk> of =
                            chunks.getOrDefault(partition, new TreeMap<>());
                    Collection<StoredChunk> rest =
                            after == null ? of.values() : of.tailMap(after, false).values();
                    return rest.stream().limit(limit).map(StoredChunk::header).toList();
                });
    }

    void confirm(Collection<ChunkId> ids) {
        locked(
                () -> {
                    ids.forEach(this::unmark);
                    return ids;
                });
    }

    /** The chunks marked no later than that, oldest marks first. */
    List<MarkedChunk> unconfirmed(
            Instant markedBy, Instant now, @Nullable MarkedChunk after, int limit) {
        return locked(
                () -> {
                    List<MarkedChunk> found = new ArrayList<>();
                    SortedSet<Mark> rest =
                            after == null
                                    ? marksByAge
                                    : marksByAge.tailSet(
                                            new Mark(after.since(), after.header().id()), false);
                    for (Mark mark : rest) {
                        if (found.size() == limit) {
                            break;
                        }
                        if (mark.since().isAfter(markedBy) && !mark.since().isAfter(now)) {
                            continue;
                        }
                        Optional.ofNullable(partitionOf(mark.id()).get(mark.id()))
                                .ifPresent(
                                        stored ->
                                                found.add(
                                                        new MarkedChunk(
                                                                mark.since(), stored.header())));
                    }
                    return found;
                });
    }

    void markAll(Instant now) {
        locked(
                () -> {
                    for (NavigableMap<ChunkId, StoredChunk> of : chunks.values()) {
                        of.keySet().forEach(id -> mark(id, now));
                    }
                    return now;
                });
    }

    BackendUsage usage(long storedBytes) {
        return locked(() -> new BackendUsage(count, payloadBytes, storedBytes, marks.size(), 0));
    }

    private NavigableMap<ChunkId, StoredChunk> partitionOf(ChunkId id) {
        return chunks.computeIfAbsent(id.partition(partitions), p -> new TreeMap<>());
    }

    private Optional<StoredChunk> remove(ChunkId id) {
        Optional<StoredChunk> removed = Optional.ofNullable(partitionOf(id).remove(id));
        removed.ifPresent(
                stored -> {
                    unmark(id);
                    count--;
                    payloadBytes -= stored.header().length();
                });
        return removed;
    }

    private void mark(ChunkId id, Instant now) {
        if (!marks.containsKey(id)) {
            Mark mark = new Mark(now, id);
            marks.put(id, mark);
            marksByAge.add(mark);
        }
    }

    private void unmark(ChunkId id) {
        Mark mark = marks.remove(id);
        if (mark != null) {
            marksByAge.remove(mark);
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Since when a chunk is unconfirmed. */
    private record Mark(Instant since, ChunkId id) implements Comparable<Mark> {

        private static final Comparator<Mark> ORDER =
                Comparator.comparing(Mark::since).thenComparing(Mark::id);

        @Override
        public int compareTo(Mark other) {
            return ORDER.compare(this, other);
        }
    }
}
