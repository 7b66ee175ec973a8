package io.lilio.replication;

import io.lilio.chunk.ChunkHeader;

/** Looks up whether a chunk is still owned: the catalog's part in a repair. */
@FunctionalInterface
public interface OwnerCheck {

    /**
     * Reads the owner record anew (linearizable, never from a cache).
     *
     * @return whether a head, a version or a part names the chunk's blob now. A trash record need
     *     not count: what waits to be deleted is not mended
     * @throws RuntimeException when the metadata cannot tell; then nothing is written
     */
    boolean isOwned(ChunkHeader header);
}
