package io.lilio.catalog.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.ring.RingCommandRefused.Reason;
import io.lilio.placement.Endangered;
import io.lilio.placement.EndedOperation;
import io.lilio.placement.EndedOperation.Outcome;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Changes that take members away, or take themselves back. */
class MemberCommandsTest extends RingCommandsFixture {

    @Test
    void aCancellationGoesBackToTheMembersBefore() {
        Ring before = ring();
        drain(3);
        RingChange cancelled = commands.cancel(intent());
        assertThat(cancelled.ring().members()).isEqualTo(before.members());
        assertThat(cancelled.ring().table()).isEqualTo(before.table());
        assertThat(cancelled.ring().epoch()).isEqualTo(3);
        assertThat(cancelled.ring().ended())
                .extracting(EndedOperation::outcome)
                .containsExactly(Outcome.CANCELLED);
        refused(Reason.WRONG_STATE, () -> commands.cancel(intent()));
        end();
        refused(Reason.WRONG_STATE, () -> commands.cancel(intent()));
        commands.reweigh(intent(), id(1), 7);
        commands.cancel(intent());
        assertThat(ring().member(id(1)).map(Member::weight)).contains(1);
    }

    @Test
    void whoWasRemovedInTheMidstOfAChangeStaysSoWhenItIsCancelled() {
        commands.announce(member(5));
        admit(4, 5);
        end();
        commands.drain(intent(), List.of(id(4), id(5)));
        settleAll(); // nothing of 4 is needed any more, and the mover has not ended the change yet
        remove(4);
        RingChange cancelled = commands.cancel(intent());
        assertThat(states(cancelled.ring(), 4, 5))
                .containsExactly(MemberState.REMOVED, MemberState.ACTIVE);
        assertThat(cancelled.ring().table().members()).doesNotContain(id(4)).contains(id(5));
    }

    @Test
    void whoseAdmissionIsCancelledIsDrainedAndJoinsAgain() {
        admit(4);
        RingChange cancelled = commands.cancel(intent());
        assertThat(states(cancelled.ring(), 4)).containsExactly(MemberState.DRAINING);
        assertThat(cancelled.operation().returning()).containsExactly(id(4));
        commands.markLost(intent(), List.of(id(3)), false);
        assertThat(ring().operation().map(RingOperation::returning)).contains(List.of(id(4)));
    }

    @Test
    void aLossSupersedesWhateverIsUnderWay() {
        Intent admission = intent();
        admit(admission, 4);
        RingChange lost = commands.markLost(intent(), List.of(id(3)), false);
        assertThat(states(lost.ring(), 3, 4)).containsExactly(MemberState.LOST, MemberState.ACTIVE);
        assertThat(lost.ring().epoch()).isEqualTo(3);
        assertThat(admit(admission, 4).outcome()).contains(Outcome.SUPERSEDED);
    }

    @Test
    void aLossThatMayTakeTheLastCopyHasToBeAccepted() {
        commands.announce(member(5));
        admit(4, 5);
        RingCommandRefused refused =
                refused(
                        Reason.DATA_LOSS,
                        () -> commands.markLost(intent(), List.of(id(2), id(3)), false));
        assertThat(refused).hasMessageContaining("64 of 64 partitions");
        commands.markLost(intent(), List.of(id(2), id(3)), true);
        assertThat(states(ring(), 2, 3)).containsOnly(MemberState.LOST);
    }

    @Test
    void whatALossEndangersIsToldInTheRefusalAndBeforeAndAfterIt() {
        commands.announce(member(5));
        admit(4, 5);
        end();
        List<MemberId> both = List.of(id(2), id(3));
        Endangered before = commands.endangeredBy(both);
        assertThat(before.remaining()).containsExactlyInAnyOrder(id(1), id(4), id(5));
        assertThat(before.partitions()).isPositive().isLessThan(64);
        assertThat(refused(Reason.DATA_LOSS, () -> commands.markLost(intent(), both, false)))
                .hasMessageContaining(before.partitions() + " of 64 partitions")
                .extracting(RingCommandRefused::endangered)
                .isEqualTo(Optional.of(before));
        assertThat(commands.endangeredBy(List.of(id(2))).partitions()).isZero();
        commands.markLost(intent(), both, true);
        Endangered after = commands.endangeredBy(both);
        assertThat(after.remaining()).isEqualTo(before.remaining());
        assertThat(after.partitions()).isEqualTo(before.partitions());
    }

