package io.lilio.chunk.backend.local;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendHealth.State;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.BlockChecksums;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.MarkedChunk;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chunks in a directory of this machine (see the package description for the layout).
 *
 * <p>It looks after the directory by itself, once per {@code probeInterval} and whenever a call
 * fails: a full medium is {@link State#FULL} until there is room, one that refuses writes is {@link
 * State#READ_ONLY} until it takes them, and a directory that was taken away is {@link State#FAILED}
 * until it is back. Then it is opened again with whatever is there. A directory that comes back
 * empty on the same file system is taken up under its old identity (if the settings allow it) and
 * counted ({@link BackendHealth#timesEmptied}): its owner then has to have it filled from the
 * others. One that comes back empty on another file system is a mount that failed, and stays out.
 *
 * <p>While it is FAILED every call fails at once. Calls that touch the medium otherwise take as
 * long as the medium does; callers set their own deadlines.
 */
public final class LocalChunkStore implements ChunkStore {

    private final LocalChunkStoreSettings settings;
    private final VolumeKeeper keeper;

    private LocalChunkStore(LocalChunkStoreSettings settings, VolumeKeeper keeper) {
        this.settings = settings;
        this.keeper = keeper;
    }

    /**
     * Opens the chunks of a directory, after bringing the index level with what is there. When the
     * medium does not allow that now, the store begins as FAILED and goes on trying.
     *
     * @param directory stays open for as long as the store; closed with it. One that is {@linkplain
     *     DataDirectory#awaited awaited} is opened when it is there
     * @throws BackendException with a sentence for people when the directory holds chunks that are
     *     indexed by another number of partitions than the settings have: it was filled under other
     *     metadata. Nothing is changed, and the directory stays open. One that is found so later is
     *     FAILED for as long
     */
    public static LocalChunkStore open(
            DataDirectory directory, LocalChunkStoreSettings settings, LocalRuntime runtime) {
        return open(directory, settings, runtime, Forcing.of(settings.durability()));
    }

    static LocalChunkStore open(
            DataDirectory directory,
            LocalChunkStoreSettings settings,
            LocalRuntime runtime,
            Forcing forcing) {
        VolumeKeeper keeper = new VolumeKeeper(directory, settings, runtime, forcing);
        keeper.start();
        return new LocalChunkStore(settings, keeper);
    }

    @Override
    public void put(ChunkHeader header, ByteBuffer payload) {
        if (payload.remaining() != header.length()) {
            throw new ChunkCorruptException(
                    header.id(),
                    "%d bytes arrived of %d".formatted(payload.remaining(), header.length()));
        }
        BlockChecksums.verify(header, 0, payload);
        keeper.requireRoomFor(header.length());
        keeper.write(
                volume -> {
                    volume.put(header, payload);
                    return header;
                });
    }

    @Override
    public ChunkHeader read(ChunkId id, int offset, ByteBuffer target) {
        return keeper.read(volume -> volume.read(id, offset, target));
    }

    @Override
    public Optional<ChunkHeader> stat(ChunkId id) {
        return keeper.read(volume -> volume.stat(id));
    }

    @Override
    public void delete(Collection<ChunkId> ids) {
        keeper.remove(
                volume -> {
                    volume.delete(ids);
                    return ids;
                });
    }

    @Override
    public List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) {
        return keeper.read(volume -> volume.list(partition, after, limit));
    }

    @Override
    public void confirm(Collection<ChunkId> ids, long epoch) {
        keeper.remove(
                volume -> {
                    volume.confirm(ids);
                    return ids;
                });
    }

    @Override
    public void refilled(long loss) {
        keeper.refilled(loss);
    }

    @Override
    public List<MarkedChunk> unconfirmed(Duration age, @Nullable MarkedChunk after, int limit) {
        return keeper.read(volume -> volume.unconfirmed(age, after, limit));
    }

    @Override
    public void markAllUnconfirmed() {
        keeper.remove(
                volume -> {
                    volume.markAllUnconfirmed();
                    return volume;
                });
    }

    @Override
    public void verify(ChunkId id) {
        keeper.read(
                volume -> {
                    volume.verify(id);
                    return id;
                });
    }

    @Override
    public BackendHealth health() {
        return keeper.health();
    }

    @Override
    public BackendUsage usage() {
        return keeper.usage();
    }

    /** Looks at the directory now instead of at the next probe, and reopens it if that helps. */
    public void probe() {
        keeper.probe();
    }

    /** Reclaims dead space now, as far as the settings find it worthwhile, at full speed. */
    public void compact() {
        keeper.maintain(Long.MAX_VALUE);
    }

    LocalChunkStoreSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        keeper.close();
    }
}
