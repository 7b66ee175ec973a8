package io.lilio.server.bootstrap;

import io.lilio.chunk.ChunkStore;
import io.lilio.engine.Engine;
import io.lilio.engine.PeerConnector;
import io.lilio.maintenance.brake.DeletionBrake;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How this node reaches the members of others, and they its own. Client first, since the engine
 * needs it; the others are let in once the engine knows the ring (rule RESTART_READS_RING).
 */
final class NodeNetwork implements AutoCloseable {

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

        @Override
        public void progress(Progress metadata) {
            brake.mark().raise(metadata);
        }

        @Override
        public void newerEpoch(long epoch) {
            Engine running = engine;
            if (running != null) {
                runtime.time().schedule(Duration.ZERO, () -> running.ring().knowing(epoch));
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
