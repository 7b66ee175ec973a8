package io.lilio.metadata.rocksdb;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.embedded.LeaseTable;
import io.lilio.rocks.RocksMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The database as the committer has it, with what it knows by heart. The committer's alone, but for
 * {@link Recent}.
 */
final class Storage {

    private final Path directory;
    private final Supplier<Database> opener;
    private Database database;
    private final Recent recent = new Recent();
    private LeasedKeys leased = new LeasedKeys();
    private long revision;
    private long opens;

    /**
     * Opens the database. All leases of the process before are over: their keys are removed in one
     * transaction.
     *
     * @throws MetadataUnavailableException with a sentence that says why it cannot be opened
     */
    Storage(Path directory, RocksMemory memory) {
        this(directory, () -> new Database(directory, memory));
    }

    /** For tests, which open it in their own way. */
    Storage(Path directory, Supplier<Database> opener) {
        this.directory = directory;
        this.opener = opener;
        this.database = opener.get();
        try {
            load();
            beginLife();
            load();
        } catch (RocksDBException e) {
            database.close();
            throw new MetadataUnavailableException(
                    "the metadata directory " + directory + " cannot be used: " + e.getMessage(),
                    e);
        }
    }

    Database database() {
        return database;
    }

    /** As stored when the database was opened. */
    long revision() {
        return revision;
    }

    /** No lease of an earlier life had such an id. */
    long firstLeaseId() {
        return opens << 32;
    }

    /** For readers too. */
    Recent recent() {
        return recent;
    }

    Batch batch(long appliedRevision) {
        return new Batch(database, recent, leased, appliedRevision);
    }

    /** Opens the database again, after it was closed because of a failed write. */
    void reopen() {
        database = opener.get();
        try {
            load();
        } catch (RocksDBException e) {
            database.close();
            throw new MetadataUnavailableException(
                    "the metadata directory " + directory + " cannot be read: " + e.getMessage(),
                    e);
        }
    }

    /** Leases whose keys are still there although they have ended. */
    List<LeaseId> endedLeases(LeaseTable leases) {
        return leased.all().stream().filter(lease -> !leases.isAlive(lease)).toList();
    }

    private void load() throws RocksDBException {
        leased = LeasedKeys.load(database);
        revision = database.number(database.anywhere(), Stored.REVISION);
        opens = database.number(database.anywhere(), Stored.OPENS);
        recent.reset(revision);
    }

    private void beginLife() throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            long next = Math.max(1, revision);
            List<Bytes> orphans =
                    leased.all().stream().flatMap(lease -> leased.keysOf(lease).stream()).toList();
            for (Bytes key : orphans) {
                batch.delete(Stored.dataKey(key));
                batch.delete(Stored.leasedKey(key));
            }
            if (!orphans.isEmpty()) {
                next++;
            }
            batch.put(Stored.REVISION, Stored.number(next));
            batch.put(Stored.FORMAT, Stored.number(Stored.FORMAT_VERSION));
            batch.put(Stored.OPENS, Stored.number(opens + 1));
            database.write(batch);
        }
    }
}
