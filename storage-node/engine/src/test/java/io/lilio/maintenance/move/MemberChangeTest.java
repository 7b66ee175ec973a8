package io.lilio.maintenance.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.ring.MemberPlace;
import io.lilio.catalog.ring.RingCommandRefused;
import io.lilio.engine.TestClients;
import io.lilio.engine.TestCluster;
import io.lilio.engine.TestNode;
import io.lilio.placement.EndedOperation;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.RingOperation;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members that are replaced, lost, come back, or change their minds, under clients. */
@Timeout(300)
class MemberChangeTest {

    private final TestCluster cluster = TestCluster.of(3, 32);
    private final TestClients clients = TestClients.start(cluster, 3);

    @AfterEach
    void close() {
        clients.close();
        cluster.close();
    }

    @Test
    void oneOfThreeIsReplacedInOneChangeAndNoneNotices() {
        cluster.start(4);
        cluster.commands()
                .replace(
                        cluster.intent(),
                        TestNode.memberId(2),
                        MemberPlace.of(TestNode.memberId(4)));
        clients.act(30);
        cluster.moveUntilDone(1);
        assertThat(cluster.stateOf(2)).isEqualTo(MemberState.REMOVED);
        assertThat(cluster.stateOf(4)).isEqualTo(MemberState.ACTIVE);
        assertThat(cluster.ring().epoch()).isEqualTo(2);
        clients.act(30);
        allIsWell();
        assertThat(cluster.node(2).held()).isEmpty();
        assertThat(clients.refusals()).isEmpty();
    }

    @Test
    void oneOfThreeIsLostAndAnotherTakesItsPlace() {
        cluster.kill(3);
        clients.act(30);
        cluster.commands().markLost(cluster.intent(), List.of(TestNode.memberId(3)), false);
        cluster.moveUntilDone(1);
        assertThat(cluster.ring().table().members()).hasSize(2);
        clients.act(30);
        cluster.start(4);
        cluster.commands()
                .replace(
                        cluster.intent(),
                        TestNode.memberId(3),
                        MemberPlace.of(TestNode.memberId(4)));
        cluster.moveUntilDone(2);
        clients.act(30);
        allIsWell();
        assertThat(cluster.stateOf(3)).isEqualTo(MemberState.LOST);
        assertThat(cluster.inventory().values())
                .allSatisfy(copies -> assertThat(copies).hasSize(3));
    }

    /**
     * One of the two that remain has lost chunks, and only the lost one may still have had them.
     */
    @Test
    void aMemberIsNotLostInPassingWhileAnotherIsNotFilledAgain() {
        cluster.node(2).store().lose(7);
        cluster.kill(3);
        List<MemberId> three = List.of(TestNode.memberId(3));
        assertThatThrownBy(() -> cluster.commands().markLost(cluster.intent(), three, false))
                .isInstanceOfSatisfying(
                        RingCommandRefused.class,
                        e -> assertThat(e.reason()).isEqualTo(RingCommandRefused.Reason.DATA_LOSS));
        cluster.commands().markLost(cluster.intent(), three, true);
        assertThat(cluster.stateOf(3)).isEqualTo(MemberState.LOST);
        clients.stop();
    }

    @Test
    void aDrainIsCancelledHalfWayAndBegunAgain() {
        cluster.start(4);
        cluster.admit(4);
        cluster.moveUntilDone(1);
        clients.act(30);
        cluster.drain(4);
        clients.act(30);
        new HalfWay(cluster.node(1)).move(16);
        assertThat(cluster.view().unsettled()).isEqualTo(16);
        clients.act(30);
        cluster.commands().cancel(cluster.intent());
        assertThat(cluster.stateOf(4)).isEqualTo(MemberState.ACTIVE);
        clients.act(30);
        new HalfWay(cluster.node(2)).move(8);
        clients.act(30);
        cluster.moveUntilDone(2);
        clients.act(30);
        cluster.drain(4);
        cluster.moveUntilDone(3);
        assertThat(cluster.stateOf(4)).isEqualTo(MemberState.REMOVED);
        assertThat(cluster.ring().ended())
                .extracting(EndedOperation::outcome)
                .containsExactly(
                        EndedOperation.Outcome.DONE,
                        EndedOperation.Outcome.CANCELLED,
                        EndedOperation.Outcome.DONE,
                        EndedOperation.Outcome.DONE);
        allIsWell();
        assertThat(cluster.node(4).held()).isEmpty();
        assertThat(clients.refusals()).isEmpty();
    }

