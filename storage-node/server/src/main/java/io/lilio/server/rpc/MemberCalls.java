package io.lilio.server.rpc;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.MarkedChunk;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.server.rpc.message.Answer;
import io.lilio.server.rpc.message.Call;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the calls of others on this node's stores. Thread-safe. */
final class MemberCalls {

    /** What the lists of one answer may take; a header more does no harm. */
    private static final int LIST_BYTES = 512 * 1024;

    private final BufferPool buffers;

    MemberCalls(BufferPool buffers) {
        this.buffers = buffers;
    }

    /**
     * An answer.
     *
     * @param payload its payload, to be released; null when there is none
     */
    record Result(Answer.Builder answer, @Nullable PooledBuffer payload) {

        static Result of(Answer.Builder answer) {
            return new Result(answer, null);
        }

        static Result empty() {
            return of(Answer.newBuilder());
        }
    }

    /**
     * Makes one call.
     *
     * @param payload of a put, from position to limit
     * @param patience how long to wait for a buffer
     * @throws FrameException when the call cannot be read
     * @throws RuntimeException what the store throws
     */
    Result make(
            RpcOperation operation,
            ChunkStore store,
            Call call,
            ByteBuffer payload,
            Duration patience)
            throws FrameException {
        return switch (operation) {
            case PUT -> {
                store.put(ChunkMessages.header(call.getHeader()), payload);
                yield Result.empty();
            }
            case READ -> read(store, call, patience);
            case STAT -> stat(store, ChunkMessages.id(call.getIds()));
            case DELETE -> {
                store.delete(ChunkMessages.ids(call.getIds()));
                yield Result.empty();
            }
            case CONFIRM -> {
                store.confirm(ChunkMessages.ids(call.getIds()), call.getDecidedEpoch());
                yield Result.empty();
            }
            case LIST -> list(store, call);
            case UNCONFIRMED -> unconfirmed(store, call);
            case MARK_ALL_UNCONFIRMED -> {
                store.markAllUnconfirmed();
                yield Result.empty();
            }
            case REFILLED -> {
                store.refilled(call.getLoss());
                yield Result.empty();
            }
            case VERIFY -> {
                store.verify(ChunkMessages.id(call.getIds()));
                yield Result.empty();
            }
            case HEALTH ->
                    Result.of(Answer.newBuilder().setHealth(ChunkMessages.health(store.health())));
            case USAGE ->
                    Result.of(Answer.newBuilder().setUsage(ChunkMessages.usage(store.usage())));
            case DIGEST ->
                    Result.of(
                            Answer.newBuilder()
                                    .setDigest(
                                            ChunkMessages.digest(
                                                    store.digest(call.getPartition()))));
        };
    }

    private Result read(ChunkStore store, Call call, Duration patience) throws FrameException {
        ChunkId id = ChunkMessages.id(call.getIds());
        int length = call.getLength();
        if (length < 1 || length > ChunkHeader.MAX_LENGTH) {
            throw new IllegalArgumentException(length + " bytes of a chunk are not whole blocks");
        }
        PooledBuffer buffer = buffers.acquire(length, patience);
        boolean read = false;
        try {
            ChunkHeader header = store.read(id, call.getOffset(), buffer.view(0, length));
            read = true;
            return new Result(Answer.newBuilder().setHeader(ChunkMessages.header(header)), buffer);
        } finally {
            if (!read) {
                buffer.release();
            }
        }
    }

    private static Result stat(ChunkStore store, ChunkId id) {
        Answer.Builder answer = Answer.newBuilder();
        store.stat(id).ifPresent(header -> answer.setHeader(ChunkMessages.header(header)));
        return Result.of(answer);
    }

    private static Result list(ChunkStore store, Call call) throws FrameException {
        @Nullable ChunkId after =
                call.getAfter().isEmpty() ? null : ChunkMessages.id(call.getAfter());
        int limit = Math.min(call.getLimit(), RemoteChunkStore.BATCH);
        List<ChunkHeader> page = store.list(call.getPartition(), after, limit);
        Answer.Builder answer = Answer.newBuilder();
        int bytes = 0;
        for (ChunkHeader header : page) {
            if (bytes >= LIST_BYTES) {
                break;
            }
            var encoded = ChunkMessages.header(header);
            bytes += encoded.size();
            answer.addHeaders(encoded);
        }
        return Result.of(
                answer.setMore(answer.getHeadersCount() < page.size() || page.size() == limit));
    }

    private static Result unconfirmed(ChunkStore store, Call call) throws FrameException {
        @Nullable MarkedChunk after =
                call.hasAfterMarked() ? ChunkMessages.marked(call.getAfterMarked()) : null;
        int limit = Math.min(call.getLimit(), RemoteChunkStore.BATCH);
        List<MarkedChunk> page =
                store.unconfirmed(Duration.ofMillis(call.getAgeMillis()), after, limit);
        Answer.Builder answer = Answer.newBuilder();
        int bytes = 0;
        for (MarkedChunk marked : page) {
            if (bytes >= LIST_BYTES) {
                break;
            }
            var encoded = ChunkMessages.marked(marked);
            bytes += encoded.getSerializedSize();
            answer.addMarked(encoded);
        }
        return Result.of(
                answer.setMore(answer.getMarkedCount() < page.size() || page.size() == limit));
    }
}