    @Test
    void onlyOfMembersOfTheRingItIsToldWhatTheyEndanger() {
        refused(Reason.UNKNOWN_MEMBER, () -> commands.endangeredBy(List.of(id(9))));
        remove(4);
        refused(Reason.WRONG_STATE, () -> commands.endangeredBy(List.of(id(4))));
    }

    @Test
    void aRefusalNamesTenMembersAtMost() {
        int[] more = IntStream.rangeClosed(5, 16).toArray();
        IntStream.of(more).forEach(number -> commands.announce(member(number)));
        IntStream.of(more)
                .forEach(number -> backends.spaces.put(id(number), backends.spaces.get(id(1))));
        admit(more);
        IntStream.rangeClosed(1, 16).forEach(number -> backends.refilling.add(id(number)));
        RingCommandRefused refused =
                refused(Reason.DATA_LOSS, () -> commands.markLost(intent(), List.of(id(3)), false));
        assertThat(refused)
                .hasMessageContaining(id(12).toString())
                .hasMessageContaining(" and 4 more")
                .hasMessageNotContaining(id(13).toString());
    }

    /** Rule REFILLING_LISTS_NOTHING. */
    @Test
    void whoLostChunksItselfIsNoReasonToTakeALossForHarmless() {
        backends.refilling.add(id(2));
        RingCommandRefused refused =
                refused(Reason.DATA_LOSS, () -> commands.markLost(intent(), List.of(id(3)), false));
        assertThat(refused)
                .hasMessageContaining("64 of 64 partitions")
                .hasMessageContaining(id(2).toString());
        backends.refilling.clear();
        backends.away.add(id(1));
        assertThat(
                        refused(
                                Reason.DATA_LOSS,
                                () -> commands.markLost(intent(), List.of(id(3)), false)))
                .as("nobody knows what one has that does not answer")
                .hasMessageContaining(id(1).toString());
        backends.away.clear();
        commands.markLost(intent(), List.of(id(3)), false);
        assertThat(states(ring(), 3)).containsOnly(MemberState.LOST);
    }

    @Test
    void whoHoldsNothingThatIsNeededIsNotAskedWhetherItLacksSomething() {
        backends.away.add(id(4)); // JOINING
        commands.markLost(intent(), List.of(id(3)), false);
        assertThat(states(ring(), 3)).containsOnly(MemberState.LOST);
    }

    @Test
    void oneMemberTakesOverFromAnotherInOneChangeEvenInARingOfThree() {
        RingChange replaced = commands.replace(intent(), id(2), MemberPlace.of(id(4)));
        assertThat(states(replaced.ring(), 2, 4))
                .containsExactly(MemberState.DRAINING, MemberState.ACTIVE);
        assertThat(replaced.ring().epoch()).isEqualTo(2);
        for (int partition = 0; partition < 64; partition++) {
            Ring ring = replaced.ring();
            for (int slot = 0; slot < 3; slot++) {
                MemberId was = ring.table(1).orElseThrow().at(partition, slot).orElseThrow();
                assertThat(ring.table().at(partition, slot))
                        .contains(was.equals(id(2)) ? id(4) : was);
            }
        }
        assertThat(commands.cancel(intent()).ring().table())
                .isEqualTo(ring().table(1).orElseThrow());
    }

    @Test
    void whoWasLostReturnsAndIsReadmittedAfterAllItsChunksWereMarked() {
        admit(4);
        end();
        commands.markLost(intent(), List.of(id(4)), false);
        end();
        assertThat(states(commands.announce(member(4)), 4)).containsExactly(MemberState.RETURNED);
        backends.away.add(id(4));
        refused(Reason.UNREACHABLE, () -> commands.readmit(intent(), List.of(id(4))));
        backends.away.clear();
        RingChange readmitted = commands.readmit(intent(), List.of(id(4)));
        assertThat(backends.marked).containsExactly(id(4));
        assertThat(states(readmitted.ring(), 4)).containsExactly(MemberState.ACTIVE);
        assertThat(readmitted.ring().table().partitionsOf(id(4))).isPositive();
    }

    @Test
    void whoIsNeededByATableIsNotRemovedAndWhoIsRemovedStaysSo() {
        commands.markLost(intent(), List.of(id(3)), false);
        assertThat(refused(Reason.WRONG_STATE, () -> remove(3))).hasMessageContaining("epoch 1");
        end();
        RingChange removed = remove(3);
        assertThat(removed.outcome()).contains(Outcome.DONE);
        assertThat(removed.ring().epoch()).isEqualTo(2);
        refused(Reason.WRONG_STATE, () -> commands.announce(member(3)));
        admit(4);
        refused(Reason.WRONG_STATE, () -> remove(4));
    }
}
