package io.lilio.simulation;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.MarkedChunk;
import io.lilio.chunk.PartitionDigest;
import io.lilio.engine.Engine;
import io.lilio.engine.PeerConnector.Peer;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.placement.MemberId;
import io.lilio.simulation.RemoteCall.NoAnswerException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Another node's member, with the rules of the calls between nodes: each brings its sender's ring
 * epoch, which the receiver learns first; one that is meant for another process is refused; a
 * confirmation from under an older ring is passed over.
 */
final class PeerDisk implements ChunkStore {

    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final SimulatedNode caller;
    private final SimulatedProcess process;
    private final Peer peer;
    private final MemberId member;

    PeerDisk(Cluster cluster, SimulatedNode caller, Peer peer, MemberId member) {
        this.cluster = cluster;
        this.caller = caller;
        this.process = caller.process();
        this.peer = peer;
        this.member = member;
    }

    private <T> T call(Function<ChunkStore, T> work) {
        return call(caller.engine().ring().current().epoch(), work);
    }

    private <T> T call(long epoch, Function<ChunkStore, T> work) {
        return call(epoch, Duration.ZERO, work);
    }

    private <T> T call(long epoch, Duration straggling, Function<ChunkStore, T> work) {
        SimulatedNode host = cluster.node(peer.node());
        SimulatedProcess called = host.process();
        if (called.isDead()) {
            throw new BackendException(Reason.IO, peer.node() + " refuses connections", null);
        }
        try {
            return new RemoteCall<T>(cluster.network(), process, called)
                    .repeatable()
                    .straggling(straggling)
                    .onThread(cluster.scheduler(), DEADLINE, () -> serve(host, epoch, work));
        } catch (NoAnswerException e) {
            throw new BackendException(Reason.TIMEOUT, peer.node() + " does not answer", e);
        }
    }

    private <T> T serve(SimulatedNode host, long epoch, Function<ChunkStore, T> work) {
        Engine engine =
                host.running()
                        .filter(running -> running.sessions().process() == peer.process())
                        .orElse(null);
        if (engine == null) {
            tellMoved();
            throw new BackendException(Reason.IO, "it was started again", null);
        }
        try {
            engine.ring().knowing(epoch);
        } catch (MetadataUnavailableException e) {
            throw new BackendException(Reason.IO, "the ring cannot be loaded", e);
        }
        ChunkStore store = engine.members().find(member).orElseThrow().member().store();
        T result = work.apply(store);
        long known = engine.ring().current().epoch();
        if (known > epoch) {
            process.time()
                    .schedule(
                            Duration.ZERO, () -> caller.running().ifPresent(e -> learn(e, known)));
        }
        return result;
    }

    private static void learn(Engine engine, long epoch) {
        engine.ring().knowing(epoch);
    }

    private void tellMoved() {
        process.time()
                .schedule(Duration.ZERO, () -> caller.running().ifPresent(Engine::lookForPeers));
    }

    private void order(Function<ChunkStore, Boolean> work) {
        call(work);
    }

    @Override
    public void put(ChunkHeader header, ByteBuffer payload) {
        cluster.phases().puts();
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        this.<Boolean>call(
                caller.engine().ring().current().epoch(),
                cluster.network().ofCopy(DEADLINE),
                store -> {
                    store.put(header, ByteBuffer.wrap(bytes));
                    return true;
                });
    }

    /** What came, and of which chunk. */
    private record Read(ChunkHeader header, byte[] bytes) {}

    @Override
    public ChunkHeader read(ChunkId id, int offset, ByteBuffer target) {
        int length = target.remaining();
        Read read =
                this.<Read>call(
                        store -> {
                            byte[] bytes = new byte[length];
                            return new Read(store.read(id, offset, ByteBuffer.wrap(bytes)), bytes);
                        });
        target.put(read.bytes());
        return read.header();
    }

    @Override
    public Optional<ChunkHeader> stat(ChunkId id) {
        return this.<Optional<ChunkHeader>>call(store -> store.stat(id));
    }

    @Override
    public void delete(Collection<ChunkId> ids) {
        cluster.phases().deletes();
        List<ChunkId> all = List.copyOf(ids);
        order(
                store -> {
                    store.delete(all);
                    return true;
                });
    }

    @Override
    public List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) {
        cluster.phases().lists();
        cluster.takeLong();
        return this.<List<ChunkHeader>>call(store -> store.list(partition, after, limit));
    }

    @Override
    public PartitionDigest digest(int partition) {
        return this.<PartitionDigest>call(store -> store.digest(partition));
    }

    @Override
    public void confirm(Collection<ChunkId> ids, long epoch) {
        List<ChunkId> all = List.copyOf(ids);
        this.<Boolean>call(
                caller.engine().ring().current().epoch(),
                cluster.network().ofConfirmation(),
                store -> {
                    store.confirm(all, epoch);
                    return true;
                });
    }

    @Override
    public List<MarkedChunk> unconfirmed(Duration age, @Nullable MarkedChunk after, int limit) {
        return this.<List<MarkedChunk>>call(store -> store.unconfirmed(age, after, limit));
    }

    @Override
    public void markAllUnconfirmed() {
        order(
                store -> {
                    store.markAllUnconfirmed();
                    return true;
                });
    }

    @Override
    public void refilled(long loss) {
        order(
                store -> {
                    store.refilled(loss);
                    return true;
                });
    }

    @Override
    public void verify(ChunkId id) {
        order(
                store -> {
                    store.verify(id);
                    return true;
                });
    }

    @Override
    public BackendHealth health() {
        try {
            return this.<BackendHealth>call(ChunkStore::health);
        } catch (BackendException e) {
            return new BackendHealth(BackendHealth.State.FAILED, -1, -1, "it does not answer", 0);
        }
    }

    @Override
    public BackendUsage usage() {
        return this.<BackendUsage>call(ChunkStore::usage);
    }

    @Override
    public void close() {
        // Calls under way end by their deadlines.
    }
}
