package io.lilio.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.ring.Intent;
import io.lilio.catalog.ring.RingCommands;
import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.maintenance.move.MemberBackends;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.metadata.session.Sessions;
import io.lilio.object.Environment;
import io.lilio.object.ObjectAddress;
import io.lilio.object.OpenObject;
import io.lilio.object.PutRequest;
import io.lilio.object.ReadRequest;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import io.lilio.replication.ReplicationListener;
import io.lilio.time.SystemTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several engines on the same metadata, which reach each other's stores without a network. */
@Timeout(60)
class MembershipTest {

    private static final UUID CLUSTER = new UUID(1, 1);
    private static final ObjectAddress KEY = new ObjectAddress("bucket", "key");
    private static final Set<String> FOUNDERS = Set.of("one", "two", "three");

    private final SystemTime time = new SystemTime();
    private final MemoryMetadataStore metadata = new MemoryMetadataStore(time);
    private final ExecutorService starts = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<MemberId, ChunkStore> stores = new ConcurrentHashMap<>();
    private final List<Engine> engines = new ArrayList<>();

    @AfterEach
    void close() {
        starts.shutdownNow();
        engines.forEach(Engine::close);
        stores.values().forEach(ChunkStore::close);
        metadata.close();
        time.close();
    }

    @Test
    void theClusterIsFoundedOnceAllWhoFoundItAreThereAndEachServesWhatAnotherStored()
            throws Exception {
        Future<Engine> one = begin("one", 1);
        Future<Engine> two = begin("two", 2);
        eventually(() -> sessionsOf(Set.of("one", "two")) == 2);
        assertThat(one.isDone() || two.isDone()).as("three is missing").isFalse();
        Engine third = started(begin("three", 3));
        Engine first = started(one);
        Engine second = started(two);
        assertThat(first.ring().current().ring().members())
                .extracting(Member::node)
                .containsExactlyInAnyOrder("one", "two", "three");
        reachesAll(first);
        reachesAll(second);
        reachesAll(third);
        first.objects().buckets().create("bucket", "me", 64 * 1024);
        put(first, 200_000);
        assertThat(size(second)).isEqualTo(200_000);
        put(third, 300_000);
        assertThat(size(first)).isEqualTo(300_000);
        eventually(() -> stores.values().stream().allMatch(store -> store.usage().chunks() >= 5));
    }

    @Test
    void whoComesLaterAnnouncesItselfAndServesWithoutHoldingAnything() throws Exception {
        foundThree();
        Engine fourth = started(begin("four", 4));
        Ring ring = fourth.ring().refresh().ring();
        assertThat(ring.member(id(4))).map(Member::state).contains(MemberState.JOINING);
        assertThat(ring.epoch()).as("a revision alone").isEqualTo(Ring.FIRST_EPOCH);
        put(fourth, 200_000);
        assertThat(size(engines.getFirst())).isEqualTo(200_000);
        assertThat(stores.get(id(4)).usage().chunks()).isZero();
    }

    /** It was cut off from the metadata for a while, or whoever marked it was mistaken. */
    @Test
    void aMemberThatIsMarkedLostWhileItsNodeRunsReturnsByItself() throws Exception {
        foundThree();
        RingCommands commands =
                new RingCommands(
                        new RingStore(metadata), new MemberBackends(engines.get(0).members()));
        commands.markLost(new Intent(new UUID(7, 7), Ring.FIRST_EPOCH), List.of(id(3)), false);
        eventually(
                () ->
                        engines.get(0).ring().refresh().ring().member(id(3)).orElseThrow().state()
                                == MemberState.RETURNED);
        Ring returned = engines.get(0).ring().refresh().ring();
        assertThat(returned.operation().map(RingOperation::type))
                .as("the change that the loss began goes on")
                .contains(RingOperation.Type.MARK_LOST);
        assertThat(returned.table().members()).doesNotContain(id(3));
    }

    @Test
    void aNodeThatIsStartedAgainElsewhereIsReachedThere() throws Exception {
        foundThree();
        Engine first = engines.get(0);
        engines.remove(2).close();
        Engine again = started(begin("three", 3));
        long process = again.sessions().process();
        eventually(() -> first.members().find(id(3)).isPresent());
        eventually(() -> connections.getOrDefault(id(3), 0L) == process);
        put(again, 100_000);
        assertThat(size(first)).isEqualTo(100_000);
    }

    /** It was started with another setting than the one that follows it. */
    @Test
    void theSessionOfAKilledProcessIsWaitedForAsLongAsItMayLast() throws Exception {
        foundThree();
        SessionSettings longer =
                SessionSettings.of("four", "four:9002").withTtl(Duration.ofSeconds(3));
        try (SystemTime killed = new SystemTime()) { // at its end no sign of life follows
            long session =
                    new Sessions(metadata, longer, List.of(), killed, new SecureRandom()).process();
            assertThat(session).isPositive();
        }
        started(begin("four", 4));
        assertThat(sessionsOf(Set.of("four"))).isOne();
    }

