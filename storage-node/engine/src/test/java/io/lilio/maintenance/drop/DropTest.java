package io.lilio.maintenance.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.ring.RingCache;
import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.ChunkDeletedException;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.metadata.ForwardingMetadataStore;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.metadata.session.LiveSession;
import io.lilio.metadata.session.Marks;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import io.lilio.placement.RingView;
import io.lilio.time.ManualTime;
import io.lilio.time.SystemTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a member drops a partition, and what keeps it from it. */
@Timeout(60)
class DropTest {

    private static final int PARTITIONS = 16;
    private static final MemberId LEAVING = id(4);

    private final SystemTime time = new SystemTime();
    private final MemoryMetadataStore memory = new MemoryMetadataStore(time);

    /** A node that hears of nothing by itself. */
    private final ForwardingMetadataStore deaf =
            new ForwardingMetadataStore(memory) {
                @Override
                public Watch watch(
                        KeyRange range, long after, Consumer<Change> listener, Runnable lost) {
                    return () -> {};
                }
            };

    private final RingStore rings = new RingStore(memory);
    private final FaultyChunkStore store =
            new FaultyChunkStore(
                    new MemoryChunkStore(
                            new MemoryChunkStoreSettings("disk", PARTITIONS, 8 << 20), time),
                    time);
    private final SampleChunk chunk = SampleChunk.of(1, 100);
    private final int partition = chunk.id().partition(PARTITIONS);
    private RingCache ring;
    private GatedChunkStore gated;

    @BeforeEach
    void found() {
        rings.create(
                new UUID(1, 1),
                Ring.create(
                        Partitioning.of(PARTITIONS),
                        new Replication(4, 3, 2, Replication.Spread.HOST, false),
                        List.of(member(1), member(2), member(3), member(4))));
        ring = RingCache.open(deaf, time);
        gated = new GatedChunkStore(store, ring, time);
        chunk.putInto(store);
    }

    @AfterEach
    void close() {
        ring.close();
        store.close();
        memory.close();
        time.close();
    }

    @Test
    void aPartitionIsDroppedWhenItIsSettledElsewhereAndEveryMarkHasPassedThat() {
        assertThat(mayDrop(Long.MAX_VALUE)).as("it belongs here").isFalse();
        change(MemberState.DRAINING);
        assertThat(mayDrop(Long.MAX_VALUE)).as("not settled yet").isFalse();
        long settled = settle();
        assertThat(mayDrop(settled)).as("a request may still look here").isFalse();
        assertThat(mayDrop(settled + 1, settled)).as("another may").isFalse();
        assertThat(mayDrop(settled + 1, settled + 5)).isTrue();
    }

    @Test
    void marksThatWereReadBeforeItWasSettledTellNothing() {
        change(MemberState.DRAINING);
        var before = new DropRule(new Marks(memory.revision(), List.of()));
        settle();
        assertThat(before.allows(LEAVING, partition, ring.refresh())).isFalse();
        assertThat(mayDrop()).as("no session lives that could look here").isTrue();
    }

    @Test
    void aTableBetweenSettledAndTheNewestThatNamesTheMemberIsEnoughToKeepIt() {
        change(MemberState.DRAINING);
        settle();
        assertThat(mayDrop()).isTrue();
        change(MemberState.ACTIVE);
        assertThat(mayDrop()).as("the newest names it").isFalse();
        change(MemberState.DRAINING);
        assertThat(mayDrop()).as("one before the newest does").isFalse();
        settle();
        assertThat(mayDrop()).isTrue();
    }

    @Test
    void whatALostMemberHoldsIsLeftForRepair() {
        change(MemberState.LOST);
        settle();
        assertThat(mayDrop()).isFalse();
        change(MemberState.RETURNED);
        assertThat(mayDrop()).isFalse();
        change(MemberState.REMOVED);
        assertThat(mayDrop()).isTrue();
    }

    /** A member that was lost and readmitted meanwhile has marked its chunks anew. */
    @Test
    void aConfirmationThatWasDecidedUnderAnOlderRingTakesNoMarkOff() {
        change(MemberState.DRAINING);
        long epoch = ring.refresh().epoch();
        gated.confirm(List.of(chunk.id()), epoch - 1);
        assertThat(store.usage().unconfirmed()).isEqualTo(1);
        gated.confirm(List.of(chunk.id()), epoch);
        assertThat(store.usage().unconfirmed()).isZero();
    }

    @Test
    void aMemberLearnsTheRingOfWhoeverCallsItBeforeItDropsByAnOlderOne() {
        change(MemberState.DRAINING);
        settle();
        ring.refresh();
        change(MemberState.ACTIVE);
        Predicate<RingView> asFarAsItKnows = view -> rule().allows(LEAVING, partition, view);
        ring.knowing(3); // as whoever serves a call of somebody who knows it
        assertThat(gated.stat(chunk.id())).isPresent();
        assertThat(gated.drop(partition, asFarAsItKnows, 10)).isZero();
        assertThat(gated.stat(chunk.id())).as("as the caller was told").isPresent();
    }

