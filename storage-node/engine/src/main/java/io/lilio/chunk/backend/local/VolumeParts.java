package io.lilio.chunk.backend.local;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an open data directory consists of. Opens it, and closes it in the right order. */
final class VolumeParts {

    private static final Logger log = LoggerFactory.getLogger(VolumeParts.class);

    private final VolumeLayout layout;
    private final List<FileIdentity> directories;
    private final IoThreads threads;
    private final ChunkIndex index;
    private final OpenFiles openFiles;
    private final ChunkReader reader;
    private final ChunkFiles files;
    private final SegmentSizes sizes = new SegmentSizes();
    private final SegmentAppender appender;

    private VolumeParts(
            VolumeLayout layout,
            LocalChunkStoreSettings settings,
            LocalRuntime runtime,
            Forcing forcing,
            Opening opening)
            throws IOException {
        ChunkIndex index = opening.index();
        this.layout = layout;
        this.directories =
                List.of(
                        FileIdentity.of(layout.index()),
                        FileIdentity.of(layout.segments()),
                        FileIdentity.of(layout.files()));
        this.index = index;
        long now = runtime.time().now().toEpochMilli();
        Recovery.Result recovered = new Recovery(layout, index, sizes, opening.losses(), now).run();
        this.threads =
                new IoThreads(
                        String.valueOf(layout.root().getFileName()),
                        settings.ioThreads(),
                        runtime.platformThreads());
        this.openFiles = new OpenFiles(settings.openFiles());
        this.reader = new ChunkReader(layout, openFiles);
        this.files =
                new ChunkFiles(
                        layout.files(),
                        recovered.nextBin(),
                        settings.directWrites() && settings.durability() == Durability.FULL
                                ? DirectWrites.in(layout.root())
                                : DirectWrites.NONE,
                        forcing,
                        index,
                        runtime);
        this.appender =
                new SegmentAppender(
                        layout.segments(),
                        new SegmentAppender.Settings(
                                settings.segmentBytes(),
                                forcing,
                                recovered.resumed(),
                                recovered.nextSegment()),
                        index,
                        sizes,
                        runtime);
    }

    /** What is brought level, and where it is noted if something is missing. */
    private record Opening(ChunkIndex index, Losses losses) {}

    /**
     * Opens what lies in a directory and brings the index level with it.
     *
     * @param losses of that directory
     */
    static VolumeParts open(
            Losses losses,
            Path root,
            LocalChunkStoreSettings settings,
            LocalRuntime runtime,
            Forcing forcing)
            throws IOException {
        VolumeLayout layout = new VolumeLayout(root);
        layout.create();
        ChunkIndex index = openIndex(layout, settings, runtime, forcing);
        try {
            return new VolumeParts(layout, settings, runtime, forcing, new Opening(index, losses));
        } catch (IOException | RuntimeException e) {
            index.close();
            throw e;
        }
    }

    /** A damaged index is thrown away: everything in it can be had from segments and files. */
    private static ChunkIndex openIndex(
            VolumeLayout layout,
            LocalChunkStoreSettings settings,
            LocalRuntime runtime,
            Forcing forcing)
            throws IOException {
        try {
            return ChunkIndex.open(
                    layout.index(), settings.partitions(), runtime.rocksMemory(), forcing);
        } catch (IndexException e) {
            if (!e.isCorrupt() || !Files.isDirectory(layout.index())) {
                throw e;
            }
            log.error("the index {} is damaged and thrown away", layout.index(), e);
            layout.deleteIndex();
            return ChunkIndex.open(
                    layout.index(), settings.partitions(), runtime.rocksMemory(), forcing);
        }
    }

    /** Whether its directories are those that were opened. */
    boolean isInPlace() {
        return directories.stream().allMatch(FileIdentity::isInPlace);
    }

    /**
     * An I/O error of one chunk (a sector that has become unreadable) is damage, which others have
     * good copies to mend with. One that has to do with the whole backend, or with this process, is
     * given on: there is no reason to replace what can be read again later.
     *
     * @param e met while a chunk was read
     * @throws IOException the same, if it is not of that chunk
     */
    void requireOfOneChunk(IOException e) throws IOException {
        if (e instanceof ClosedChannelException
                || MediumFault.of(e) != MediumFault.IO
                || MediumFault.isOfNoFile(e)
                || !isInPlace()) {
            throw e;
        }
        try (var _ = FileChannel.open(layout.segments(), StandardOpenOption.READ)) {
            return;
        } catch (IOException all) {
            e.addSuppressed(all);
            throw e;
        }
    }

    VolumeLayout layout() {
        return layout;
    }

    IoThreads threads() {
        return threads;
    }

    ChunkIndex index() {
        return index;
    }

    ChunkReader reader() {
        return reader;
    }

    ChunkFiles files() {
        return files;
    }

    SegmentSizes sizes() {
        return sizes;
    }

    SegmentAppender appender() {
        return appender;
    }

    /** Ends threads and gives everything back; calls under way must have ended. */
    void close() {
        IndexException broken = index.broken();
        boolean corrupt = broken != null && broken.isCorrupt();
        try {
            appender.close();
            threads.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.warn("interrupted while {} was being closed", layout.root());
        }
        for (AutoCloseable part : List.of(files, openFiles, index)) {
            try {
                part.close();
            } catch (Exception e) {
                log.warn("{} was not closed cleanly: {}", layout.root(), e.getMessage());
            }
        }
        if (corrupt) {
            throwIndexAway();
        }
    }

    private void throwIndexAway() {
        try {
            layout.deleteIndex();
        } catch (IOException e) {
            log.error("the damaged index of {} cannot be removed", layout.root(), e);
        }
    }
}