    @Test
    void aSecondProcessOfTheSameNameIsRefused() throws Exception {
        foundThree();
        assertThatThrownBy(() -> started(begin("two", 9)))
                .hasRootCauseMessage(
                        "Node two is running already at two:9002: two processes must not have one"
                                + " name");
    }

    @Test
    void aCopyOfADirectoryIsRefusedWhereverItIsStarted() throws Exception {
        foundThree();
        assertThatThrownBy(() -> started(begin("four", 2)))
                .hasRootCauseMessage(
                        "Node two at two:9002 hosts member "
                                + id(2)
                                + " already: a directory of this node is a copy of one of its");
        assertThat(engines.get(1).members().find(id(2)).orElseThrow().member().local()).isTrue();
    }

    @Test
    void aProcessWithoutBackendsReachesThoseOfOthers() throws Exception {
        foundThree();
        put(engines.getFirst(), 200_000);
        Engine job = started(begin("job", List.of()));
        reachesAll(job);
        assertThat(size(job)).isEqualTo(200_000);
    }

    private final Map<MemberId, Long> connections = new ConcurrentHashMap<>();

    private void foundThree() throws Exception {
        Future<Engine> one = begin("one", 1);
        Future<Engine> two = begin("two", 2);
        Future<Engine> three = begin("three", 3);
        Engine first = started(one);
        started(two);
        started(three);
        first.objects().buckets().create("bucket", "me", 64 * 1024);
        for (Engine engine : engines) {
            reachesAll(engine);
        }
    }

    private Future<Engine> begin(String node, int backend) {
        ChunkStore store =
                stores.computeIfAbsent(
                        id(backend),
                        _ ->
                                new MemoryChunkStore(
                                        new MemoryChunkStoreSettings("disk", 64, 16 << 20), time));
        return begin(node, List.of(Backend.of(id(backend), "disk", store)));
    }

    private Future<Engine> begin(String node, List<Backend> backends) {
        PeerConnector connector =
                (peer, member) -> {
                    connections.put(member, peer.process());
                    return borrowed(stores.get(member));
                };
        SessionSettings session =
                new SessionSettings(
                        node,
                        node + ":9002",
                        List.of(),
                        Duration.ofMillis(500),
                        Duration.ofMillis(50));
        EngineSettings settings =
                EngineSettings.defaults(CLUSTER, node)
                        .withSession(session)
                        .withFounding(
                                new EngineSettings.Founding(
                                        Partitioning.of(64),
                                        new Replication(3, 2, 2, Replication.Spread.HOST, false),
                                        FOUNDERS))
                        .withBuffers(BufferPoolSettings.ofCapacity(8 << 20));
        Callable<Engine> open =
                () ->
                        Engine.open(
                                settings,
                                new EngineParts(
                                        metadata, backends, connector, ReplicationListener.NONE),
                                new Environment(
                                        time, new SecureRandom(), Thread.ofVirtual().factory()));
        return starts.submit(open);
    }

    /** A store whose owner closes it. */
    private static ChunkStore borrowed(ChunkStore store) {
        return (ChunkStore)
                Proxy.newProxyInstance(
                        ChunkStore.class.getClassLoader(),
                        new Class<?>[] {ChunkStore.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("close")) {
                                return null;
                            }
                            try {
                                return method.invoke(store, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private Engine started(Future<Engine> begun) throws InterruptedException, ExecutionException {
        Engine engine = begun.get();
        engines.add(engine);
        return engine;
    }

    private static MemberId id(int backend) {
        return new MemberId(new UUID(0, backend));
    }

    private long sessionsOf(Set<String> nodes) {
        try (Sessions sessions = observer()) {
            return sessions.live().sessions().stream()
                    .filter(session -> nodes.contains(session.node()))
                    .count();
        }
    }

    private Sessions observer() {
        return new Sessions(
                metadata, SessionSettings.of("observer", ""), List.of(), time, new SecureRandom());
    }

    private static void reachesAll(Engine engine) throws InterruptedException {
        eventually(
                () ->
                        engine.ring().current().ring().table().members().stream()
                                .allMatch(member -> engine.members().find(member).isPresent()));
    }

    private static void eventually(Callable<Boolean> condition) throws InterruptedException {
        try {
            while (!condition.call()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void put(Engine engine, int size) {
        engine.objects().put().put(PutRequest.of(KEY, Attributes.none()), new Zeros(size));
    }

    private static long size(Engine engine) {
        long[] size = new long[1];
        try (OpenObject object = engine.objects().get().open(ReadRequest.of(KEY))) {
            object.transferTo(
                    (data, release) -> {
                        size[0] += data.remaining();
                        release.run();
                    });
        }
        return size[0];
    }
}
