package io.lilio.server.bootstrap.config;

import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the settings ask a new cluster to be like.
 *
 * @param partitioning how its key space is cut up
 * @param replication its quorums
 * @param written names of the settings that were given; the others follow from these
 */
public record AskedFounding(
        Partitioning partitioning, Replication replication, Set<String> written) {

    static final String PARTITIONS = "lilio.ring.partitions";
    static final String VIRTUAL_NODES = "lilio.ring.virtual-nodes";
    static final String FACTOR = "lilio.replication.factor";
    static final String WRITE_QUORUM = "lilio.replication.write-quorum";
    static final String READ_QUORUM = "lilio.replication.read-quorum";
    static final String SPREAD = "lilio.replication.spread";
    static final String STRICT_READS = "lilio.replication.strict-reads";

    /** What a cluster was founded with, or is to be. */
    private record Founded(Partitioning partitioning, Replication replication) {}

    /** One of the settings, and its value in a cluster. */
    private record Setting(String name, Function<Founded, Object> value) {}

    private static final List<Setting> SETTINGS =
            List.of(
                    new Setting(PARTITIONS, founded -> founded.partitioning().partitions()),
                    new Setting(VIRTUAL_NODES, founded -> founded.partitioning().virtualNodes()),
                    new Setting(FACTOR, founded -> founded.replication().factor()),
                    new Setting(WRITE_QUORUM, founded -> founded.replication().writeQuorum()),
                    new Setting(READ_QUORUM, founded -> founded.replication().readQuorum()),
                    new Setting(SPREAD, founded -> word(founded.replication().spread())),
                    new Setting(STRICT_READS, founded -> founded.replication().strictReads()));

    public AskedFounding {
        written = Set.copyOf(written);
    }

    /** How a spread is written in the settings. */
    static String word(Replication.Spread spread) {
        return switch (spread) {
            case HOST -> "host";
            case ZONE -> "zone";
        };
    }

    /** A sentence about settings that were given and differ from what is in force. */
    public Optional<String> warning(Ring inForce) {
        var asked = new Founded(partitioning, replication);
        var is = new Founded(inForce.partitioning(), inForce.replication());
        List<String> differing =
                SETTINGS.stream()
                        .filter(setting -> written.contains(setting.name()))
                        .filter(setting -> differs(setting, asked, is))
                        .map(
                                setting ->
                                        "%s is %s, but %s is in force"
                                                .formatted(
                                                        setting.name(),
                                                        setting.value().apply(asked),
                                                        setting.value().apply(is)))
                        .toList();
        return differing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        differing.stream().collect(Collectors.joining(", and "))
                                + ": a cluster keeps what it was founded with");
    }

    private static boolean differs(Setting setting, Founded asked, Founded is) {
        return !setting.value().apply(asked).equals(setting.value().apply(is));
    }
}
