package io.lilio.server.bootstrap.config;

import static io.lilio.server.bootstrap.config.SettingsReaderTest.assertRefused;
import static io.lilio.server.bootstrap.config.SettingsReaderTest.cluster;
import static io.lilio.server.bootstrap.config.SettingsReaderTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Replication.Spread;
import io.lilio.placement.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a new cluster is founded with. */
class FoundingReaderTest {

    @Test
    void onlyWhatIsSetAndDiffersFromWhatIsInForceIsWarnedOf() {
        Ring inForce = ring(Partitioning.DEFAULT, new Replication(3, 2, 2, Spread.ZONE, false));
        assertThat(
                        read(
                                        "replication.factor", "3",
                                        "replication.write-quorum", "3",
                                        "replication.read-quorum", "1")
                                .storage()
                                .founding()
                                .warning(inForce))
                .contains(
                        "lilio.replication.write-quorum is 3, but 2 is in force, and"
                                + " lilio.replication.read-quorum is 1, but 2 is in force: a cluster"
                                + " keeps what it was founded with");
        assertThat(
                        read(
                                        "ring.partitions", "64",
                                        "ring.virtual-nodes", "300",
                                        "replication.spread", "host",
                                        "replication.strict-reads", "true")
                                .storage()
                                .founding()
                                .warning(inForce))
                .contains(
                        "lilio.ring.partitions is 64, but 4096 is in force, and"
                                + " lilio.ring.virtual-nodes is 300, but 150 is in force, and"
                                + " lilio.replication.spread is host, but zone is in force, and"
                                + " lilio.replication.strict-reads is true, but false is in force:"
                                + " a cluster keeps what it was founded with");
        Ring another = ring(new Partitioning(8, 3), new Replication(3, 1, 3, Spread.HOST, true));
        assertThat(read().storage().founding().warning(another)).isEmpty();
    }

    private static Ring ring(Partitioning partitioning, Replication replication) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String name = "node-" + i;
            members.add(
                    new Member(
                            new MemberId(new UUID(0, i)),
                            "disk1",
                            name,
                            name,
                            "",
                            1,
                            MemberState.ACTIVE));
        }
        return Ring.create(partitioning, replication, members);
    }

    @Test
    void aClusterIsFoundedAsItsSettingsSay() {
        AskedFounding usual = read().storage().founding();
        assertThat(usual.partitioning()).isEqualTo(new Partitioning(4_096, 150));
        assertThat(usual.replication().spread()).as("zones have an effect").isEqualTo(Spread.ZONE);
        AskedFounding asked =
                read(
                                "ring.partitions", "65536",
                                "ring.virtual-nodes", "1000",
                                "replication.spread", "Host")
                        .storage()
                        .founding();
        assertThat(asked.partitioning()).isEqualTo(new Partitioning(65_536, 1_000));
        assertThat(asked.replication().spread()).isEqualTo(Spread.HOST);
    }

    @Test
    void placementsThatDoNotFitIntoEtcdAreRefused() {
        assertThatThrownBy(() -> read(cluster("ring.partitions", "43691")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage(
                        "lilio.ring.partitions times lilio.replication.factor is 131073, but has to"
                                + " be at most 131072, so that placements fit into etcd.");
        read(cluster("ring.partitions", "43690"));
        read("ring.partitions", "43691");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ring.partitions|0|a number from 1 to 65536",
                "ring.partitions|65537|a number from 1 to 65536",
                "ring.virtual-nodes|0|a number from 1 to 1000",
                "ring.virtual-nodes|many|a number from 1 to 1000",
                "replication.spread|rack|host or zone"
            })
    void whatNoClusterCanBeFoundedWithIsRefused(String setting, String value, String allowed) {
        assertRefused(
                "lilio.%s is \"%s\", but has to be %s.".formatted(setting, value, allowed),
                setting,
                value);
    }

    @Test
    void quorumsThatDoNotOverlapAreRefused() {
        assertRefused(
                "lilio.replication.write-quorum + lilio.replication.read-quorum is 3, but has to be"
                        + " more than lilio.replication.factor, which is 3.",
                "replication.write-quorum",
                "1",
                "replication.read-quorum",
                "2");
        assertThat(
                        read("replication.write-quorum", "1")
                                .storage()
                                .founding()
                                .replication()
                                .readQuorum())
                .isEqualTo(3);
    }
}
