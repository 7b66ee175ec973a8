package io.lilio.metadata.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.faults.TcpProxy;
import io.lilio.faults.TcpProxy.Mode;
import io.lilio.faults.TcpProxy.Way;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Txn;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.SessionGuard;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.metadata.session.Sessions;
import io.lilio.time.SystemTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the store does when etcd, or the way to it, does not do what it should. */
@Timeout(120)
class EtcdFaultsTest {

    private static final Bytes KEY = Bytes.ofUtf8("key");
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @TempDir private Path directory;

    private final SystemTime time = new SystemTime();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        time.close();
    }

    @Test
    void whileEtcdIsAwayEveryoneIsRefusedAtOnceAndServedWhenItIsBack() throws Exception {
        EtcdProcess etcd = started(EtcdProcess.start(directory));
        EtcdMetadataStore store = store(etcd.endpoint());
        put(store, "1");
        etcd.kill();
        assertThatThrownBy(() -> store.read(List.of(KEY)))
                .isInstanceOf(MetadataUnavailableException.class);
        eventually(() -> store.status().awaySince().isPresent());
        long began = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            assertThatThrownBy(() -> store.read(List.of(KEY)))
                    .isInstanceOf(MetadataUnavailableException.class);
            assertThatThrownBy(() -> put(store, "2"))
                    .isInstanceOf(MetadataUnavailableException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("2,000 calls that each waited would take an hour")
                .isLessThan(Duration.ofMinutes(1));
        etcd.start();
        eventually(() -> store.status().awaySince().isEmpty());
        assertThat(value(store)).isEqualTo("1");
        put(store, "3");
        assertThat(value(store)).isEqualTo("3");
    }

    /** Left to itself, gRPC would make ten attempts in the time that this test has. */
    @Test
    void whoeverIsAwayForLongIsLookedForAsOftenAsAtFirst() throws Exception {
        EtcdProcess etcd = started(EtcdProcess.start(directory));
        TcpProxy network = started(new TcpProxy(etcd.clientPort()));
        EtcdMetadataStore store = store(network.endpoint());
        put(store, "1");
        network.cut();
        assertThatThrownBy(() -> store.read(List.of(KEY)))
                .isInstanceOf(MetadataUnavailableException.class);
        eventually(() -> network.refused() > 14);
        network.heal();
        eventually(() -> store.status().awaySince().isEmpty());
        assertThat(value(store)).isEqualTo("1");
    }

    @Test
    void anotherEtcdAtItsAddressIsNotTakenForItUntilItIsBack() throws Exception {
        EtcdProcess etcd =
                started(EtcdProcess.start(Files.createDirectory(directory.resolve("a"))));
        EtcdProcess other =
                started(EtcdProcess.start(Files.createDirectory(directory.resolve("b"))));
        EtcdMetadataStore store = store(etcd.endpoint());
        put(store, "ours");
        EtcdMetadataStore foreign = store(other.endpoint());
        for (int i = 0; i < 20; i++) {
            put(foreign, "theirs"); // it is further than ours
        }
        Path ours = directory.resolve("ours");
        Path theirs = directory.resolve("theirs");
        etcd.snapshot(ours);
        other.snapshot(theirs);
        other.stop();
        etcd.kill();
        eventually(
                () -> {
                    assertThatThrownBy(() -> value(store))
                            .isInstanceOf(MetadataUnavailableException.class);
                    return store.status().away().isPresent();
                });
        assertThat(store.status().away().orElseThrow().why()).doesNotContain("another");
        etcd.restore(theirs);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> value(store)).isInstanceOf(MetadataUnavailableException.class);
        }
        eventually(
                () ->
                        store.status()
                                .away()
                                .filter(away -> away.why().contains("another etcd cluster"))
                                .isPresent());
        etcd.restore(ours);
        eventually(() -> store.status().away().isEmpty());
        assertThat(value(store)).isEqualTo("ours");
    }

    @Test
    void anAnswerThatIsLostLeavesTheOutcomeUnknownAndTheFenceSettlesIt() throws Exception {
        EtcdProcess etcd = started(EtcdProcess.start(directory));
        TcpProxy network = started(new TcpProxy(etcd.clientPort()));
        EtcdMetadataStore store = store(network.endpoint());
        Sessions sessions = started(sessions(store));
        try (InFlight request = sessions.begin()) {
            network.set(Way.ANSWERS, Mode.LOSE);
            CommitResult lost = store.commit(guarded(request.guard(), "applied"));
            assertThat(lost).isInstanceOf(CommitResult.Unknown.class);
            assertThat(network.lost(Way.ANSWERS)).as("the fault hit").isPositive();
            network.heal();
            network.closeConnections();
            request.holdForUnknown();
            eventually(() -> bumped(request));
            assertThat(value(store)).isEqualTo("applied");
        }
    }

    @Test
    void aTransactionThatIsHeldUpIsNotAppliedOnceTheFenceWasBumped() throws Exception {
        EtcdProcess etcd = started(EtcdProcess.start(directory));
        TcpProxy network = started(new TcpProxy(etcd.clientPort()));
        EtcdMetadataStore store = store(network.endpoint());
        EtcdMetadataStore direct = store(etcd.endpoint());
        Sessions sessions = started(sessions(direct));
        put(direct, "before");
        try (InFlight request = sessions.begin()) {
            SessionGuard guard = request.guard();
            network.set(Way.REQUESTS, Mode.HOLD);
            assertThat(store.commit(guarded(guard, "late")))
                    .isInstanceOf(CommitResult.Unknown.class);
            request.holdForUnknown();
            request.session().bumpFence();
            assertThat(value(direct)).isEqualTo("before");
            network.heal(); // now it arrives
            eventually(() -> reads(store).isPresent());
            assertThat(value(direct)).as("the fence keeps it out").isEqualTo("before");
        }
    }

    @Test
    void theLeaderIsKilledAndCommitsGoOn() throws Exception {
        List<EtcdProcess> cluster = EtcdProcess.startCluster(3, directory);
        cluster.forEach(this::started);
        EtcdMetadataStore store =
                store(cluster.stream().map(EtcdProcess::endpoint).toArray(String[]::new));
        eventually(() -> written(store, "0"));
        for (EtcdProcess member : cluster) {
            member.kill();
            eventually(() -> written(store, "without " + member.endpoint()));
            member.start();
            eventually(() -> written(store, "with " + member.endpoint()));
        }
    }

    @Test
    void aMemberThatIsFrozenIsLeftForAnother() throws Exception {
        List<EtcdProcess> cluster = EtcdProcess.startCluster(3, directory);
        cluster.forEach(this::started);
        EtcdMetadataStore store =
                store(cluster.stream().map(EtcdProcess::endpoint).toArray(String[]::new));
        eventually(() -> written(store, "0"));
        cluster.getFirst().freeze();
        try {
            eventually(() -> written(store, "frozen"));
            assertThat(value(store)).isEqualTo("frozen");
        } finally {
            cluster.getFirst().thaw();
        }
    }

    @Test
    void withoutAQuorumNothingIsServedUntilItIsBack() throws Exception {
        List<EtcdProcess> cluster = EtcdProcess.startCluster(3, directory);
        cluster.forEach(this::started);
        EtcdMetadataStore store =
                store(cluster.stream().map(EtcdProcess::endpoint).toArray(String[]::new));
        eventually(() -> written(store, "before"));
        cluster.get(1).kill();
        cluster.get(2).kill();
        eventually(() -> store.status().awaySince().isPresent() || !isRead(store));
        assertThatThrownBy(() -> store.read(List.of(KEY)))
                .as("the member that is left may be behind")
                .isInstanceOf(MetadataUnavailableException.class);
        cluster.get(1).start();
        eventually(() -> isRead(store));
        assertThat(value(store)).isEqualTo("before");
        eventually(() -> written(store, "after"));
    }

    private <T extends AutoCloseable> T started(T resource) {
        opened.add(resource);
        return resource;
    }

    private EtcdMetadataStore store(String... endpoints) {
        return started(
                new EtcdMetadataStore(
                        new EtcdSettings(
                                List.of(endpoints),
                                "/faults/",
                                Optional.empty(),
                                Optional.empty(),
                                new EtcdSettings.Limits(TIMEOUT, 2L << 30)),
                        time,
                        Thread.ofVirtual().factory()));
    }

    private Sessions sessions(EtcdMetadataStore store) {
        return new Sessions(
                store,
                new SessionSettings(
                        "node", "", List.of(), Duration.ofMinutes(1), Duration.ofSeconds(1)),
                List.of(),
                time,
                new SecureRandom());
    }

    private static Txn guarded(SessionGuard guard, String value) {
        return Txn.grow().when(guard.compares()).put(KEY, Bytes.ofUtf8(value)).build();
    }

    private static void put(EtcdMetadataStore store, String value) {
        assertThat(store.commit(Txn.grow().put(KEY, Bytes.ofUtf8(value)).build()))
                .isInstanceOf(CommitResult.Committed.class);
    }

    /** Tries to write; what is written is read back at once. */
    private static boolean written(EtcdMetadataStore store, String value) {
        try {
            boolean committed =
                    store.commit(Txn.grow().put(KEY, Bytes.ofUtf8(value)).build())
                            instanceof CommitResult.Committed;
            return committed && value(store).equals(value);
        } catch (MetadataUnavailableException e) {
            return false;
        }
    }

    private static boolean bumped(InFlight request) {
        try {
            request.session().bumpFence();
            return true;
        } catch (MetadataUnavailableException e) {
            return false;
        }
    }

    private static boolean isRead(EtcdMetadataStore store) {
        return reads(store).isPresent();
    }

    private static Optional<String> reads(EtcdMetadataStore store) {
        try {
            return Optional.of(value(store));
        } catch (MetadataUnavailableException e) {
            return Optional.empty();
        }
    }

    private static String value(EtcdMetadataStore store) {
        return store.read(List.of(KEY))
                .get(0)
                .map(found -> new String(found.value().array(), StandardCharsets.UTF_8))
                .orElse("nothing");
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(20);
        }
    }
}
