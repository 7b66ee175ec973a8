package io.lilio.metadata.rocksdb;

import io.lilio.metadata.MetadataUnavailableException;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Holds the native database open while somebody uses it, and shut out who comes too late. Not
 * reentrant: whoever is inside does not enter again. Thread-safe.
 */
final class DatabaseGate {

    /** Something done with the open database. */
    @FunctionalInterface
    interface Use<T> {
        T with(Database database) throws RocksDBException;
    }

    private final StampedLock lock = new StampedLock();
    private @Nullable Database database;
    private String shutBecause = "the metadata store is closed";

    DatabaseGate(Database database) {
        this.database = database;
    }

    /**
     * @throws MetadataUnavailableException when the database is shut
     */
    <T> T enter(Use<T> use) throws RocksDBException {
        long stamp = lock.readLock();
        try {
            Database open = database;
            if (open == null) {
                throw new MetadataUnavailableException(shutBecause, null);
            }
            return use.with(open);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Nothing happens when the database is shut. */
    void ifOpen(Consumer<Database> action) {
        long stamp = lock.readLock();
        try {
            if (database != null) {
                action.accept(database);
            }
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /**
     * Waits for everybody inside and closes the database. Who comes from now on is told why.
     *
     * @param before done first, with nobody inside; it must not enter
     */
    void shut(String because, Consumer<Database> before) {
        long stamp = lock.writeLock();
        try {
            shutBecause = because;
            if (database != null) {
                before.accept(database);
                database.close();
                database = null;
            }
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Lets everybody in again. */
    void open(Database next) {
        long stamp = lock.writeLock();
        try {
            database = next;
        } finally {
            lock.unlockWrite(stamp);
        }
    }
}
