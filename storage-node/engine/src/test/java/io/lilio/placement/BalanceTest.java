package io.lilio.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How evenly the ring shares, and how little it moves. Every case is a seed. */
class BalanceTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void theLargestOfTenEqualMembersHoldsHardlyMoreThanTheSmallest(long seed) {
        Ring ring = Rings.ring(Rings.alone(Rings.seeded(seed), 10));

        List<Integer> shares =
                ring.members().stream().map(m -> ring.table().partitionsOf(m.id())).toList();
        int largest = shares.stream().mapToInt(i -> i).max().orElseThrow();
        int smallest = shares.stream().mapToInt(i -> i).min().orElseThrow();

        assertThat((double) largest / smallest)
                .as("shares of seed %d: %s", seed, shares)
                .isLessThanOrEqualTo(1.35);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aFifthMemberTakesAFifthAndNothingElseMoves(long seed) {
        RandomGenerator random = Rings.seeded(seed);
        Ring four = Rings.ring(Rings.alone(random, 4));
        Member fifth = Rings.member(random, "host-new", "");
        Ring five = four.admit(fifth, operation(random));

        int moved = 0;
        int movedElsewhere = 0;
        for (int partition = 0; partition < four.partitions(); partition++) {
            Set<MemberId> arrived = new HashSet<>(five.table().members(partition));
            arrived.removeAll(four.table().members(partition));
            moved += arrived.size();
            arrived.remove(fifth.id());
            movedElsewhere += arrived.size();
        }
        double share = 100.0 * moved / (3.0 * four.partitions());

        System.out.printf(
                "seed %d: a fifth member moves %.1f %% of the replicas; hash mod n would move %.1f"
                        + " %%%n",
                seed, share, movedByModulo(random));
        assertThat(share).isCloseTo(20.0, within(3.0));
        assertThat(movedElsewhere).as("replicas moved between old members").isZero();
        assertThat(five.epoch()).isEqualTo(four.epoch() + 1);
    }

    /**
     * Percent of replicas at another place when partition p lives at hash(p) mod n and the next.
     */
    private static double movedByModulo(RandomGenerator random) {
        int moved = 0;
        int partitions = Partitioning.DEFAULT_PARTITIONS;
        for (int partition = 0; partition < partitions; partition++) {
            long hash = random.nextLong();
            Set<Long> before = new HashSet<>();
            Set<Long> after = new HashSet<>();
            for (int slot = 0; slot < 3; slot++) {
                before.add(Long.remainderUnsigned(hash + slot, 4));
                after.add(Long.remainderUnsigned(hash + slot, 5));
            }
            after.removeAll(before);
            moved += after.size();
        }
        return 100.0 * moved / (3.0 * partitions);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aMemberOfDoubleWeightHoldsAboutTwiceAsMuch(long seed) {
        List<Member> members = Rings.alone(Rings.seeded(seed), 10);
        Member first = members.getFirst();
        members.set(
                0,
                new Member(
                        first.id(),
                        first.name(),
                        first.node(),
                        first.host(),
                        first.zone(),
                        2,
                        first.state()));
        PlacementTable table =
                Placement.compute(
                        members,
                        Partitioning.DEFAULT,
                        new Replication(1, 1, 1, Replication.Spread.HOST, false),
                        Optional.empty());

        double fair = (double) Partitioning.DEFAULT_PARTITIONS / 11;
        assertThat(table.partitionsOf(first.id()) / fair).isCloseTo(2.0, within(0.5));
    }

    static RingOperation operation(RandomGenerator random) {
        return new RingOperation(
                new UUID(random.nextLong(), random.nextLong()),
                RingOperation.Type.ADMIT,
                random.nextLong());
    }
}
