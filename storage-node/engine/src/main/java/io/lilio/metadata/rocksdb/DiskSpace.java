package io.lilio.metadata.rocksdb;

import io.lilio.metadata.MetadataFullException;
import io.lilio.metadata.Txn;
import io.lilio.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses transactions before the disk is full, because a write that fails half-way has no certain
 * outcome. Looks once a second at most. The committer's alone.
 */
final class DiskSpace {

    private static final Logger log = LoggerFactory.getLogger(DiskSpace.class);
    private static final long LOOK_EVERY_NANOS = 1_000_000_000L;

    /** The disk. */
    @FunctionalInterface
    interface Free {
        /** Bytes that may still be written. */
        long bytes() throws IOException;

        /** Bytes of the whole disk. */
        default long totalBytes() throws IOException {
            return Long.MAX_VALUE;
        }
    }

    /** On a small disk the reserve is smaller too. */
    private static final int MAX_RESERVE_SHARE = 20;

    /**
     * How much of the reserve upkeep leaves: a full cluster is emptied by deletes, which trash and
     * marks have to follow, so nearly all of it is theirs.
     */
    private static final int UPKEEP_SHARE = 32;

    private final Path directory;
    private final Free free;
    private final long growReserveBytes;
    private final Time time;
    private long lookedNanos;
    private long freeBytes = Long.MAX_VALUE;
    private long reserveBytes;
    private boolean looked;

    DiskSpace(RocksMetadataSettings settings, Free free, Time time) {
        this.directory = settings.directory();
        this.growReserveBytes = settings.growReserveBytes();
        this.free = free;
        this.time = time;
    }

    long nowNanos() {
        return time.nanos();
    }

    static Free of(Path directory) {
        return new Free() {
            @Override
            public long bytes() throws IOException {
                return Files.getFileStore(directory).getUsableSpace();
            }

            @Override
            public long totalBytes() throws IOException {
                return Files.getFileStore(directory).getTotalSpace();
            }
        };
    }

    /**
     * @throws MetadataFullException when there is too little left for a transaction of this purpose
     */
    void check(Txn.Purpose purpose) {
        look();
        long needed =
                switch (purpose) {
                    case GROW -> reserveBytes;
                    case UPKEEP -> reserveBytes / UPKEEP_SHARE;
                };
        if (freeBytes < needed) {
            throw new MetadataFullException(
                    "the disk of the metadata directory "
                            + directory
                            + " has "
                            + (freeBytes >> 20)
                            + " MiB left; "
                            + (purpose == Txn.Purpose.GROW
                                    ? "new data needs "
                                    : "even deletes need ")
                            + (needed >> 20)
                            + " MiB free");
        }
    }

    private void look() {
        long now = time.nanos();
        if (looked && now - lookedNanos < LOOK_EVERY_NANOS) {
            return;
        }
        looked = true;
        lookedNanos = now;
        try {
            freeBytes = free.bytes();
            reserveBytes = Math.min(growReserveBytes, free.totalBytes() / MAX_RESERVE_SHARE);
        } catch (IOException e) {
            // A disk that cannot even say how full it is shows that in the write itself.
            log.warn("cannot tell how full the disk of {} is", directory, e);
            freeBytes = Long.MAX_VALUE;
        }
    }
}
