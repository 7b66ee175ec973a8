package io.lilio.chunk.backend.local;

import java.time.Duration;

/**
 * What a {@link LocalChunkStore} is given.
 *
 * @param partitions how many partitions the cluster's key space is cut into; the same for as long
 *     as the directory holds chunks
 * @param durability when a write is acknowledged
 * @param fileThresholdBytes payloads of this size and more get a file each, smaller ones share
 *     segments
 * @param directWrites whether files are written past the page cache where the file system allows it
 *     and durability is full
 * @param segmentBytes a segment that has reached this size is closed
 * @param reserveBytes free space that puts leave alone, so that deletes and the index go on; at
 *     most a twentieth of the medium is kept
 * @param ioThreads platform threads for calls that may block on the medium
 * @param openFiles how many files are kept open for reading
 * @param probeInterval how often it looks whether the directory is still there and well
 * @param compaction when and how fast dead space in segments is reclaimed
 * @param adoptEmptied whether a directory that was deleted while the process ran, and was made
 *     again empty on the same file system, is taken up again under its old identity
 */
public record LocalChunkStoreSettings(
        int partitions,
        Durability durability,
        int fileThresholdBytes,
        boolean directWrites,
        long segmentBytes,
        long reserveBytes,
        int ioThreads,
        int openFiles,
        Duration probeInterval,
        Compaction compaction,
        boolean adoptEmptied) {

    /**
     * When and how fast dead space is reclaimed.
     *
     * @param deadPercent a closed segment of which this share is dead is compacted
     * @param bytesPerSecond how much is copied at most
     */
    public record Compaction(int deadPercent, long bytesPerSecond) {}

    private static final long MEBIBYTE = 1 << 20;

    public LocalChunkStoreSettings {
        if (partitions < 1 || fileThresholdBytes < 1 || segmentBytes < 1 || reserveBytes < 0) {
            throw new IllegalArgumentException("partitions, sizes and reserve are positive");
        }
        if (ioThreads < 1 || openFiles < 1) {
            throw new IllegalArgumentException("at least one I/O thread and one open file");
        }
    }

    /**
     * Full durability; files from 512 KiB on, written directly; segments of 256 MiB; a reserve of
     * 256 MiB; 16 I/O threads; 256 open files; a look each second; compaction of what is half dead
     * at 64 MiB/s.
     */
    public static LocalChunkStoreSettings defaults(int partitions) {
        return new LocalChunkStoreSettings(
                partitions,
                Durability.FULL,
                512 * 1024,
                true,
                256 * MEBIBYTE,
                256 * MEBIBYTE,
                16,
                256,
                Duration.ofSeconds(1),
                new Compaction(50, 64 * MEBIBYTE),
                true);
    }

    public LocalChunkStoreSettings withDurability(Durability value) {
        return new LocalChunkStoreSettings(
                partitions,
                value,
                fileThresholdBytes,
                directWrites,
                segmentBytes,
                reserveBytes,
                ioThreads,
                openFiles,
                probeInterval,
                compaction,
                adoptEmptied);
    }

    public LocalChunkStoreSettings withFileThresholdBytes(int value) {
        return new LocalChunkStoreSettings(
                partitions,
                durability,
                value,
                directWrites,
                segmentBytes,
                reserveBytes,
                ioThreads,
                openFiles,
                probeInterval,
                compaction,
                adoptEmptied);
    }

    public LocalChunkStoreSettings withDirectWrites(boolean value) {
        return new LocalChunkStoreSettings(
                partitions,
                durability,
                fileThresholdBytes,
                value,
                segmentBytes,
                reserveBytes,
                ioThreads,
                openFiles,
                probeInterval,
                compaction,
                adoptEmptied);
    }

    public LocalChunkStoreSettings withSegmentBytes(long value) {
        return new LocalChunkStoreSettings(
                partitions,
                durability,
                fileThresholdBytes,
                directWrites,
                value,
                reserveBytes,
                ioThreads,
                openFiles,
                probeInterval,
                compaction,
                adoptEmptied);
    }

    public LocalChunkStoreSettings withReserveBytes(long value) {
        return new LocalChunkStoreSettings(
                partitions,
                durability,
                fileThresholdBytes,
                directWrites,
                segmentBytes,
                value,
                ioThreads,
                openFiles,
                probeInterval,
                compaction,
                adoptEmptied);
    }

    public LocalChunkStoreSettings withAdoptEmptied(boolean value) {
        return new LocalChunkStoreSettings(
                partitions,
                durability,
                fileThresholdBytes,
                directWrites,
                segmentBytes,
                reserveBytes,
                ioThreads,
                openFiles,
                probeInterval,
                compaction,
                value);
    }
}
