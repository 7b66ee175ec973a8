package io.lilio.catalog.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.Keys;
import io.lilio.catalog.record.RingRecord;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.ForwardingMetadataStore;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import io.lilio.placement.RingView;
import io.lilio.placement.SettledEpochs;
import io.lilio.time.SystemTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RingStoreTest {

    private static final Replication THREE =
            new Replication(3, 2, 2, Replication.Spread.HOST, true);

    private final SystemTime time = new SystemTime();
    private final MetadataStore metadata = new MemoryMetadataStore(time);
    private final RingStore store = new RingStore(metadata);
    private final Ring ring =
            Ring.create(Partitioning.of(64), THREE, List.of(member(1), member(2), member(3)));

    @AfterEach
    void close() {
        metadata.close();
        time.close();
    }

    @Test
    void aClusterIsFoundedOnce() {
        assertThat(store.load()).isEmpty();
        assertThat(store.clusterId()).isEmpty();

        UUID cluster = new UUID(1, 2);
        assertThat(store.create(cluster, ring)).isTrue();
        assertThat(store.create(new UUID(3, 4), ring)).isFalse();

        assertThat(store.clusterId()).contains(cluster);
        assertThat(store.openEpochs()).containsExactly(1L);
    }

    @Test
    void aRingReadsBackAsItWasStored() {
        store.create(new UUID(1, 2), ring);
        Ring stored = store.load().orElseThrow().ring();
        assertThat(stored).isEqualTo(ring.atRevision(stored.revision()));

        List<Member> everyState = new ArrayList<>(stored.members());
        for (MemberState state : MemberState.values()) {
            everyState.add(member(100 + everyState.size()).withState(state));
        }
        for (RingOperation.Type type : RingOperation.Type.values()) {
            Ring next =
                    stored.withMembers(
                            everyState, Optional.of(new RingOperation(new UUID(7, 8), type, -1)));
            Ring replaced = store.replace(stored, next).orElseThrow();
            stored = store.load().orElseThrow().ring();
            assertThat(stored).isEqualTo(replaced);
        }
        assertThat(stored.tables()).hasSize(2);
    }

    @Test
    void howTheKeySpaceIsCutUpIsRemembered() throws Exception {
        var members = List.of(member(1), member(2), member(3));
        store.create(new UUID(1, 2), Ring.create(new Partitioning(8, 7), THREE, members));
        Ring current = store.load().orElseThrow().ring();
        store.replace(current, current.admit(member(4), operation(1)));
        assertThat(store.load().orElseThrow().ring().partitioning())
                .isEqualTo(new Partitioning(8, 7));
    }

    @Test
    void aRingThatWasMadeBeforeItRememberedVirtualNodesHasTheUsualNumber() throws Exception {
        store.create(new UUID(1, 2), ring);
        RingRecord record =
                RingRecord.parseFrom(
                        metadata.read(List.of(Keys.ring())).get(0).orElseThrow().value().array());
        Bytes older = Bytes.wrap(record.toBuilder().clearVirtualNodes().build().toByteArray());
        metadata.commit(Txn.upkeep().put(Keys.ring(), older).build());
        assertThat(store.load().orElseThrow().ring().partitioning()).isEqualTo(Partitioning.of(64));
    }

    @Test
    void aNewEpochIsOpenedWithItsTableAndAnOldOneCloses() {
        store.create(new UUID(1, 2), ring);
        Ring current = store.load().orElseThrow().ring();
        store.replace(current, current.admit(member(4), operation(1)));
        assertThat(store.openEpochs()).containsExactly(1L, 2L);

        store.closeEpoch(1);
        store.closeEpoch(1);
        assertThat(store.openEpochs()).containsExactly(2L);
    }

    @Test
    void theSecondOfTwoChangesFromTheSameDocumentIsRefused() {
        store.create(new UUID(1, 2), ring);
        Ring current = store.load().orElseThrow().ring();

        assertThat(store.replace(current, current.admit(member(4), operation(1)))).isPresent();
        assertThat(store.replace(current, current.admit(member(5), operation(2)))).isEmpty();

        assertThat(store.load().orElseThrow().ring().member(member(5).id())).isEmpty();
    }

    @Test
    void aPartitionIsSettledOnlyByTheMoverOfTheNewestRing() {
        store.create(new UUID(1, 2), ring);
        Ring one = store.load().orElseThrow().ring();
        Ring two = store.replace(one, one.admit(member(4), operation(1))).orElseThrow();
        Ring three = store.replace(two, two.admit(member(5), operation(2))).orElseThrow();

        assertThat(store.settle(List.of(9), viewAt(two))).as("the ring has moved on").isZero();
        assertThat(store.settle(List.of(9), viewAt(three))).isOne();
        assertThat(store.settle(List.of(9), viewAt(three))).as("settled already").isZero();

        RingView view = store.load().orElseThrow();
        assertThat(view.settled().epoch(9)).isEqualTo(3);
        assertThat(view.settled().epoch(8)).isEqualTo(1);
        assertThat(view.settled().revision(9)).isGreaterThan(three.revision());

        Ring other = three.withMembers(three.members(), Optional.of(operation(3)));
        Ring another = store.replace(three, other).orElseThrow();
        assertThat(another.epoch()).isEqualTo(three.epoch());
        assertThat(store.settle(List.of(10), viewAt(three)))
                .as("another operation is under way")
                .isZero();
        assertThat(store.settle(List.of(10), viewAt(another))).isOne();
        assertThat(store.settle(List.of(9, 10, 11, 12), viewAt(another)))
                .as("two of them are settled already")
                .isEqualTo(2);
        assertThat(store.load().orElseThrow().settled().exceptions())
                .containsOnlyKeys(9, 10, 11, 12);
    }

    @Test
    @Timeout(60)
    void settlingGoesOnWhileTheDocumentChangesWithoutANewEpoch() throws Exception {
        store.create(new UUID(1, 2), ring);
        Ring one = store.load().orElseThrow().ring();
        Ring two = store.replace(one, one.admit(member(4), operation(1))).orElseThrow();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> announcing =
                    threads.submit(
                            () -> {
                                for (int i = 0; i < 50; i++) {
                                    Ring now = store.load().orElseThrow().ring();
                                    List<Member> more = new ArrayList<>(now.members());
                                    more.add(member(1_000 + i).withState(MemberState.JOINING));
                                    store.replace(now, now.withMembers(more, now.operation()));
                                }
                            });
            for (int partition = 0; partition < two.partitions(); partition++) {
                assertThat(store.settle(List.of(partition), viewAt(two))).isOne();
            }
            announcing.get();
        }
        assertThat(store.load().orElseThrow().settled().smallest(two.partitions())).isEqualTo(2);
    }

    @Test
    @Timeout(60)
    void aCacheLearnsOfNewRingsAndSettledPartitionsByItself() throws Exception {
        store.create(new UUID(1, 2), ring);
        try (RingCache cache = RingCache.open(metadata, time)) {
            Ring one = cache.current().ring();
            Ring two = store.replace(one, one.admit(member(4), operation(1))).orElseThrow();
            while (cache.current().epoch() < 2) {
                Thread.sleep(1);
            }
            store.settle(List.of(5), viewAt(two));
            while (cache.current().settled().epoch(5) < 2) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void aCacheAskedForANewerEpochReadsAnew() {
        store.create(new UUID(1, 2), ring);
        try (RingCache cache = RingCache.open(metadata, time)) {
            Ring one = cache.current().ring();
            store.replace(one, one.admit(member(4), operation(1)));
            assertThat(cache.knowing(2).epoch()).isEqualTo(2);
            assertThat(cache.current().epoch()).isEqualTo(2);
        }
    }

    @Test
    void aCacheIsNotAskedForAnEpochThatTheMetadataDoNotKnow() {
        store.create(new UUID(1, 2), ring);
        try (RingCache cache = RingCache.open(metadata, time)) {
            assertThatThrownBy(() -> cache.knowing(2))
                    .isInstanceOf(MetadataUnavailableException.class)
                    .hasMessage("the metadata know the ring up to epoch 1, not 2");
        }
    }

    /** As when all the calls of a busy node tell of a new epoch. */
    @Test
    void manyWhoAskAtOnceShareOneReadingThatBeganAfterTheyAsked() throws Exception {
        store.create(new UUID(1, 2), ring);
        var slow = new HeldViews(metadata);
        try (RingCache cache = RingCache.open(slow, time);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long opened = slow.views.get();
            slow.held = true;
            Future<RingView> first = threads.submit(cache::refresh);
            slow.opened.acquire(); // it looks at the ring of epoch 1
            Ring one = cache.current().ring();
            store.replace(one, one.admit(member(4), operation(1)));
            List<Future<RingView>> others = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                others.add(threads.submit(cache::refresh));
            }
            Thread.sleep(100);
            slow.permits.release(100);
            first.get();
            for (Future<RingView> other : others) {
                assertThat(other.get().epoch()).isEqualTo(2);
            }
            // Those of the watch, which has seen the change too, among them.
            assertThat(slow.views.get() - opened).isLessThan(6);
        }
    }

    @Test
    void whoIsInterruptedWhileItReadsForOthersFailsAlone() throws Exception {
        store.create(new UUID(1, 2), ring);
        var slow = new HeldViews(metadata);
        try (RingCache cache = RingCache.open(slow, time);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            slow.held = true;
            Future<RingView> first = threads.submit(cache::refresh);
            slow.opened.acquire();
            List<Future<RingView>> waiting = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                waiting.add(threads.submit(cache::refresh));
                Thread.sleep(200); // it waits in line
            }
            slow.permits.release();
            first.get();
            slow.opened.acquire(); // the second reads, for the third as well
            waiting.get(0).cancel(true);
            slow.permits.release(100);
            assertThat(waiting.get(1).get().epoch()).isEqualTo(1);
        }
    }

    /** Metadata whose pictures come late, each as it was when it was asked for. */
    private static final class HeldViews extends ForwardingMetadataStore {
        private final AtomicLong views = new AtomicLong();
        private final Semaphore opened = new Semaphore(0);
        private final Semaphore permits = new Semaphore(0);
        private volatile boolean held;

        private HeldViews(MetadataStore inner) {
            super(inner);
        }

        @Override
        public ReadView view() {
            ReadView view = super.view();
            views.incrementAndGet();
            if (held) {
                opened.release();
                try {
                    permits.acquire();
                } catch (InterruptedException e) {
                    view.close();
                    Thread.currentThread().interrupt();
                    throw new MetadataUnavailableException("interrupted", e);
                }
            }
            return view;
        }
    }

    /** As a mover sees it that has not looked at what is settled since the ring was made. */
    private static RingView viewAt(Ring ring) {
        return new RingView(ring, SettledEpochs.NONE);
    }

    private static RingOperation operation(long token) {
        return new RingOperation(new UUID(0, token), RingOperation.Type.ADMIT, token);
    }

    private static Member member(long id) {
        return new Member(
                new MemberId(new UUID(id * 0x9E3779B97F4A7C15L, id)),
                "backend-" + id,
                "node-" + id,
                "host-" + id,
                "zone",
                1,
                MemberState.ACTIVE);
    }
}
