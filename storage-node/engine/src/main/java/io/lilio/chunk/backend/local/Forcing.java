package io.lilio.chunk.backend.local;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** How written bytes are made durable: the one place where {@link Durability} takes effect. */
interface Forcing {

    /** Makes what was written to a file, or the names in a directory, durable. */
    void force(FileChannel channel) throws IOException;

    static Forcing of(Durability durability) {
        return switch (durability) {
            case FULL -> channel -> channel.force(false);
            case RELAXED -> channel -> {};
        };
    }
}
