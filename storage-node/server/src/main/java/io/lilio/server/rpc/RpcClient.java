package io.lilio.server.rpc;

import io.lilio.chunk.ChunkStore;
import io.lilio.placement.MemberId;
import io.lilio.time.Sparingly;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reaches members of other nodes. Thread-safe. */
public final class RpcClient implements AutoCloseable {

    private static final Duration TELL = Duration.ofSeconds(10);

    private final RpcClientSettings settings;
    private final RpcRuntime runtime;
    private final Known known;
    private final PeerListener listener;
    private final Dialler dialler;
    private final Overseer overseer;
    private final Map<PeerAddress, PeerPool> pools = new HashMap<>();

    /**
     * @param known sent with every call
     * @throws IOException when the files for TLS cannot be read
     */
    public RpcClient(
            RpcClientSettings settings,
            RpcIdentity identity,
            Known known,
            PeerListener listener,
            RpcRuntime runtime)
            throws IOException {
        this.settings = settings;
        this.runtime = runtime;
        this.known = known;
        this.listener = listener;
        this.overseer = new Overseer(runtime.time(), this::discardUnused);
        this.dialler = new Dialler(identity, runtime, tls(settings, runtime), overseer);
        overseer.start();
    }

    private static Optional<TlsContext> tls(RpcClientSettings settings, RpcRuntime runtime)
            throws IOException {
        return settings.tls().isEmpty()
                ? Optional.empty()
                : Optional.of(TlsContext.open(settings.tls().get(), runtime.time()));
    }

    /**
     * A member of another node. Opens no connection yet.
     *
     * @return to be closed when nobody uses it any more
     */
    public ChunkStore member(PeerAddress peer, MemberId member) {
        PeerPool pool;
        synchronized (pools) {
            pool = pools.computeIfAbsent(peer, this::newPool);
            pool.join();
        }
        var calls = new PeerCalls(pool, runtime, listener, new Sparingly(runtime.time(), TELL));
        return new RemoteChunkStore(
                new RemoteChunkStore.Target(peer, member, known),
                calls,
                settings.deadlines(),
                runtime,
                () -> leave(pool));
    }

    private PeerPool newPool(PeerAddress peer) {
        return new PeerPool(peer, settings, runtime, dialler, overseer);
    }

    private void leave(PeerPool pool) {
        synchronized (pools) {
            if (pool.leave()) {
                pools.remove(pool.peer(), pool);
            }
        }
    }

    private void discardUnused() {
        List<PeerPool> all;
        synchronized (pools) {
            all = new ArrayList<>(pools.values());
        }
        all.forEach(PeerPool::discardUnused);
    }

    /** After the stores have been closed. */
    @Override
    public void close() {
        overseer.close();
        List<PeerPool> all;
        synchronized (pools) {
            all = new ArrayList<>(pools.values());
            pools.clear();
        }
        all.forEach(PeerPool::discardIdle);
    }
}