    @Test
    void aMemberThatKnowsAnOlderRingOnlyDropsByIt() {
        change(MemberState.DRAINING);
        settle();
        ring.refresh();
        change(MemberState.ACTIVE);
        Predicate<RingView> asFarAsItKnows = view -> rule().allows(LEAVING, partition, view);
        assertThat(gated.drop(partition, asFarAsItKnows, 10))
                .as("what the ring epoch in each call keeps it from")
                .isOne();
    }

    @Test
    void whileAChunkIsBeingStoredItsPartitionIsNotDropped() throws InterruptedException {
        SampleChunk other = inSamePartition();
        store.delay(Duration.ofMillis(300), Operation.PUT);
        Thread putting = Thread.startVirtualThread(() -> other.putInto(gated));
        long before = store.calls(Operation.PUT);
        while (store.calls(Operation.PUT) < Math.max(2, before)) {
            Thread.sleep(1);
        }
        assertThat(gated.drop(partition, _ -> true, 10)).isZero();
        putting.join();
        assertThat(gated.drop(partition, _ -> true, 10)).isEqualTo(2);
        assertThat(store.list(partition, null, 10)).isEmpty();
    }

    @Test
    void whileAPartitionIsDroppedNobodyIsToldThatItsChunksAreThere() throws InterruptedException {
        store.delay(Duration.ofMillis(300), Operation.DELETE);
        Thread dropping = Thread.startVirtualThread(() -> gated.drop(partition, _ -> true, 10));
        while (store.calls(Operation.DELETE) == 0) {
            Thread.sleep(1);
        }
        assertThat(gated.stat(chunk.id())).isEmpty();
        assertThat(gated.list(partition, null, 10)).isEmpty();
        dropping.join();
    }

    @Test
    void whatWasDeletedIsNotStoredAgainByAPutThatWasSentBefore() {
        ManualTime clock = new ManualTime();
        GatedChunkStore own = new GatedChunkStore(store, ring, clock);
        own.delete(List.of(chunk.id()));
        assertThatThrownBy(() -> chunk.putInto(own)).isInstanceOf(ChunkDeletedException.class);
        assertThat(store.stat(chunk.id())).isEmpty();
        SampleChunk.of(2, 100).putInto(own);
        clock.advance(GatedChunkStore.DELETED_FOR);
        chunk.putInto(own);
        assertThat(store.stat(chunk.id())).as("forgotten in the end").isPresent();
    }

    @Test
    void whatIsDeletedWhileItIsStoredIsNotThereAfterwards() throws InterruptedException {
        SampleChunk other = SampleChunk.of(2, 100);
        store.delay(Duration.ofMillis(300), Operation.PUT);
        long before = store.calls(Operation.PUT);
        AtomicReference<Exception> refused = new AtomicReference<>();
        Thread putting =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                other.putInto(gated);
                            } catch (ChunkDeletedException e) {
                                refused.set(e);
                            }
                        });
        while (store.calls(Operation.PUT) == before) {
            Thread.sleep(1);
        }
        gated.delete(List.of(other.id()));
        putting.join();
        assertThat(refused.get()).isNotNull();
        assertThat(store.stat(other.id())).isEmpty();
    }

    @Test
    void whatWasDroppedMayComeBack() {
        assertThat(gated.drop(partition, _ -> true, 10)).isOne();
        chunk.putInto(gated);
        assertThat(store.stat(chunk.id())).isPresent();
    }

    private SampleChunk inSamePartition() {
        for (long seed = 2; ; seed++) {
            SampleChunk other = SampleChunk.of(seed, 100);
            ChunkId id = other.id();
            if (id.partition(PARTITIONS) == partition) {
                return other;
            }
        }
    }

    /** By the marks of sessions that live now, and the ring as it is stored. */
    private boolean mayDrop(long... marks) {
        List<LiveSession> sessions =
                LongStream.of(marks)
                        .mapToObj(
                                mark ->
                                        new LiveSession(
                                                1,
                                                new LiveSession.Node(
                                                        "n",
                                                        "",
                                                        1,
                                                        List.of(),
                                                        Duration.ofSeconds(10)),
                                                mark,
                                                1))
                        .toList();
        return new DropRule(new Marks(memory.revision(), sessions))
                .allows(LEAVING, partition, ring.refresh());
    }

    private DropRule rule() {
        return new DropRule(new Marks(memory.revision(), List.of()));
    }

    private void change(MemberState state) {
        Ring now = rings.load().orElseThrow().ring();
        List<Member> members = new ArrayList<>(now.members());
        members.replaceAll(m -> m.id().equals(LEAVING) ? m.withState(state) : m);
        var operation = new RingOperation(new UUID(1, now.revision()), RingOperation.Type.DRAIN, 1);
        assertThat(rings.replace(now, now.withMembers(members, Optional.of(operation))))
                .isPresent();
    }

    /** Returns the revision at which it was settled. */
    private long settle() {
        assertThat(rings.settle(List.of(partition), rings.load().orElseThrow())).isOne();
        return rings.load().orElseThrow().settled().revision(partition);
    }

    private static MemberId id(int number) {
        return new MemberId(new UUID(number * 0x9E3779B97F4A7C15L, number));
    }

    private static Member member(int number) {
        return new Member(
                id(number), "disk", "n" + number, "h" + number, "", 1, MemberState.ACTIVE);
    }
}
