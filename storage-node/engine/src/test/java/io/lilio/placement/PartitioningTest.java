package io.lilio.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitioningTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|150|a ring has 1 to 65536 partitions, not 0",
                "65537|150|a ring has 1 to 65536 partitions, not 65537",
                "4096|0|a ring has 1 to 1000 virtual nodes, not 0",
                "4096|1001|a ring has 1 to 1000 virtual nodes, not 1001"
            })
    void numbersOutOfBoundsAreRefusedWithASentence(
            int partitions, int virtualNodes, String sentence) {
        assertThatThrownBy(() -> new Partitioning(partitions, virtualNodes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    /** Else nearly all of it would move with the first change. */
    @Test
    void laterTablesOfARingAreComputedWithItsOwnVirtualNodes() {
        var random = Rings.seeded(11);
        List<Member> members = Rings.alone(random, 5);
        var few = new Partitioning(512, 10);
        Ring ring = Ring.create(few, Rings.THREE_TWO_TWO, members);
        assertThat(ring.table())
                .isNotEqualTo(
                        Ring.create(Partitioning.of(512), Rings.THREE_TWO_TWO, members).table());

        Member newcomer = Rings.member(random, "host-new", "");
        Ring grown = ring.admit(newcomer, BalanceTest.operation(random));

        assertThat(grown.partitioning()).isEqualTo(few);
        for (int partition = 0; partition < 512; partition++) {
            assertThat(ring.table().members(partition))
                    .as("only the newcomer gets what it did not have before")
                    .containsAll(
                            grown.table().members(partition).stream()
                                    .filter(member -> !member.equals(newcomer.id()))
                                    .toList());
        }
        assertThat(grown.withMembers(ring.members(), Optional.empty()).table())
                .as("without it everything is where it was")
                .satisfies(
                        table -> {
                            for (int partition = 0; partition < 512; partition++) {
                                assertThat(table.members(partition))
                                        .hasSameElementsAs(ring.table().members(partition));
                            }
                        });
    }
}
