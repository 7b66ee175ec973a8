package io.lilio.chunk.backend.local;

import java.io.IOException;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** The index could not be read or written. */
final class IndexException extends IOException {

    private final boolean corrupt;

    IndexException(RocksDBException cause) {
        super("index: " + cause.getMessage(), cause);
        Status status = cause.getStatus();
        corrupt = status != null && status.getCode() == Status.Code.Corruption;
    }

    IndexException(String message, Throwable cause) {
        super("index: " + message, cause);
        corrupt = true;
    }

    /** Whether only a rebuild helps. */
    boolean isCorrupt() {
        return corrupt;
    }
}
