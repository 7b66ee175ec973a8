package io.lilio.server.rpc;

import com.google.protobuf.ByteString;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.MarkedChunk;
import io.lilio.chunk.PartitionDigest;
import io.lilio.placement.MemberId;
import io.lilio.server.rpc.message.Answer;
import io.lilio.server.rpc.message.Call;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.StampedLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A member that another node hosts. A call that the network or the peer fails is a {@link
 * BackendException}: TIMEOUT when its deadline passed, OVERLOADED when too many are under way, IO
 * otherwise. Bytes that arrive are verified against the chunk's header once more.
 *
 * <p>Direct buffers go to the socket, and are filled from it, without a copy.
 */
final class RemoteChunkStore implements ChunkStore {

    /** Chunk ids in one call, headers in one answer. */
    static final int BATCH = 1_000;

    private static final int IDS_PER_CALL = 8 * BATCH;

    private final Target target;
    private final PeerCalls calls;
    private final RpcClientSettings.Deadlines deadlines;
    private final Runnable leave;
    private final StampedLock gate = new StampedLock();
    private final HeardHealth health;
    private volatile boolean closed;

    /**
     * Who is called.
     *
     * @param known sent with every call
     */
    record Target(PeerAddress peer, MemberId member, Known known) {}

    /**
     * @param leave run once, at the end
     */
    RemoteChunkStore(
            Target target,
            PeerCalls calls,
            RpcClientSettings.Deadlines deadlines,
            RpcRuntime runtime,
            Runnable leave) {
        this.target = target;
        this.calls = calls;
        this.deadlines = deadlines;
        this.leave = leave;
        this.health =
                new HeardHealth(
                        () -> ChunkMessages.health(make(RpcOperation.HEALTH, call()).getHealth()),
                        runtime);
    }

    @Override
    public void put(ChunkHeader header, ByteBuffer payload) {
        if (payload.remaining() > ChunkHeader.MAX_LENGTH) {
            throw new ChunkCorruptException(
                    header.id(), payload.remaining() + " bytes are more than a chunk has");
        }
        Call.Builder call = call().setHeader(ChunkMessages.header(header));
        make(RpcOperation.PUT, call, payload, null);
    }

    @Override
    public ChunkHeader read(ChunkId id, int offset, ByteBuffer target) {
        if (target.remaining() > ChunkHeader.MAX_LENGTH) {
            throw new IllegalArgumentException("a chunk has at most 64 MiB");
        }
        Call.Builder call =
                call().setIds(ChunkMessages.ids(List.of(id)))
                        .setOffset(offset)
                        .setLength(target.remaining());
        Answer answer = make(RpcOperation.READ, call, FrameConnection.NOTHING, target);
        ChunkHeader header = read(() -> ChunkMessages.header(answer.getHeader()));
        target.position(target.limit());
        return header;
    }

    @Override
    public Optional<ChunkHeader> stat(ChunkId id) {
        Answer answer = make(RpcOperation.STAT, call().setIds(ChunkMessages.ids(List.of(id))));
        return answer.getHeader().isEmpty()
                ? Optional.empty()
                : Optional.of(read(() -> ChunkMessages.header(answer.getHeader())));
    }

    @Override
    public void delete(Collection<ChunkId> ids) {
        inBatches(RpcOperation.DELETE, ids, call -> call);
    }

    @Override
    public void confirm(Collection<ChunkId> ids, long epoch) {
        inBatches(RpcOperation.CONFIRM, ids, call -> call.setDecidedEpoch(epoch));
    }

    private void inBatches(
            RpcOperation operation, Collection<ChunkId> ids, UnaryOperator<Call.Builder> more) {
        List<ChunkId> all = List.copyOf(ids);
        int from = 0;
        do {
            int to = Math.min(all.size(), from + IDS_PER_CALL);
            make(operation, more.apply(call().setIds(ChunkMessages.ids(all.subList(from, to)))));
            from = to;
        } while (from < all.size());
    }

