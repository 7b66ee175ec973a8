package io.lilio.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.placement.SettledEpochs.Settled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RingTest {

    private final RandomGenerator random = Rings.seeded(42);
    private final Ring first =
            Ring.create(Partitioning.of(64), Rings.THREE_TWO_TWO, Rings.alone(random, 4));
    private final Member newcomer = Rings.member(random, "host-new", "");
    private final RingOperation operation = BalanceTest.operation(random);

    @Test
    void aChangeThatMovesNothingKeepsTheEpoch() {
        List<Member> members = new ArrayList<>(first.members());
        members.add(newcomer.withState(MemberState.JOINING));

        Ring announced = first.withMembers(members, first.operation());

        assertThat(announced.epoch()).isEqualTo(first.epoch());
        assertThat(announced.members()).contains(newcomer.withState(MemberState.JOINING));
    }

    @Test
    void oneThatHasAnnouncedItselfIsAdmittedOnce() {
        List<Member> members = new ArrayList<>(first.members());
        members.add(newcomer.withState(MemberState.JOINING));
        Ring announced = first.withMembers(members, first.operation());

        Ring admitted = announced.admit(newcomer, operation);

        assertThat(admitted.members()).hasSize(5);
        assertThat(admitted.operation()).contains(operation);
        assertThat(admitted.epoch()).isEqualTo(2);
        assertThatThrownBy(() -> admitted.admit(newcomer, operation))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is ACTIVE already");
    }

    @Test
    void anIdentityIsThereOnce() {
        List<Member> members = new ArrayList<>(first.members());
        members.add(members.getFirst());
        assertThatThrownBy(() -> first.withMembers(members, first.operation()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two members have the identity");
    }

    @Test
    void aChunkIsWhereTheLaterOfItsEpochAndSettledSays() {
        Ring ring = first.admit(newcomer, operation);
        int moved = movedPartition(ring);
        var unsettled = new RingView(ring, SettledEpochs.NONE);
        var settled = new RingView(ring, new SettledEpochs(Map.of(moved, new Settled(2, 77))));

        assertThat(unsettled.slots(moved, 1)).isEqualTo(ring.slots(moved, 1));
        assertThat(unsettled.slots(moved, 2)).isEqualTo(ring.slots(moved, 2));
        assertThat(settled.slots(moved, 1)).isEqualTo(ring.slots(moved, 2));
        assertThat(settled.settled().revision(moved)).isEqualTo(77);
        assertThat(settled.settled().epoch(moved + 1)).isEqualTo(Ring.FIRST_EPOCH);
    }

    @Test
    void aSweepAsksTheMembersOfAllTablesFromTheEarlierOfItsEpochAndSettled() {
        Ring ring = first.admit(newcomer, operation);
        int moved = movedPartition(ring);
        Set<MemberId> both = new HashSet<>(ring.slots(moved, 1));
        both.addAll(ring.slots(moved, 2));

        var unsettled = new RingView(ring, SettledEpochs.NONE);
        var settled = new RingView(ring, new SettledEpochs(Map.of(moved, new Settled(2, 77))));

        assertThat(unsettled.everyHolder(moved, 2)).isEqualTo(both);
        assertThat(settled.everyHolder(moved, 1)).isEqualTo(both);
        assertThat(settled.everyHolder(moved, 2)).containsExactlyElementsOf(ring.slots(moved, 2));
    }

    @Test
    void aMemberIsNeededUntilNoTableFromSettledOnNamesIt() {
        Ring ring = first.admit(newcomer, operation);
        int moved = movedPartition(ring);
        MemberId left =
                ring.slots(moved, 1).stream()
                        .filter(member -> !ring.slots(moved, 2).contains(member))
                        .findFirst()
                        .orElseThrow();

        var unsettled = new RingView(ring, SettledEpochs.NONE);
        var settled = new RingView(ring, new SettledEpochs(Map.of(moved, new Settled(2, 77))));

        assertThat(unsettled.needs(moved, left)).isTrue();
        assertThat(settled.needs(moved, left)).isFalse();
        assertThat(unsettled.needs(moved, newcomer.id())).isTrue();
    }

    @Test
    void tablesBeforeTheSmallestSettledGoButNeverTheNewest() {
        Ring ring = first.admit(newcomer, operation);

        assertThat(ring.withoutTablesBefore(2).tables()).containsOnlyKeys(2L);
        assertThat(ring.withoutTablesBefore(9).tables()).containsOnlyKeys(2L);
        assertThat(ring.withoutTablesBefore(1).tables()).containsOnlyKeys(1L, 2L);
        assertThatThrownBy(() -> ring.withoutTablesBefore(2).slots(0, 1))
                .isInstanceOf(UnknownEpochException.class)
                .hasMessage("no table of epoch 1; known are 2 to 2");
    }

    @Test
    void theSmallestSettledCountsThePartitionsThatNeverMoved() {
        assertThat(new SettledEpochs(Map.of(0, new Settled(5, 1))).smallest(2)).isEqualTo(1);
        assertThat(
                        new SettledEpochs(Map.of(0, new Settled(5, 1), 1, new Settled(3, 1)))
                                .smallest(2))
                .isEqualTo(3);
    }

    @Test
    void whoIsLostOrHasReturnedCountsNowhereAndIsReadForRepairWhenItIsBack() {
        int partition = 3;
        MemberId gone = first.slots(partition, 1).get(1);
        for (MemberState state : MemberState.values()) {
            List<Member> members = new ArrayList<>(first.members());
            members.replaceAll(m -> m.id().equals(gone) ? m.withState(state) : m);
            Ring ring = first.withMembers(members, Optional.of(operation));
            var view = new RingView(ring, SettledEpochs.NONE);
            boolean counts = state == MemberState.ACTIVE || state == MemberState.DRAINING;
            assertThat(view.slots(partition, 1).contains(gone)).as("%s", state).isEqualTo(counts);
            assertThat(view.slots(partition, 1)).hasSize(counts ? 3 : 2);
            assertThat(view.everyHolder(partition, 1)).as("who may hold it").contains(gone);
            assertThat(view.sources(partition, 1).contains(gone))
                    .as("%s", state)
                    .isEqualTo(!state.gone());
            var settled =
                    new RingView(
                            ring,
                            new SettledEpochs(Map.of(partition, new Settled(ring.epoch(), 7))));
            if (ring.epoch() > 1) {
                assertThat(settled.sources(partition, ring.epoch()).contains(gone))
                        .as("%s, settled without it", state)
                        .isEqualTo(state == MemberState.RETURNED);
            }
        }
    }

    private static int movedPartition(Ring ring) {
        for (int partition = 0; partition < ring.partitions(); partition++) {
            if (!ring.slots(partition, 1).equals(ring.slots(partition, 2))) {
                return partition;
            }
        }
        throw new AssertionError("nothing moved");
    }
}
