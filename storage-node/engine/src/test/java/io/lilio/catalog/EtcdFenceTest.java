package io.lilio.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.Stored;
import io.lilio.catalog.owner.OwnedBlob;
import io.lilio.faults.TcpProxy;
import io.lilio.faults.TcpProxy.Mode;
import io.lilio.faults.TcpProxy.Way;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.ForwardingMetadataStore;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Txn;
import io.lilio.metadata.etcd.EtcdMetadataStore;
import io.lilio.metadata.etcd.EtcdProcess;
import io.lilio.metadata.etcd.EtcdSettings;
import io.lilio.metadata.session.InFlight;
import io.lilio.time.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fence over a real network: answers of a real etcd are lost, and transactions reach it when
 * their client has long been told something.
 */
@Timeout(60)
class EtcdFenceTest {

    /** More than a server says by itself on a connection, less than an answer has. */
    private static final int ANSWER_BYTES = 64;

    private static final AtomicInteger PREFIX = new AtomicInteger();

    private static EtcdProcess etcd;

    private final String prefix = "/fence" + PREFIX.incrementAndGet() + "/";
    private final SystemTime time = new SystemTime();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<AutoCloseable> opened = new ArrayList<>(List.of(time, threads));
    private TcpProxy network;
    private EtcdMetadataStore direct;
    private EtcdMetadataStore proxied;
    private TwoWays ways;

    /** Sends some transactions by another way than everything else. */
    private static final class TwoWays extends ForwardingMetadataStore {
        private final MetadataStore other;
        private volatile Predicate<Txn> detoured = _ -> false;
        private volatile boolean otherIsGone;

        TwoWays(MetadataStore usual, MetadataStore other) {
            super(usual);
            this.other = other;
        }

