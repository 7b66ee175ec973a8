package io.lilio.catalog.loss;

import io.lilio.catalog.Keys;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import java.util.Optional;

/** What a walk over what may be lost looks at, in its order. */
enum LossTable {
    HEADS,
    VERSIONS,
    UPLOADS;

    /** The one that a key belongs to. */
    static Optional<LossTable> of(Bytes key) {
        for (LossTable table : values()) {
            if (table.range().contains(key)) {
                return Optional.of(table);
            }
        }
        return Optional.empty();
    }

    KeyRange range() {
        return switch (this) {
            case HEADS -> Keys.allHeads();
            case VERSIONS -> Keys.allVersions();
            case UPLOADS -> Keys.allUploads();
        };
    }

    /** Before its first key. */
    LossCursor begin() {
        return new LossCursor(range().from(), 0);
    }

    /** The one that comes after it. */
    Optional<LossTable> next() {
        return switch (this) {
            case HEADS -> Optional.of(VERSIONS);
            case VERSIONS -> Optional.of(UPLOADS);
            case UPLOADS -> Optional.empty();
        };
    }
}