    @Override
    public List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) {
        List<ChunkHeader> all = new ArrayList<>();
        @Nullable ChunkId last = after;
        boolean more = true;
        while (more && all.size() < limit) {
            Call.Builder call =
                    call().setPartition(partition)
                            .setLimit(limit - all.size())
                            .setAfter(
                                    last == null
                                            ? ByteString.EMPTY
                                            : ChunkMessages.ids(List.of(last)));
            Answer answer = make(RpcOperation.LIST, call);
            for (ByteString header : answer.getHeadersList()) {
                all.add(read(() -> ChunkMessages.header(header)));
            }
            last = all.isEmpty() ? null : all.getLast().id();
            more = answer.getMore() && answer.getHeadersCount() > 0;
        }
        return all;
    }

    @Override
    public List<MarkedChunk> unconfirmed(Duration age, @Nullable MarkedChunk after, int limit) {
        List<MarkedChunk> all = new ArrayList<>();
        @Nullable MarkedChunk last = after;
        boolean more = true;
        while (more && all.size() < limit) {
            Call.Builder call = call().setAgeMillis(age.toMillis()).setLimit(limit - all.size());
            if (last != null) {
                call.setAfterMarked(ChunkMessages.marked(last));
            }
            Answer answer = make(RpcOperation.UNCONFIRMED, call);
            for (var marked : answer.getMarkedList()) {
                all.add(read(() -> ChunkMessages.marked(marked)));
            }
            last = all.isEmpty() ? null : all.getLast();
            more = answer.getMore() && answer.getMarkedCount() > 0;
        }
        return all;
    }

    @Override
    public void markAllUnconfirmed() {
        make(RpcOperation.MARK_ALL_UNCONFIRMED, call());
    }

    @Override
    public void refilled(long loss) {
        make(RpcOperation.REFILLED, call().setLoss(loss));
    }

    @Override
    public void verify(ChunkId id) {
        make(RpcOperation.VERIFY, call().setIds(ChunkMessages.ids(List.of(id))));
    }

    @Override
    public PartitionDigest digest(int partition) {
        return ChunkMessages.digest(
                make(RpcOperation.DIGEST, call().setPartition(partition)).getDigest());
    }

    /** As was heard last: see {@link HeardHealth}. One that does not answer has failed. */
    @Override
    public BackendHealth health() {
        return health.now();
    }

    @Override
    public BackendUsage usage() {
        return ChunkMessages.usage(make(RpcOperation.USAGE, call()).getUsage());
    }

    private Call.Builder call() {
        return Call.newBuilder()
                .setEpoch(target.known().epoch().getAsLong())
                .setMetadata(ChunkMessages.progress(target.known().metadata().get()))
                .setMember(ChunkMessages.uuid(target.member().value()))
                .setProcess(target.peer().process());
    }

    private Answer make(RpcOperation operation, Call.Builder call) {
        return make(operation, call, FrameConnection.NOTHING, null);
    }

    private Answer make(
            RpcOperation operation,
            Call.Builder call,
            ByteBuffer payload,
            @Nullable ByteBuffer into) {
        long inside = gate.tryReadLock();
        if (inside == 0) {
            throw isClosed(null);
        }
        try {
            if (closed) {
                throw isClosed(null);
            }
            return calls.make(operation, call, payload, into, deadlines.of(operation));
        } catch (BackendException e) {
            throw closed ? isClosed(e) : e;
        } finally {
            gate.unlockRead(inside);
        }
    }

    private BackendException isClosed(@Nullable BackendException cause) {
        return new BackendException(
                Reason.CLOSED, "member " + target.member() + " is not reached any more", cause);
    }

    /** Something of an answer. */
    private interface Decoding<T> {
        T decode() throws FrameException;
    }

    private <T> T read(Decoding<T> decoding) {
        try {
            return decoding.decode();
        } catch (FrameException e) {
            throw new BackendException(Reason.IO, target.peer() + ": " + e.getMessage(), e);
        }
    }

    /** Breaks off the calls under way and waits for their ends. */
    @Override
    public void close() {
        boolean first;
        synchronized (this) {
            first = !closed;
            closed = true;
        }
        calls.cutOff();
        gate.unlockWrite(gate.writeLock());
        if (first) {
            leave.run();
        }
    }
}