    @Test
    void anAdmissionThatIsCancelledLeavesTheMemberJoiningAndEmpty() {
        cluster.start(4);
        cluster.admit(4);
        clients.act(30);
        new HalfWay(cluster.node(1)).move(10);
        cluster.commands().cancel(cluster.intent());
        assertThat(cluster.stateOf(4)).isEqualTo(MemberState.DRAINING);
        clients.act(30);
        cluster.moveUntilDone(1);
        assertThat(cluster.stateOf(4)).isEqualTo(MemberState.JOINING);
        allIsWell();
        assertThat(cluster.node(4).held()).isEmpty();
        cluster.admit(4);
        cluster.moveUntilDone(1);
        cluster.tidy();
        assertThat(cluster.stateOf(4)).isEqualTo(MemberState.ACTIVE);
        assertThat(clients.refusals()).isEmpty();
    }

    @Test
    void losingAMemberSupersedesTheChangeUnderWay() {
        cluster.start(4);
        cluster.start(5);
        cluster.admit(4);
        cluster.moveUntilDone(1);
        cluster.admit(5);
        new HalfWay(cluster.node(1)).move(12);
        clients.act(30);
        cluster.kill(2);
        clients.act(30);
        cluster.commands().markLost(cluster.intent(), List.of(TestNode.memberId(2)), false);
        assertThat(cluster.ring().operation().map(RingOperation::type))
                .contains(RingOperation.Type.MARK_LOST);
        clients.act(30);
        cluster.moveUntilDone(3);
        clients.act(30);
        allIsWell();
        assertThat(cluster.stateOf(5)).isEqualTo(MemberState.ACTIVE);
    }

    @Test
    void aLostMemberThatComesBackIsReadForRepairAndCountsAgainWhenItIsReadmitted() {
        cluster.start(4);
        cluster.admit(4);
        cluster.moveUntilDone(1);
        cluster.tidyBesideClients();
        TestNode four = cluster.node(4);
        int held = four.held().size();
        assertThat(held).isPositive();
        cluster.commands().markLost(cluster.intent(), List.of(four.memberId()), false);
        clients.act(60); // what it holds becomes old
        cluster.moveUntilDone(1);
        cluster.commands().announce(cluster.ring().member(four.memberId()).orElseThrow());
        assertThat(cluster.stateOf(4)).isEqualTo(MemberState.RETURNED);
        cluster.refreshAll();
        four.maintain();
        assertThat(cluster.view().sources(0, 1)).contains(four.memberId());
        assertThat(four.drop().counts()).as("what it holds may be the last copy").isEmpty();
        clients.act(60);
        cluster.commands().readmit(cluster.intent(), List.of(four.memberId()));
        cluster.moveUntilDone(1);
        clients.act(30);
        allIsWell();
        assertThat(cluster.stateOf(4)).isEqualTo(MemberState.ACTIVE);
        assertThat(clients.refusals()).isEmpty();
    }

    private void allIsWell() {
        clients.stop();
        TestCluster.eventually(
                "members are brought level",
                () -> {
                    var repair = cluster.node(1).repair();
                    return repair.counts().getOrDefault("chunks_unrepaired", 0L) == 0
                            && repair.counts().getOrDefault("partitions_incomplete", 0L) == 0;
                });
        cluster.tidy();
        clients.readEverything();
    }
}
