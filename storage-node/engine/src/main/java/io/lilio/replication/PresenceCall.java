package io.lilio.replication;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import org.jspecify.annotations.Nullable;

/** Asks one member whether it has a chunk, and with what digest. */
final class PresenceCall extends MemberCall {

    private final ChunkId chunk;
    private final Answer answer;
    private @Nullable ChunkHeader header;

    /** Told of the outcome. */
    @FunctionalInterface
    interface Answer {

        /**
         * @param header null when the member does not have the chunk, or failed
         */
        void accept(@Nullable ChunkHeader header, @Nullable RuntimeException failure);
    }

    PresenceCall(MemberClient client, ChunkId chunk, Answer answer) {
        super(
                client,
                client.reads(),
                Lane.Load.CONTROL,
                client.members().settings().controlDeadline());
        this.chunk = chunk;
        this.answer = answer;
    }

    @Override
    protected void perform(ChunkStore store) {
        header = store.stat(chunk).orElse(null);
    }

    @Override
    protected void answered(@Nullable RuntimeException failure) {
        answer.accept(failure == null ? header : null, failure);
    }
}
