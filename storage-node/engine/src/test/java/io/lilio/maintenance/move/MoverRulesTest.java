package io.lilio.maintenance.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.ring.RingCommandRefused;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.engine.TestCluster;
import io.lilio.engine.TestNode;
import io.lilio.maintenance.repair.HealParts;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Parallel;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunCancelledException;
import io.lilio.object.ArraySource;
import io.lilio.object.DeleteRequest;
import io.lilio.object.ObjectAddress;
import io.lilio.object.OpenObject;
import io.lilio.object.PutRequest;
import io.lilio.object.ReadRequest;
import io.lilio.placement.RingOperation;
import io.lilio.placement.RingView;
import io.lilio.replication.BreakerState;
import io.lilio.replication.MemberClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a mover does and does not, one rule of the protocol after the other. */
@Timeout(120)
class MoverRulesTest {

    private static final ObjectAddress KEY = new ObjectAddress(TestCluster.BUCKET, "key");

    private final TestCluster cluster = TestCluster.of(3, 8);

    @BeforeEach
    void fill() {
        for (int i = 0; i < 24; i++) {
            put("other-" + i, 2_000);
        }
        put("key", 300_000);
        cluster.tidy();
        cluster.start(4);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void whatOnlyTheTrashOwnsIsMovedForThoseWhoStillReadIt() {
        try (OpenObject reading = cluster.node(1).engine().objects().get().open(read())) {
            cluster.node(1).engine().objects().delete().delete(DeleteRequest.of(KEY));
            cluster.admit(4);
            settleEverythingWithoutWaiting();
            dropEverywhere();
            assertThat(newSlotsLack()).as("copies of what is in the trash").isEmpty();
            long[] size = new long[1];
            reading.transferTo(
                    (data, release) -> {
                        size[0] += data.remaining();
                        release.run();
                    });
            assertThat(size[0]).isEqualTo(300_000);
        }
        cluster.moveUntilDone(1);
        cluster.tidy();
    }

    @Test
    void aMoverConfirmsNothingByARingThatIsNoLongerTheNewest() {
        cluster.admit(4);
        cluster.refreshAll();
        RingView admitted = cluster.view();
        cluster.commands().cancel(cluster.intent());
        cluster.refreshAll();
        TestNode mover = cluster.node(1);
        Run run = mover.newRun(mover.newRebalance());
        for (int partition = 0; partition < admitted.partitions(); partition++) {
            settles(mover, admitted, partition, run);
        }
        TestNode target = cluster.node(4);
        assertThat(target.held()).as("copies by the older ring").isNotEmpty();
        assertThat(target.unconfirmed())
                .as("their marks, by which they are looked up")
                .isEqualTo(target.held().size());
        cluster.moveUntilDone(1);
        cluster.tidy();
    }

    @Test
    void whatNobodyOwnsIsNotMoved() {
        Map<ChunkHeader, ByteBuffer> before = copiesAtMemberOne();
        cluster.node(1).engine().objects().delete().delete(DeleteRequest.of(KEY));
        cluster.tidy();
        Set<ChunkId> live = Set.copyOf(cluster.inventory().keySet());
        before.forEach( // as if they arrived when their object is long gone
                (header, payload) -> cluster.node(1).store().put(header, payload.rewind()));
        assertThat(cluster.inventory()).hasSizeGreaterThan(live.size());
        cluster.admit(4);
        cluster.moveUntilDone(2);
        assertThat(cluster.node(4).held()).isNotEmpty();
        assertThat(cluster.node(4).held()).allMatch(header -> live.contains(header.id()));
    }

    @Test
    void nothingIsSettledBeforeEnoughHoldersHaveListedIt() {
        cluster.node(2).store().fail(Reason.IO, Operation.LIST);
        cluster.node(3).store().fail(Reason.IO, Operation.LIST);
        cluster.admit(4);
        Run stuck = cluster.node(1).rebalance();
        RingView view = cluster.view();
        assertThat(stuck.counted(Counter.PARTITIONS_INCOMPLETE)).isPositive();
        assertThat(view.unsettled()).as("those whose slots change").isEqualTo(changed(view));
        assertThat(view.ring().operation()).isPresent();
        cluster.node(2).store().heal();
        cluster.moveUntilDone(1);
        cluster.node(3).store().heal();
        cluster.tidy();
    }

    /** Rule REFILLING_LISTS_NOTHING. */
    @Test
    void aMemberThatLostChunksCountsInNoListUntilItIsRefilled() {
        cluster.node(2).store().lose(7);
        cluster.node(3).store().fail(Reason.IO, Operation.LIST);
        cluster.admit(4);
        cluster.node(1).rebalance();
        RingView view = cluster.view();
        assertThat(view.unsettled()).as("those whose slots change").isEqualTo(changed(view));
        cluster.node(2).store().refilled(7);
        cluster.moveUntilDone(1);
        cluster.node(3).store().heal();
        cluster.tidy();
    }

    /** Rule EVERY_SLOT_VERIFIED: a copy that was verified may be among what is lost. */
    @Test
    void aPartitionIsNotSettledOfWhichASlotLostChunksMeanwhile() {
        cluster.admit(4);
        cluster.refreshAll();
        TestNode mover = cluster.node(1);
        RingView view = mover.engine().ring().current();
        int partition =
                mover.held().stream()
                        .map(header -> header.id().partition(8))
                        .filter(each -> view.ring().table().places(each, TestNode.memberId(4)))
                        .findFirst()
                        .orElseThrow();
        AtomicLong loss = new AtomicLong();
        Run losing =
                mover.newRun(
                        mover.newRebalance(),
                        () -> {
                            cluster.node(4).store().lose(loss.incrementAndGet());
                            return 1;
                        });
        assertThat(settles(mover, view, partition, losing)).isFalse();
        assertThat(loss).as("the fault hit").hasPositiveValue();
        assertThat(settles(mover, view, partition, mover.newRun(mover.newRebalance()))).isTrue();
    }

    private static boolean settles(TestNode mover, RingView view, int partition, Run run) {
        return new GroupMove(mover.heal(), mover.rings(), view, run)
                .carryOut(List.of(partition), () -> {});
    }

    @Test
    void aPartitionIsNotSettledWhileASlotThatAnswersLacksACopy() {
        cluster.node(4).store().fail(Reason.OVERLOADED, Operation.PUT);
        cluster.admit(4);
        cluster.node(1).rebalance();
        RingView view = cluster.view();
        assertThat(view.unsettled()).isPositive();
        for (var header : cluster.node(1).held()) {
            int partition = header.id().partition(8);
            if (view.ring().table().places(partition, TestNode.memberId(4))) {
                assertThat(view.settled().epoch(partition)).isEqualTo(1);
            }
        }
        cluster.node(4).store().heal();
        cluster.moveUntilDone(1);
        cluster.tidy();
    }

    @Test
    void aFullMemberHoldsUpNothingAsLongAsAWriteQuorumHasItsCopies() {
        AtomicBoolean repairAsked = new AtomicBoolean();
        cluster.admit(4);
        cluster.node(4).store().fillDisk();
        TestNode one = cluster.node(1);
        one.run(one.newRebalance(() -> repairAsked.set(true)));
        assertThat(cluster.ring().operation()).isEmpty();
        assertThat(repairAsked).isTrue();
        cluster.node(4).store().heal();
        cluster.refreshAll();
        TestCluster.eventually(
                "member 4 is brought level",
                () -> cluster.node(1).repair().counted(Counter.CHUNKS_UNREPAIRED) == 0);
        cluster.tidy();
    }

    @Test
    void whatWasSettledShortOfACopyIsRepairedHoweverTheRunEnds() {
        AtomicBoolean repairAsked = new AtomicBoolean();
        cluster.admit(4);
        cluster.refreshAll();
        cluster.node(4).store().fillDisk();
        HealParts heal = cluster.node(1).heal();
        Rebalance rebalance =
                new Rebalance(
                        new HealParts(
                                heal.ring(),
                                heal.members(),
                                heal.sessions(),
                                heal.owners(),
                                heal.copier(),
                                new Parallel(Thread.ofVirtual().factory(), 1)),
                        cluster.node(1).rings(),
                        cluster.time(),
                        Duration.ofSeconds(5),
                        () -> repairAsked.set(true));
        assertThat(changed(cluster.view())).as("some are left").isGreaterThan(1);
        Run run =
                cluster.node(1)
                        .newRun(rebalance, () -> isSomeChangedOneSettled(cluster.view()) ? 0 : 1);
        assertThatThrownBy(() -> rebalance.run(run)).isInstanceOf(RunCancelledException.class);
        assertThat(cluster.ring().operation()).as("the change goes on").isPresent();
        assertThat(repairAsked).isTrue();
        cluster.node(4).store().heal();
        cluster.moveUntilDone(1);
    }

    /** While one call is made, which decides, all others fail: that says nothing of the member. */
    @Test
    void aMemberThatIsBeingTriedAgainIsNotTakenForOneThatIsAway() {
        cluster.admit(4);
        cluster.refreshAll();
        TestNode one = cluster.node(1);
        MemberClient four = one.engine().members().find(TestNode.memberId(4)).orElseThrow();
        List<ChunkId> some = List.of(one.held().getFirst().id());
        cluster.node(4).store().fail(Reason.IO, Operation.DELETE);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> four.delete(some)).isInstanceOf(BackendException.class);
        }
        TestCluster.eventually(
                "it is tried again", () -> four.writeState() == BreakerState.HALF_OPEN);
        cluster.node(4).store().heal().delay(Duration.ofMillis(500), Operation.PUT);
        one.rebalance();
        cluster.node(4).store().heal();
        cluster.moveUntilDone(1);
        assertThat(newSlotsLack()).as("what no repair knows of").isEmpty();
        cluster.tidy();
    }

    @Test
    void anUploadThatBeganBeforeTheRingChangedIsWaitedForButNotForEver() {
        TestNode two = cluster.node(2);
        byte[] bytes = new byte[300_000];
        ArraySource slow =
                new ArraySource(bytes)
                        .inPiecesOf(10_000)
                        .atHalf(
                                () -> {
                                    cluster.admit(4);
                                    cluster.moveUntilDone(1); // for as long as courtesy demands
                                });
        assertThatThrownBy(
                        () ->
                                two.engine()
                                        .objects()
                                        .put()
                                        .put(PutRequest.of(KEY, Attributes.none()), slow))
                .isInstanceOf(ObjectStoreException.class)
                .hasMessage("The ring changed while the object was written; try again.");
        put("key", 200_000);
        cluster.tidy();
    }

    @Test
    void aDrainedMemberThatANewerTableNamesIsNoTombstone() {
        cluster.admit(4);
        cluster.moveUntilDone(1);
        cluster.drain(4);
        RingView drained = cluster.view();
        settleEverythingWithoutWaiting();
        cluster.commands().cancel(cluster.intent()); // the newest table names it again
        RingView view = cluster.node(1).engine().ring().refresh();
        new RingChangeEnd(
                        cluster.node(1).engine().ring(),
                        cluster.rings(),
                        cluster.node(1).engine().members())
                .reach(cluster.node(1).newRun(cluster.node(1).newRebalance()));
        assertThat(cluster.ring()).isEqualTo(view.ring());
        assertThat(cluster.rings().replace(drained.ring(), drained.ring()))
                .as("who has looked at the older document is refused")
                .isEmpty();
        cluster.moveUntilDone(2);
        cluster.tidy();
    }

    @Test
    void aMoverOfAnOlderOperationSettlesNothing() {
        cluster.admit(4);
        RingView admitted = cluster.node(1).engine().ring().refresh();
        cluster.commands().cancel(cluster.intent());
        assertThat(cluster.rings().settle(List.of(0), admitted)).isZero();
        assertThat(cluster.ring().operation().map(RingOperation::type))
                .contains(RingOperation.Type.CANCEL);
        cluster.moveUntilDone(1);
        assertThatThrownBy(() -> cluster.commands().cancel(cluster.intent()))
                .isInstanceOf(RingCommandRefused.class);
        cluster.tidy();
    }

    @Test
    void aMoverTakesOffTheMarksOfWhatItHasBroughtLevel() {
        cluster.admit(4);
        cluster.moveUntilDone(1);
        assertThat(cluster.node(4).held()).isNotEmpty();
        assertThat(cluster.node(4).store().usage().unconfirmed()).isZero();
        cluster.tidy();
    }

    private static int changed(RingView view) {
        return (int) changedPartitions(view).count();
    }

    private static boolean isSomeChangedOneSettled(RingView view) {
        return changedPartitions(view).anyMatch(p -> view.settled().epoch(p) == view.epoch());
    }

    private static IntStream changedPartitions(RingView view) {
        return IntStream.range(0, view.partitions())
                .filter(
                        partition ->
                                !Set.copyOf(view.ring().slots(partition, 1))
                                        .equals(
                                                Set.copyOf(
                                                        view.ring().table().members(partition))));
    }

    private void settleEverythingWithoutWaiting() {
        new HalfWay(cluster.node(1)).move(cluster.view().unsettled());
        cluster.refreshAll();
    }

    /** Chunks that not every slot of the newest table holds. */
    private Set<ChunkId> newSlotsLack() {
        RingView view = cluster.view();
        Set<ChunkId> lacking = new HashSet<>();
        cluster.inventory()
                .forEach(
                        (id, copies) -> {
                            var slots = view.ring().table().members(id.partition(8));
                            if (!copies.keySet().containsAll(slots)) {
                                lacking.add(id);
                            }
                        });
        return lacking;
    }

    private void dropEverywhere() {
        cluster.nodes().forEach(TestNode::drop);
    }

    private Map<ChunkHeader, ByteBuffer> copiesAtMemberOne() {
        Map<ChunkHeader, ByteBuffer> copies = new HashMap<>();
        for (ChunkHeader header : cluster.node(1).held()) {
            ByteBuffer payload = ByteBuffer.allocateDirect(header.length());
            cluster.node(1).store().read(header.id(), 0, payload);
            copies.put(header, payload);
        }
        return copies;
    }

    private static ReadRequest read() {
        return ReadRequest.of(KEY);
    }

    private void put(String key, int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        cluster.node(1)
                .engine()
                .objects()
                .put()
                .put(
                        PutRequest.of(
                                new ObjectAddress(TestCluster.BUCKET, key), Attributes.none()),
                        new ArraySource(bytes));
    }
}
