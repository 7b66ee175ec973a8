package io.lilio.chunk.backend.local;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes chunks into files of their own, in bins that are filled one after the other. Thread-safe;
 * its methods block on the medium.
 */
final class ChunkFiles implements Closeable {

    private static final int FILES_PER_BIN = 1024;

    private final Path directory;
    private final Forcing forcing;
    private final DirectWrites direct;
    private final FrameBuffers frames = new FrameBuffers();
    private final ChunkIndex index;
    private final LocalRuntime runtime;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, Bin> busy = new TreeMap<>();
    private long nextBin;
    private @Nullable Bin current;

    /**
     * @param nextBin the first bin that does not exist yet
     */
    ChunkFiles(
            Path directory,
            long nextBin,
            DirectWrites direct,
            Forcing forcing,
            ChunkIndex index,
            LocalRuntime runtime) {
        this.directory = directory;
        this.nextBin = nextBin;
        this.direct = direct;
        this.forcing = forcing;
        this.index = index;
        this.runtime = runtime;
    }

    /** Writes a chunk; returns when it is durable and indexed. */
    void write(ChunkHeader header, byte[] encodedHeader, ByteBuffer payload) throws IOException {
        Place place = begin();
        try {
            writeTo(place, header, encodedHeader, payload);
        } finally {
            release(place.bin());
        }
    }

    /** A name that no other file has, in a bin that stays open until it is released. */
    private record Place(Bin bin, long serial) {}

    private Place begin() throws IOException {
        lock.lock();
        try {
            Bin bin = currentBin();
            return new Place(bin, bin.begin());
        } finally {
            lock.unlock();
        }
    }

    private void writeTo(Place place, ChunkHeader header, byte[] encodedHeader, ByteBuffer payload)
            throws IOException {
        Bin bin = place.bin();
        long serial = place.serial();
        Path file = bin.directory().resolve(new ChunkFileName(header.id(), serial).toString());
        int frameBytes = ChunkFrame.fileFrameBytes(encodedHeader);
        try {
            writeFile(file, header.id(), encodedHeader, payload);
            bin.syncNames();
            long now = runtime.time().now().toEpochMilli();
            Location location = Location.inFile(bin.number(), serial, frameBytes);
            index.change(
                    changes -> {
                        changes.add(new IndexEntry(header, location, now), encodedHeader);
                        changes.indexedBefore(lowestBusyBin());
                        return serial;
                    });
        } catch (IOException e) {
            if (!(e instanceof IndexException)) {
                leave(bin);
            }
            deleteQuietly(file, e);
            throw e;
        }
    }

    private void writeFile(Path file, ChunkId id, byte[] encodedHeader, ByteBuffer payload)
            throws IOException {
        ByteBuffer frame = frames.take(ChunkFrame.fileFrameBytes(encodedHeader));
        try {
            ChunkFrame.write(id, encodedHeader, false, 0, frame);
            while (frame.hasRemaining()) {
                frame.put((byte) 0);
            }
            ByteBuffer[] all = {frame.flip(), payload.duplicate()};
            try (FileChannel channel = FileChannel.open(file, direct.options(payload))) {
                while (all[1].hasRemaining()) {
                    channel.write(all);
                }
                forcing.force(channel, file);
            }
        } finally {
            frames.giveBack(frame);
        }
    }

    /** A failed write must not leave half a file; the failure itself is what counts. */
    private static void deleteQuietly(Path file, IOException failure) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    Path path(ChunkId id, Location location) {
        return Bin.path(directory, location.container())
                .resolve(new ChunkFileName(id, location.position()).toString());
    }

    /** Removes a file; one that is gone already is no error. */
    void delete(ChunkId id, Location location) throws IOException {
        try {
            Files.delete(path(id, location));
        } catch (NoSuchFileException e) {
            return; // what was wanted
        }
    }

    private Bin currentBin() throws IOException {
        Bin bin = current;
        if (bin == null || bin.files() >= FILES_PER_BIN) {
            Bin fresh = Bin.create(directory, nextBin, forcing);
            nextBin++;
            busy.put(fresh.number(), fresh);
            current = fresh;
            if (bin != null) {
                closeIfDone(bin);
            }
            bin = fresh;
        }
        return bin;
    }

    /** Fills a bin no longer: it may be gone, and after a sync that failed none is tried again. */
    private void leave(Bin bin) {
        lock.lock();
        try {
            if (current == bin) {
                current = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void release(Bin bin) throws IOException {
        lock.lock();
        try {
            bin.end();
            closeIfDone(bin);
        } finally {
            lock.unlock();
        }
    }

    private void closeIfDone(Bin bin) throws IOException {
        if (bin != current && bin.isIdle() && busy.remove(bin.number()) != null) {
            bin.close();
        }
    }

    /** All files of the bins before this one are indexed, or will never be. */
    private long lowestBusyBin() {
        lock.lock();
        try {
            return busy.firstKey();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            for (Bin bin : busy.values()) {
                bin.close();
            }
            busy.clear();
            current = null;
        } finally {
            lock.unlock();
        }
    }
}
