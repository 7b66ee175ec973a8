package io.lilio.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.placement.SettledEpochs.Settled;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two of five members are lost, and the next table is one of the other three. */
class EndangeredTest {

    private static final int PARTITIONS = 64;

    private final RandomGenerator random = Rings.seeded(7);
    private final List<Member> members = Rings.alone(random, 5);
    private final Ring first =
            Ring.create(Partitioning.of(PARTITIONS), Rings.THREE_TWO_TWO, members);
    private final Ring second =
            first.withMembers(
                    List.of(
                            members.get(0),
                            members.get(1),
                            members.get(2),
                            members.get(3).withState(MemberState.LOST),
                            members.get(4).withState(MemberState.LOST)),
                    Optional.empty());
    private final Set<MemberId> remaining =
            Set.of(members.get(0).id(), members.get(1).id(), members.get(2).id());

    private static Endangered of(Ring ring, SettledEpochs settled, Set<MemberId> remaining) {
        return new Endangered(new RingView(ring, settled), remaining);
    }

    private static List<Integer> included(Endangered endangered, long epoch) {
        return IntStream.range(0, PARTITIONS)
                .filter(partition -> endangered.includes(partition, epoch))
                .boxed()
                .toList();
    }

    private List<Integer> withBothInTheFirstTable() {
        return IntStream.range(0, PARTITIONS)
                .filter(
                        partition ->
                                first.table(1).orElseThrow().members(partition).stream()
                                                .filter(remaining::contains)
                                                .count()
                                        < 2)
                .boxed()
                .toList();
    }

    @Test
    void aWriteQuorumIsMetWhereOneOfThreeSlotsAtMostIsGone() {
        Endangered endangered = of(first, SettledEpochs.NONE, remaining);
        assertThat(included(endangered, 1)).isEqualTo(withBothInTheFirstTable()).isNotEmpty();
        assertThat(endangered.partitions()).isEqualTo(withBothInTheFirstTable().size());
        Set<MemberId> four = new HashSet<>(remaining);
        four.add(members.get(3).id());
        assertThat(of(first, SettledEpochs.NONE, four).partitions()).isZero();
        assertThat(of(first, SettledEpochs.NONE, Set.of()).partitions()).isEqualTo(PARTITIONS);
    }

    @Test
    void whereChunksLieTellsAndNotWhereTheyLayBefore() {
        assertThat(second.epoch()).isEqualTo(2);
        Endangered unsettled = of(second, SettledEpochs.NONE, remaining);
        assertThat(included(unsettled, 1)).isEqualTo(withBothInTheFirstTable());
        assertThat(included(unsettled, 2)).as("written since").isEmpty();
        assertThat(included(unsettled, 3)).as("of a ring that is not known yet").isEmpty();
        assertThat(unsettled.partitions()).isEqualTo(withBothInTheFirstTable().size());
        int moved = withBothInTheFirstTable().getFirst();
        Endangered settled =
                of(second, new SettledEpochs(Map.of(moved, new Settled(2, 9))), remaining);
        assertThat(included(settled, 1))
                .isEqualTo(withBothInTheFirstTable().stream().skip(1).toList());
        assertThat(settled.partitions()).isEqualTo(withBothInTheFirstTable().size() - 1);
    }
}
