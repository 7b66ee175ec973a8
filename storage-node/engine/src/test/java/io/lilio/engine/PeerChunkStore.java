package io.lilio.engine;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.MarkedChunk;
import io.lilio.maintenance.drop.GatedChunkStore;
import io.lilio.placement.MemberId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Another node's backend, as if by a network that either works or does not. */
final class PeerChunkStore implements ChunkStore {

    private final TestCluster cluster;
    private final TestNode caller;
    private final MemberId member;

    PeerChunkStore(TestCluster cluster, TestNode caller, MemberId member) {
        this.cluster = cluster;
        this.caller = caller;
        this.member = member;
    }

    /** What serves the call, knowing the ring that the caller knows. */
    private GatedChunkStore served() {
        TestNode host = cluster.host(member).orElse(null);
        if (host == null || host.isCut() || caller.isCut()) {
            throw new BackendException(Reason.IO, member + " cannot be reached", null);
        }
        ChunkStore store = host.engine().members().find(member).orElseThrow().member().store();
        if (!(store instanceof GatedChunkStore gated)) {
            throw new AssertionError("a node's own backend is behind a gate");
        }
        host.engine().ring().knowing(caller.engine().ring().current().epoch());
        return gated;
    }

    @Override
    public void put(ChunkHeader header, ByteBuffer payload) {
        served().put(header, payload);
    }

    @Override
    public ChunkHeader read(ChunkId id, int offset, ByteBuffer target) {
        return served().read(id, offset, target);
    }

    @Override
    public Optional<ChunkHeader> stat(ChunkId id) {
        return served().stat(id);
    }

    @Override
    public void delete(Collection<ChunkId> ids) {
        served().delete(ids);
    }

    @Override
    public List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) {
        return served().list(partition, after, limit);
    }

    @Override
    public void confirm(Collection<ChunkId> ids, long epoch) {
        served().confirm(ids, epoch);
    }

    @Override
    public List<MarkedChunk> unconfirmed(Duration age, @Nullable MarkedChunk after, int limit) {
        return served().unconfirmed(age, after, limit);
    }

    @Override
    public void refilled(long loss) {
        served().refilled(loss);
    }

    @Override
    public void markAllUnconfirmed() {
        served().markAllUnconfirmed();
    }

    @Override
    public void verify(ChunkId id) {
        served().verify(id);
    }

    @Override
    public BackendHealth health() {
        try {
            return served().health();
        } catch (BackendException e) {
            return new BackendHealth(BackendHealth.State.FAILED, -1, -1, "cut off", 0);
        }
    }

    @Override
    public BackendUsage usage() {
        return served().usage(); // as a call between nodes, it fails when the other is away
    }

    @Override
    public void close() {
        // Its node closes it.
    }
}
