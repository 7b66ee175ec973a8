package io.lilio.server.rpc;

import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.metadata.HighWaterMark;
import io.lilio.placement.MemberId;
import io.lilio.time.SystemTime;
import io.lilio.time.Time;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A node that hosts stores, and another that reaches them, over loopback in one process. */
final class TwoNodes implements AutoCloseable {

    static final UUID CLUSTER = new UUID(7, 7);
    static final String SECRET = "a secret that only nodes know";
    static final MemberId MEMBER = new MemberId(new UUID(1, 1));
    static final MemberId OTHER_MEMBER = new MemberId(new UUID(2, 2));
    static final long PROCESS = 4711;

    final SystemTime time = new SystemTime();
    final Epochs serverRing = new Epochs();
    final ConcurrentMap<MemberId, ChunkStore> hosted = new ConcurrentHashMap<>();
    final Heard heard = new Heard();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    RpcIdentity serverIdentity = identity("server", SECRET);
    RpcIdentity clientIdentity = identity("client", SECRET);
    RpcServerSettings serverSettings = RpcServerSettings.of("127.0.0.1", 0);
    RpcClientSettings clientSettings = RpcClientSettings.defaults();
    RpcListener listener = heard;
    volatile long clientEpoch = 1;
    final HighWaterMark clientMark = new HighWaterMark();
    final HighWaterMark serverMark = new HighWaterMark();
    volatile boolean deletionStopped;
    private RpcServer server;
    private RpcClient client;

    TwoNodes() {
        opened.push(time);
    }

    static RpcIdentity identity(String node, String secret) {
        return RpcIdentity.of(CLUSTER, node, new ClusterSecrets(secret, Optional.empty()));
    }

    ChunkStore memoryStore(int partitions, Time storeTime) {
        var store =
                new MemoryChunkStore(
                        new MemoryChunkStoreSettings("memory", partitions, 256 << 20), storeTime);
        opened.push(store);
        return store;
    }

    TwoNodes hosting(ChunkStore store) {
        hosted.put(MEMBER, store);
        return this;
    }

    RpcRuntime runtime() {
        return new RpcRuntime(
                time, new SecureRandom(), Thread.ofVirtual().name("rpc-", 0).factory(), listener);
    }

    RpcServer server() throws Exception {
        if (server == null) {
            restartServer(PROCESS);
        }
        return server;
    }

    /** Where the server listened before, if it did. */
    RpcServer restartServer(long process) throws Exception {
        if (server != null) {
            serverSettings =
                    new RpcServerSettings(
                            serverSettings.host(),
                            server.port(),
                            serverSettings.limits(),
                            serverSettings.timeouts(),
                            serverSettings.tls());
            server.close();
        }
        server =
                RpcServer.start(
                        serverSettings,
                        serverIdentity,
                        new LocalNode(
                                process,
                                new HostedMembers() {
                                    @Override
                                    public Optional<ChunkStore> find(MemberId id) {
                                        return Optional.ofNullable(hosted.get(id));
                                    }

                                    @Override
                                    public int count() {
                                        return hosted.size();
                                    }
                                },
                                serverRing,
                                serverMark,
                                () -> deletionStopped),
                        runtime());
        opened.push(server);
        return server;
    }

    RpcClient client() throws Exception {
        if (client == null) {
            client =
                    new RpcClient(
                            clientSettings,
                            clientIdentity,
                            new Known(() -> clientEpoch, clientMark),
                            heard,
                            runtime());
            opened.push(client);
        }
        return client;
    }

    ChunkStore connect() throws Exception {
        return connect(MEMBER, PROCESS);
    }

    ChunkStore connect(MemberId member, long process) throws Exception {
        return connect(member, process, server().port());
    }

    ChunkStore connect(MemberId member, long process, int port) throws Exception {
        ChunkStore store =
                client().member(new PeerAddress("server", "127.0.0.1", port, process), member);
        opened.push(store);
        return store;
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
