package io.lilio.replication;

import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells one member which chunks are confirmed. */
final class ConfirmCall extends MemberCall {

    private final List<ChunkId> chunks;
    private final long epoch;
    private final Confirmations confirmations;

    ConfirmCall(
            MemberClient client, List<ChunkId> chunks, long epoch, Confirmations confirmations) {
        super(
                client,
                client.writes(),
                Lane.Load.CONTROL,
                client.members().settings().controlDeadline());
        this.chunks = chunks;
        this.epoch = epoch;
        this.confirmations = confirmations;
    }

    @Override
    protected void perform(ChunkStore store) {
        store.confirm(chunks, epoch);
    }

    @Override
    protected void answered(@Nullable RuntimeException failure) {
        confirmations.answered(client().member().id(), chunks.size(), failure);
    }
}
