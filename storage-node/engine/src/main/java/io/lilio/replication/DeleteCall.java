package io.lilio.replication;

import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes chunks that were rolled back, at one member, as far as it goes. */
final class DeleteCall extends MemberCall {

    private static final Logger log = LoggerFactory.getLogger(DeleteCall.class);

    private final List<ChunkId> chunks;
    private final Runnable done;

    /**
     * @param done told when the member has answered or exceeded its deadline
     */
    DeleteCall(MemberClient client, List<ChunkId> chunks, Runnable done) {
        super(
                client,
                client.writes(),
                Lane.Load.CONTROL,
                client.members().settings().controlDeadline());
        this.chunks = chunks;
        this.done = done;
    }

    @Override
    protected void perform(ChunkStore store) {
        store.delete(chunks);
    }

    @Override
    protected void answered(@Nullable RuntimeException failure) {
        if (failure != null) {
            log.debug(
                    "{} chunks that were rolled back stay at member {} until it collects them: {}",
                    chunks.size(),
                    client().member().name(),
                    failure.getMessage());
        }
        done.run();
    }
}
