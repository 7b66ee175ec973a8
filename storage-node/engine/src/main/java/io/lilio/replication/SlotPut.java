package io.lilio.replication;

import io.lilio.chunk.ChunkStore;
import org.jspecify.annotations.Nullable;

/** The put of a chunk to one of its members. */
final class SlotPut extends MemberCall {

    private final ChunkWrite write;
    private final int place;

    SlotPut(MemberClient client, ChunkWrite write, int place) {
        super(
                client,
                client.writes(),
                Lane.Load.PAYLOAD,
                client.members().settings().putDeadline());
        this.write = write;
        this.place = place;
    }

    @Override
    protected boolean wanted() {
        return write.wants(place);
    }

    @Override
    protected void perform(ChunkStore store) {
        store.put(write.header(), write.payload());
    }

    @Override
    protected void answered(@Nullable RuntimeException failure) {
        write.answered(place, failure, abandoned());
    }

    @Override
    protected void ended() {
        write.ended(place);
    }
}
