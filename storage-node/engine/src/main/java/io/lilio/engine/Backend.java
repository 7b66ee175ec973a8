package io.lilio.engine;

import io.lilio.chunk.ChunkStore;
import io.lilio.placement.MemberId;

/**
 * A place of this process that keeps chunks.
 *
 * @param id the identity that is kept in the backend itself
 * @param name what people call it; unique in its node
 * @param zone the failure zone; empty when there are none
 * @param weight its share of the chunks relative to the others
 * @param store stays owned by whoever opened it, and outlives the engine
 */
public record Backend(MemberId id, String name, String zone, int weight, ChunkStore store) {

    /** Of weight 1, in no zone. */
    public static Backend of(MemberId id, String name, ChunkStore store) {
        return new Backend(id, name, "", 1, store);
    }
}