        @Override
        public CommitResult commit(Txn txn) {
            if (!detoured.test(txn)) {
                return super.commit(txn);
            }
            if (otherIsGone) {
                throw new MetadataUnavailableException("gone on purpose", null);
            }
            return other.commit(txn);
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        etcd = EtcdProcess.start(directory);
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    @BeforeEach
    void open() throws Exception {
        network = opened(new TcpProxy(etcd.clientPort()));
        direct = opened(store(etcd.endpoint()));
        proxied = opened(store(network.endpoint()));
        ways = new TwoWays(direct, proxied);
        proxied.revision(); // so that there is a connection
    }

    @AfterEach
    void close() throws Exception {
        network.heal();
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void aPutWhoseAnswerIsLostIsFoundToBeApplied() throws Exception {
        CatalogFixture node = nodeWhoseHeadsTakeTheProxy();
        BlobRef first = node.putBlob("k");
        BlobRef second = node.blob(2);
        network.set(Way.ANSWERS, Mode.LOSE);
        CompletableFuture<CommitOutcome<Stored>> put = put(node, second);
        eventually(() -> node.etag("k").equals(Optional.of(second.id().toString())));
        eventually(() -> network.lost(Way.ANSWERS) >= ANSWER_BYTES);
        network.closeConnections();
        network.heal();
        assertThat(put.get()).isInstanceOf(CommitOutcome.Committed.class);
        assertThat(node.trashedBlobs()).containsExactly(first);
        assertOwnedOnce(node, first, second);
    }

    @Test
    void aPutThatArrivesWhenTheFenceWasBumpedChangesNothing() throws Exception {
        CatalogFixture node = nodeWhoseHeadsTakeTheProxy();
        BlobRef first = node.putBlob("k");
        BlobRef second = node.blob(2);
        network.set(Way.REQUESTS, Mode.HOLD);
        CompletableFuture<CommitOutcome<Stored>> put = put(node, second);
        eventually(() -> network.held(Way.REQUESTS) > 0);
        long fence = direct.revision();
        network.closeConnectionsOfClients();
        eventually(() -> direct.revision() > fence);
        assertThat(put).as("it is sent again, and that is held up too").isNotDone();
        assertThat(node.etag("k")).contains(first.id().toString());
        network.heal();
        eventually(() -> network.lost(Way.ANSWERS) >= ANSWER_BYTES); // to what came late
        assertThat(put.get()).isInstanceOf(CommitOutcome.Committed.class);
        assertThat(node.etag("k")).contains(second.id().toString());
        assertThat(node.trashedBlobs()).containsExactly(first);
        assertOwnedOnce(node, first, second);
    }

    @Test
    void aPutWhoseClientWasToldNoDoesNotComeAfterAll() throws Exception {
        CatalogFixture node = nodeWhoseHeadsTakeTheProxy();
        BlobRef first = node.putBlob("k");
        BlobRef second = node.blob(2);
        network.set(Way.REQUESTS, Mode.HOLD);
        CompletableFuture<CommitOutcome<Stored>> put = put(node, second);
        eventually(() -> network.held(Way.REQUESTS) > 0);
        ways.otherIsGone = true; // so it cannot be sent again, and its chunks are deleted
        network.closeConnectionsOfClients();
        assertThat(put.get()).isInstanceOf(CommitOutcome.Refused.class);
        network.heal();
        eventually(() -> network.lost(Way.ANSWERS) >= ANSWER_BYTES);
        assertThat(node.etag("k")).contains(first.id().toString());
        assertOwnedOnce(node, first);
    }

    @Test
    void aPutThatArrivesWhenAnotherWasAcknowledgedChangesNothing() throws Exception {
        CatalogFixture node = nodeWhoseHeadsTakeTheProxy();
        BlobRef first = node.putBlob("k");
        CatalogFixture other = opened(node.join("n2", direct));
        BlobRef late = node.blob(2);
        network.set(Way.REQUESTS, Mode.HOLD);
        CompletableFuture<CommitOutcome<Stored>> put = put(node, late);
        eventually(() -> network.held(Way.REQUESTS) > 0);
        BlobRef theirs = other.putBlob("k");
        network.closeConnectionsOfClients();
        CommitOutcome<Stored> outcome = put.get();
        assertThat(outcome).as("whether it was applied before").isInstanceOf(unknown());
        network.heal();
        eventually(() -> network.lost(Way.ANSWERS) >= ANSWER_BYTES);
        assertThat(node.etag("k")).contains(theirs.id().toString());
        assertOwnedOnce(node, first, theirs);
    }

    @Test
    void aPutThatMayYetArriveHoldsItsMarkUntilItCannotAnyMore() throws Exception {
        CatalogFixture node = opened(CatalogFixture.create(ways));
        ways.detoured = _ -> true;
        CatalogFixture other = opened(node.join("n2", direct));
        BlobRef blob = node.blob(2);
        long incarnation = node.sessions.current().incarnation();
        long opening = blob.openingRevision();
        network.set(Way.REQUESTS, Mode.HOLD);
        CompletableFuture<CommitOutcome<Stored>> put = put(node, blob);
        eventually(() -> network.held(Way.REQUESTS) > 0);
        network.closeConnectionsOfClients();
        assertThat(put.get()).isInstanceOf(unknown());
        assertThat(other.sessions.live().ended(incarnation, opening))
                .as("its blob is no orphan: it may be on its way")
                .isFalse();
        network.heal();
        eventually(() -> other.sessions.live().ended(incarnation, opening));
        List<OwnedBlob> owned = other.owned();
        network.closeConnections();
        eventually(() -> other.sessions.live().allPassed(opening));
        assertThat(other.owned()).as("what it is by then it stays").isEqualTo(owned);
    }

    private static Class<?> unknown() {
        return CommitOutcome.Unknown.class;
    }

    private CatalogFixture nodeWhoseHeadsTakeTheProxy() {
        CatalogFixture node = opened(CatalogFixture.create(ways));
        Bytes head = Keys.head(node.bucket().id(), "k");
        ways.detoured = txn -> txn.writes().stream().anyMatch(write -> write.key().equals(head));
        return node;
    }

    private EtcdMetadataStore store(String endpoint) {
        return new EtcdMetadataStore(
                new EtcdSettings(
                        List.of(endpoint),
                        prefix,
                        Optional.empty(),
                        Optional.empty(),
                        new EtcdSettings.Limits(Duration.ofSeconds(2), 2L << 30)),
                time,
                Thread.ofVirtual().factory());
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    private CompletableFuture<CommitOutcome<Stored>> put(CatalogFixture node, BlobRef blob) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (InFlight request = node.begin()) {
                        return node.catalog
                                .objects()
                                .put(request, node.look("k"), node.ofBlob(blob), Conditions.none());
                    }
                },
                threads);
    }

    private static void assertOwnedOnce(CatalogFixture node, BlobRef... blobs) {
        assertThat(node.owned()).extracting(OwnedBlob::blob).containsExactlyInAnyOrder(blobs);
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(20);
        }
    }
}
