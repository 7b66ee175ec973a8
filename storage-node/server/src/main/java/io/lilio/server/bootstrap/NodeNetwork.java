package io.lilio.server.bootstrap;

import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.engine.Engine;
import io.lilio.engine.PeerConnector;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Progress;
import io.lilio.placement.MemberId;
import io.lilio.replication.MemberClient;
import io.lilio.replication.MemberStore;
import io.lilio.replication.Members;
import io.lilio.server.bootstrap.config.NodeSettings.Network;
import io.lilio.server.rpc.EpochGate;
import io.lilio.server.rpc.HostedMembers;
import io.lilio.server.rpc.Known;
import io.lilio.server.rpc.LocalNode;
import io.lilio.server.rpc.PeerAddress;
import io.lilio.server.rpc.PeerListener;
import io.lilio.server.rpc.RpcClient;
import io.lilio.server.rpc.RpcClientSettings;
import io.lilio.server.rpc.RpcIdentity;
import io.lilio.server.rpc.RpcRuntime;
import io.lilio.server.rpc.RpcServer;
import io.lilio.server.rpc.RpcServerSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this node reaches the members of others, and they its own. Client first, since the engine
 * needs it; the others are let in once the engine knows the ring (rule RESTART_READS_RING).
 */
final class NodeNetwork implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NodeNetwork.class);

    /** How long answers that tell of a ring are passed over after one could not be loaded. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Network settings;
    private final RpcIdentity identity;
    private final RpcRuntime runtime;
    private final RpcClient client;
    private final DeletionBrake brake;
    private volatile @Nullable Engine engine;
    private @Nullable RpcServer server;

    /**
     * @throws IOException when certificates cannot be read
     */
    NodeNetwork(Network settings, RpcIdentity identity, DeletionBrake brake, RpcRuntime runtime)
            throws IOException {
        this.settings = settings;
        this.runtime = runtime;
        this.identity = identity;
        this.brake = brake;
        RpcClientSettings usual = RpcClientSettings.defaults();
        this.client =
                new RpcClient(
                        new RpcClientSettings(
                                usual.connections(),
                                usual.idle(),
                                usual.deadlines(),
                                settings.tls()),
                        identity,
                        new Known(this::epoch, brake.mark()),
                        new Told(),
                        runtime);
    }

    private long epoch() {
        Engine running = engine;
        return running == null ? 0 : running.ring().current().epoch();
    }

    /** For the engine. */
    PeerConnector connector() {
        return (peer, member) ->
                client.member(PeerAddress.of(peer.node(), peer.address(), peer.process()), member);
    }

    /** The engine that it works for is there: what peers say reaches it from now on. */
    void join(Engine running) {
        engine = running;
    }

    /** The engine knows the ring: from now on other nodes may call its members. */
    void serve(Engine running) throws IOException {
        RpcServerSettings usual = RpcServerSettings.of(settings.host(), settings.port());
        server =
                RpcServer.start(
                        new RpcServerSettings(
                                usual.host(),
                                usual.port(),
                                usual.limits(),
                                usual.timeouts(),
                                settings.tls()),
                        identity,
                        new LocalNode(
                                running.sessions().process(),
                                new Hosted(running.members()),
                                new Gate(running),
                                brake.mark(),
                                () -> brake.engagement().isPresent()),
                        runtime);
    }

    /** The memory for payloads of other nodes' calls; while it serves them. */
    BufferPool buffers() {
        return Objects.requireNonNull(server).buffers();
    }

    /** This node's own members. */
    private record Hosted(Members members) implements HostedMembers {

        @Override
        public Optional<ChunkStore> find(MemberId id) {
            return members.find(id)
                    .map(MemberClient::member)
                    .filter(MemberStore::local)
                    .map(MemberStore::store);
        }

        @Override
        public int count() {
            return (int) members.all().stream().filter(each -> each.member().local()).count();
        }
    }

    /** What is known of the ring here. */
    private record Gate(Engine running) implements EpochGate {

        @Override
        public long current() {
            return running.ring().current().epoch();
        }

        @Override
        public void require(long epoch) {
            running.ring().knowing(epoch);
        }
    }

    /** What answers give away is looked into beside the call. */
    private final class Told implements PeerListener {

        private final AtomicBoolean looking = new AtomicBoolean();

        @Override
        public void progress(Progress metadata) {
            brake.mark().raise(metadata);
        }

        @Override
        public void newerEpoch(long epoch) {
            Engine running = engine;
            if (running != null && looking.compareAndSet(false, true)) {
                runtime.time().schedule(Duration.ZERO, () -> learn(running, epoch));
            }
        }

        /** Once at a time, however many answers say so; after a failure the next one waits. */
        private void learn(Engine running, long epoch) {
            Duration pause = RETRY;
            try {
                running.ring().knowing(epoch);
                pause = Duration.ZERO;
            } catch (MetadataUnavailableException e) {
                log.debug("ring epoch {} cannot be loaded", epoch, e);
            } finally {
                runtime.time().schedule(pause, () -> looking.set(false));
            }
        }

        @Override
        public void moved(PeerAddress peer) {
            Engine running = engine;
            if (running != null) {
                running.lookForPeers();
            }
        }
    }

    /** Nobody gets in any more, and the calls under way have ended. */
    void stopServing() throws IOException {
        RpcServer open = server;
        server = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        stopServing();
        client.close();
    }
}
