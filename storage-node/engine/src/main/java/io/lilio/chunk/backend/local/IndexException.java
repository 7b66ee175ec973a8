package io.lilio.chunk.backend.local;

import java.io.IOException;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** The index could not be read or written. */
sealed class IndexException extends IOException permits OtherPartitionsException {

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

    /** It can be read, and is not to be used. */
    IndexException(String message) {
        super(message);
        corrupt = false;
    }

    /** Whether only a rebuild helps. */
    final boolean isCorrupt() {
        return corrupt;
    }
}
