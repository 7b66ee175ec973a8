package io.lilio.server.bootstrap.config;

import io.lilio.placement.Partitioning;
import io.lilio.placement.PlacementTable;
import io.lilio.placement.Replication;
import io.lilio.placement.Replication.Spread;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Reads what a new cluster is to be like. */
final class FoundingReader {

    /**
     * The slots of all partitions that a table may have in etcd: each takes two bytes, and several
     * tables have to fit into the 1.5 MiB that etcd takes at once.
     */
    private static final int MAX_SHARED_SLOTS = 131_072;

    private final Set<String> written = new HashSet<>();

    private FoundingReader() {}

    /**
     * @param shared whether nodes share the metadata, so that one of them cannot tell how many
     *     backends there are
     * @param backends of this node
     */
    static AskedFounding read(LilioConfig config, boolean shared, int backends) {
        var reader = new FoundingReader();
        Partitioning partitioning = reader.partitioning(config.ring());
        Replication replication =
                reader.replication(
                        config.replication(), shared ? Replication.MAX_FACTOR : backends);
        int slots = partitioning.partitions() * replication.factor();
        if (shared && slots > MAX_SHARED_SLOTS) {
            throw new InvalidSettingException(
                    "%s times %s is %d, but has to be at most %d, so that placements fit into etcd."
                            .formatted(
                                    AskedFounding.PARTITIONS,
                                    AskedFounding.FACTOR,
                                    slots,
                                    MAX_SHARED_SLOTS));
        }
        return new AskedFounding(partitioning, replication, reader.written);
    }

    private Partitioning partitioning(LilioConfig.Ring ring) {
        return new Partitioning(
                number(
                        AskedFounding.PARTITIONS,
                        ring.partitions(),
                        PlacementTable.MAX_PARTITIONS,
                        Partitioning.DEFAULT_PARTITIONS),
                number(
                        AskedFounding.VIRTUAL_NODES,
                        ring.virtualNodes(),
                        Partitioning.MAX_VIRTUAL_NODES,
                        Partitioning.DEFAULT_VIRTUAL_NODES));
    }

    /**
     * @param backends that there are, as far as one node can tell
     */
    private Replication replication(LilioConfig.Replicas replicas, int backends) {
        int factor =
                number(
                        AskedFounding.FACTOR,
                        replicas.factor(),
                        Replication.MAX_FACTOR,
                        Math.min(3, backends));
        int writeQuorum =
                number(AskedFounding.WRITE_QUORUM, replicas.writeQuorum(), factor, factor / 2 + 1);
        int readQuorum =
                number(
                        AskedFounding.READ_QUORUM,
                        replicas.readQuorum(),
                        factor,
                        factor - writeQuorum + 1);
        if (factor > backends) {
            throw InvalidSettingException.of(
                    AskedFounding.FACTOR,
                    Integer.toString(factor),
                    "at most the number of backends, which is " + backends);
        }
        if (writeQuorum + readQuorum <= factor) {
            throw new InvalidSettingException(
                    "%s + %s is %d, but has to be more than %s, which is %d."
                            .formatted(
                                    AskedFounding.WRITE_QUORUM,
                                    AskedFounding.READ_QUORUM,
                                    writeQuorum + readQuorum,
                                    AskedFounding.FACTOR,
                                    factor));
        }
        return new Replication(
                factor,
                writeQuorum,
                readQuorum,
                given(AskedFounding.SPREAD, replicas.spread())
                        .map(FoundingReader::spread)
                        .orElse(Spread.ZONE),
                given(AskedFounding.STRICT_READS, replicas.strictReads())
                        .map(SettingText::flag)
                        .orElse(false));
    }

    private static Spread spread(SettingText text) {
        String host = AskedFounding.word(Spread.HOST);
        return text.oneOf(host, AskedFounding.word(Spread.ZONE)).equals(host)
                ? Spread.HOST
                : Spread.ZONE;
    }

    private int number(String name, Optional<String> text, int most, int otherwise) {
        return given(name, text).map(given -> given.number(1, most)).orElse(otherwise);
    }

    private Optional<SettingText> given(String name, Optional<String> text) {
        text.ifPresent(_ -> written.add(name));
        return text.map(value -> new SettingText(name, value));
    }
}
