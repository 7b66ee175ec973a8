package io.lilio.catalog.loss;

import io.lilio.catalog.Keys;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import java.util.Optional;

/** What a walk over what may be lost looks at, in its order. */
enum LossTable {
    HEADS(Keys.allHeads()),
    VERSIONS(Keys.allVersions()),
    UPLOADS(Keys.allUploads());

    private final KeyRange range;

    LossTable(KeyRange range) {
        this.range = range;
    }

    /** The one that a key belongs to. */
    static Optional<LossTable> of(Bytes key) {
        for (LossTable table : values()) {
            if (table.range.contains(key)) {
                return Optional.of(table);
            }
        }
        return Optional.empty();
    }

    KeyRange range() {
        return range;
    }

    /** Before its first key. */
    LossCursor begin() {
        return new LossCursor(range.from(), 0);
    }

    /** The one that comes after it. */
    Optional<LossTable> next() {
        return ordinal() + 1 < values().length
                ? Optional.of(values()[ordinal() + 1])
                : Optional.empty();
    }
}
