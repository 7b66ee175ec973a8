package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.RingStatus;
import io.lilio.operator.plan.Answers;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members of the fake are on a machine each, in three zones in turn. */
class QuorumTest {

    @ParameterizedTest
    @CsvSource({
        "3, 3, 2, ZONE, '',     true",
        "3, 3, 2, ZONE, '1',    true",
        "3, 3, 2, ZONE, '1 2',  false",
        "6, 3, 2, ZONE, '1 4',  true",
        "6, 3, 2, HOST, '1 4',  false",
        "6, 3, 2, ZONE, '1 2',  false",
        "6, 5, 4, ZONE, '1',    true",
        "6, 5, 4, ZONE, '1 4',  false",
        "3, 1, 1, ZONE, '1',    false"
    })
    void membersOfOneZoneCountOnceWhereCopiesGoByZones(
            int members, int factor, int quorum, String spread, String silent, boolean kept) {
        FakeLilio lilio = new FakeLilio(() -> Instant.EPOCH);
        lilio.replication = new RingStatus.Replication(factor, quorum, quorum, spread, false);
        IntStream.range(0, members)
                .forEach(ordinal -> lilio.announce(FakeLilio.member(ordinal), ordinal, "ACTIVE"));
        silent.lines()
                .flatMap(line -> java.util.Arrays.stream(line.split(" ")))
                .filter(number -> !number.isEmpty())
                .forEach(number -> lilio.silent.add(FakeLilio.member(Integer.parseInt(number))));
        Answers answers =
                new Answers(
                        lilio.admin().cluster().cluster(),
                        lilio.ring(),
                        lilio.admin().cluster().members(),
                        Map.of(),
                        lilio.admin().cluster().brake(),
                        Optional.empty(),
                        Optional.empty());
        assertThat(Quorum.of(answers).isKept()).isEqualTo(kept);
    }
}
