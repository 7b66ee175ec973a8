package io.lilio.server.bootstrap.config;

import io.lilio.placement.Replication;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The replication that the settings ask for.
 *
 * @param ofNewCluster what a cluster is founded with
 * @param written names of the settings that were given; the others follow from these
 */
public record AskedReplication(Replication ofNewCluster, Set<String> written) {

    static final String FACTOR = "factor";
    static final String WRITE_QUORUM = "write-quorum";
    static final String READ_QUORUM = "read-quorum";
    static final String STRICT_READS = "strict-reads";

    /** One of the settings, and what it is of a replication. */
    private record Setting(String name, Function<Replication, Object> value) {}

    private static final List<Setting> SETTINGS =
            List.of(
                    new Setting(FACTOR, Replication::factor),
                    new Setting(WRITE_QUORUM, Replication::writeQuorum),
                    new Setting(READ_QUORUM, Replication::readQuorum),
                    new Setting(STRICT_READS, Replication::strictReads));

    public AskedReplication {
        written = Set.copyOf(written);
    }

    /** A sentence about settings that were given and differ from what is in force. */
    public Optional<String> warning(Replication inForce) {
        List<String> differing =
                SETTINGS.stream()
                        .filter(setting -> written.contains(setting.name()))
                        .filter(setting -> differs(setting, inForce))
                        .map(setting -> told(setting, inForce))
                        .toList();
        return differing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        differing.stream().collect(Collectors.joining(", and "))
                                + ": a cluster keeps the replication that it was founded with");
    }

    private boolean differs(Setting setting, Replication inForce) {
        return !setting.value().apply(ofNewCluster).equals(setting.value().apply(inForce));
    }

    private String told(Setting setting, Replication inForce) {
        return "lilio.replication.%s is %s, but %s is in force"
                .formatted(
                        setting.name(),
                        setting.value().apply(ofNewCluster),
                        setting.value().apply(inForce));
    }
}
