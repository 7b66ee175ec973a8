package io.lilio.metadata.rocksdb;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the store lives and what it may take.
 *
 * @param directory made when it does not exist; locked while the store is open
 * @param deadline after which a call that has not been answered fails
 * @param readThreads for reads that have to go to the disk
 * @param growReserveBytes free disk space below which transactions that add data are refused, at
 *     most a twentieth of the disk; upkeep goes on down to a 32nd of that
 */
public record RocksMetadataSettings(
        Path directory, Duration deadline, int readThreads, long growReserveBytes) {

    public RocksMetadataSettings {
        if (!deadline.isPositive()) {
            throw new IllegalArgumentException("a deadline is positive, not " + deadline);
        }
        if (readThreads < 1 || readThreads > 256) {
            throw new IllegalArgumentException("read threads are 1 to 256, not " + readThreads);
        }
        if (growReserveBytes < 0) {
            throw new IllegalArgumentException("a reserve is not negative: " + growReserveBytes);
        }
    }

    /** Ten seconds, four threads, 256 MiB. */
    public static RocksMetadataSettings of(Path directory) {
        return new RocksMetadataSettings(directory, Duration.ofSeconds(10), 4, 256L << 20);
    }
}
