package io.lilio.chunk.backend.local;

import io.lilio.chunk.BlockChecksums;
import io.lilio.chunk.ChunkConflictException;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkHeaderCodec;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkMissingException;
import io.lilio.chunk.MarkedChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data directory that is open: index, segments and files, put together. Its methods are those of
 * a chunk store, but say what went wrong with the medium as {@link IOException}.
 *
 * <p>Thread-safe.
 */
final class LocalVolume {

    private static final Logger log = LoggerFactory.getLogger(LocalVolume.class);

    private final VolumeParts parts;
    private final LocalChunkStoreSettings settings;
    private final LocalRuntime runtime;
    private final ConcurrentMap<ChunkId, CompletableFuture<Void>> beingPut =
            new ConcurrentHashMap<>();

    LocalVolume(VolumeParts parts, LocalChunkStoreSettings settings, LocalRuntime runtime) {
        this.parts = parts;
        this.settings = settings;
        this.runtime = runtime;
    }

    void put(ChunkHeader header, ByteBuffer payload) throws IOException {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = beingPut.putIfAbsent(header.id(), mine);
        while (other != null) {
            other.join();
            other = beingPut.putIfAbsent(header.id(), mine);
        }
        try {
            if (!isStoredWhole(header)) {
                write(header, payload);
            }
        } finally {
            beingPut.remove(header.id());
            mine.complete(null);
        }
    }

    private void write(ChunkHeader header, ByteBuffer payload) throws IOException {
        byte[] encoded = ChunkHeaderCodec.encode(header);
        if (header.length() < settings.fileThresholdBytes()) {
            parts.appender().append(Append.ofNew(header, encoded, payload));
        } else {
            parts.threads()
                    .run(
                            () -> {
                                parts.files().write(header, encoded, payload);
                                return header;
                            });
        }
    }

    /** Whether nothing is to be done; what is stored but damaged makes room for the new copy. */
    private boolean isStoredWhole(ChunkHeader header) throws IOException {
        Optional<IndexEntry> stored = lookUp(header.id());
        if (stored.isEmpty()) {
            return false;
        }
        if (!stored.get().header().samePayload(header)) {
            throw new ChunkConflictException(header.id(), "other bytes are stored under its id");
        }
        return parts.threads().run(() -> isWholeOrRemoved(stored.get()));
    }

    private boolean isWholeOrRemoved(IndexEntry entry) throws IOException {
        try {
            parts.reader().verify(entry);
            return true;
        } catch (NoSuchFileException e) {
            Optional<IndexEntry> now = parts.index().get(entry.id());
            if (now.isPresent() && !now.get().location().equals(entry.location())) {
                return isWholeOrRemoved(now.get()); // compaction moved it meanwhile
            }
        } catch (ChunkCorruptException e) {
            // As if it were not there.
        } catch (IOException e) {
            requireOfChunk(entry, e);
        }
        remove(List.of(entry.id()));
        return false;
    }

    /**
     * @throws IOException the same, if it is not of this chunk
     */
    private void requireOfChunk(IndexEntry entry, IOException e) throws IOException {
        parts.requireOfOneChunk(e);
        log.warn("chunk {} cannot be read", entry.id(), e);
    }

    ChunkHeader read(ChunkId id, int offset, ByteBuffer target) throws IOException {
        IndexEntry entry = require(id, lookUp(id));
        BlockChecksums.requireWholeBlocks(entry.header(), offset, target.remaining());
        if (Thread.currentThread().isInterrupted()) {
            // Reading here would close the channel under every other reader.
            return parts.threads().run(() -> readFrom(entry, offset, target));
        }
        return readFrom(entry, offset, target);
    }

    private ChunkHeader readFrom(IndexEntry entry, int offset, ByteBuffer target)
            throws IOException {
        try {
            readAt(entry, offset, target);
            return entry.header();
        } catch (NoSuchFileException e) {
            IndexEntry now = require(entry.id(), lookUp(entry.id()));
            if (now.location().equals(entry.location())) {
                throw missing(entry, e);
            }
            readAt(now, offset, target); // compaction moved it meanwhile
            return now.header();
        }
    }

    private void readAt(IndexEntry entry, int offset, ByteBuffer target) throws IOException {
        try {
            parts.reader().read(entry, offset, target);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            requireOfChunk(entry, e);
            throw new ChunkCorruptException(entry.id(), e);
        }
    }

