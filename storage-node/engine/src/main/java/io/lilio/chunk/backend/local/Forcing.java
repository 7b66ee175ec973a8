package io.lilio.chunk.backend.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** How written bytes are made durable: the one place where {@link Durability} takes effect. */
interface Forcing {

    /**
     * Makes what was written to a file, or the names in a directory, durable.
     *
     * @param path where it lies
     */
    void force(FileChannel channel, Path path) throws IOException;

    /** Makes every change to an index durable; with relaxed durability too. */
    default void forceIndex(RocksDB db, Path directory) throws IOException, RocksDBException {
        db.syncWal();
    }

    static Forcing of(Durability durability) {
        return switch (durability) {
            case FULL -> (channel, path) -> channel.force(false);
            case RELAXED -> (channel, path) -> {};
        };
    }
}