    private void verifyAt(IndexEntry entry) throws IOException {
        try {
            parts.reader().verify(entry);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            requireOfChunk(entry, e);
            throw new ChunkCorruptException(entry.id(), e);
        }
    }

    /** A certain answer only while the directory itself is there. */
    private IOException missing(IndexEntry entry, NoSuchFileException e) throws IOException {
        if (Files.isDirectory(parts.layout().segments())
                && Files.isDirectory(parts.layout().files())) {
            throw new ChunkMissingException(entry.id(), "its file is gone: " + e.getFile());
        }
        return e;
    }

    Optional<ChunkHeader> stat(ChunkId id) throws IOException {
        return lookUp(id).map(IndexEntry::header);
    }

    void verify(ChunkId id) throws IOException {
        parts.threads()
                .run(
                        () -> {
                            IndexEntry entry = require(id, parts.index().get(id));
                            try {
                                verifyAt(entry);
                            } catch (NoSuchFileException e) {
                                IndexEntry now = require(id, parts.index().get(id));
                                if (now.location().equals(entry.location())) {
                                    throw missing(entry, e);
                                }
                                verifyAt(now);
                            }
                            return id;
                        });
    }

    void delete(Collection<ChunkId> ids) throws IOException {
        if (!ids.isEmpty()) {
            parts.threads().run(() -> remove(ids));
        }
    }

    private List<IndexEntry> remove(Collection<ChunkId> ids) throws IOException {
        List<IndexEntry> removed =
                parts.index()
                        .change(
                                changes -> {
                                    List<IndexEntry> entries = new ArrayList<>();
                                    for (ChunkId id : new LinkedHashSet<>(ids)) {
                                        changes.remove(id).ifPresent(entries::add);
                                    }
                                    return entries;
                                });
        if (settings.durability() == Durability.FULL) {
            parts.index().sync();
        }
        for (IndexEntry entry : removed) {
            if (!entry.location().inSegment()) {
                parts.files().delete(entry.id(), entry.location());
                parts.reader().forget(entry.location());
            }
        }
        return removed;
    }

    List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) throws IOException {
        return parts.threads().run(() -> parts.index().list(partition, after, limit));
    }

    void confirm(Collection<ChunkId> ids) throws IOException {
        if (ids.isEmpty()) {
            return;
        }
        parts.threads()
                .run(
                        () ->
                                parts.index()
                                        .change(
                                                changes -> {
                                                    for (ChunkId id : new LinkedHashSet<>(ids)) {
                                                        changes.confirm(id);
                                                    }
                                                    return ids;
                                                }));
    }

    List<MarkedChunk> unconfirmed(Duration age, @Nullable MarkedChunk after, int limit)
            throws IOException {
        long now = nowMillis();
        long markedBy = now - age.toMillis();
        return parts.threads().run(() -> parts.index().marked(markedBy, now, after, limit));
    }

    void markAllUnconfirmed() throws IOException {
        parts.threads()
                .run(
                        () -> {
                            ChunkId after = null;
                            List<IndexEntry> page;
                            do {
                                page = parts.index().entriesAfter(after, 500);
                                mark(page);
                                after = page.isEmpty() ? after : page.getLast().id();
                            } while (!page.isEmpty());
                            parts.index().sync();
                            return page;
                        });
    }

    private void mark(List<IndexEntry> page) throws IOException {
        long now = nowMillis();
        parts.index()
                .change(
                        changes -> {
                            for (IndexEntry entry : page) {
                                changes.mark(entry.id(), now);
                            }
                            return page;
                        });
    }

    VolumeParts parts() {
        return parts;
    }

    private Optional<IndexEntry> lookUp(ChunkId id) throws IOException {
        ChunkIndex.CachedLookUp cached = parts.index().lookUpCached(id);
        return cached.decided() ? cached.entry() : parts.threads().run(() -> parts.index().get(id));
    }

    private static IndexEntry require(ChunkId id, Optional<IndexEntry> entry) {
        return entry.orElseThrow(() -> new ChunkMissingException(id, "it is not stored here"));
    }

    private long nowMillis() {
        return runtime.time().now().toEpochMilli();
    }
}
