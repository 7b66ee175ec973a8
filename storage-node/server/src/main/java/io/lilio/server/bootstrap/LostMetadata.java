package io.lilio.server.bootstrap;

import io.lilio.maintenance.brake.SeenFile;
import io.lilio.metadata.etcd.EtcdSettings;
import io.lilio.server.bootstrap.config.InvalidSettingException;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.bootstrap.config.NodeSettings.Metadata;
import io.lilio.server.bootstrap.config.NodeSettings.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Metadata that are gone: lost, or on a disk that is not mounted. Empty metadata found a new store,
 * which knows nothing of what was stored before, so a node that had metadata once does not start
 * without any. What proves it is kept beside the metadata, in the data directory and in every
 * backend, by the deletion brake ({@link SeenFile}). That is written after the cluster is founded
 * and before the first request is taken: a first start that was broken off earlier has left no such
 * proof, and begins again.
 */
final class LostMetadata {

    private final Path dataDir;
    private final Metadata metadata;
    private final List<Path> backends;

    LostMetadata(NodeSettings settings) {
        this.dataDir = settings.dataDir();
        this.metadata = settings.storage().metadata();
        this.backends =
                settings.storage().backends().stream()
                        .map(NodeSettings.Backend::place)
                        .filter(Place.Directory.class::isInstance)
                        .map(place -> ((Place.Directory) place).path())
                        .toList();
    }

    /** Where metadata that were seen are remembered: nowhere when they end with the process. */
    List<SeenFile> seenFiles() {
        return metadata instanceof Metadata.InMemory
                ? List.of()
                : directories().map(SeenFile::new).toList();
    }

    private Stream<Path> directories() {
        return Stream.concat(Stream.of(dataDir), backends.stream());
    }

    /**
     * Before a database is made, which would only be in the way of what is put back.
     *
     * @throws InvalidSettingException when there is none, and was one
     */
    void refuseToMakeNew() {
        if (metadata instanceof Metadata.Embedded(Path directory) && !holdsSomething(directory)) {
            refuseToFoundNew();
        }
    }

    private static boolean holdsSomething(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Files.exists(directory);
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isPresent();
        } catch (IOException unreadable) {
            // There is something; the database will say what is wrong with it.
            return true;
        }
    }

    /**
     * For metadata that hold no cluster.
     *
     * @throws InvalidSettingException when there were some that did
     */
    void refuseToFoundNew() {
        if (metadata instanceof Metadata.InMemory) {
            return;
        }
        Optional<Path> seen =
                directories()
                        .map(directory -> directory.resolve(SeenFile.NAME))
                        .filter(Files::exists)
                        .findFirst();
        if (seen.isPresent()) {
            throw because("there is " + seen.get());
        }
    }

    /**
     * What an administrator is told.
     *
     * @param proof that there were metadata
     */
    InvalidSettingException because(String proof) {
        List<String> steps = new ArrayList<>();
        if (!backends.isEmpty()) {
            steps.add(
                    "empty "
                            + backends.stream()
                                    .map(Path::toString)
                                    .collect(Collectors.joining(", ")));
        }
        Path own = dataDir.resolve(SeenFile.NAME);
        if (Files.exists(own)) {
            steps.add("remove " + own);
        }
        return new InvalidSettingException(
                ("The metadata %s are gone, and there were some before, since %s: %s; or, to give up"
                                + " everything that was stored, %s.")
                        .formatted(place(), proof, remedy(), String.join(" and ", steps)));
    }

    private String place() {
        return switch (metadata) {
            case Metadata.InMemory() -> "in memory";
            case Metadata.Embedded(Path directory) -> "at " + directory;
            case Metadata.Shared(EtcdSettings etcd) ->
                    "in etcd at %s under %s"
                            .formatted(String.join(",", etcd.endpoints()), etcd.prefix());
        };
    }

    private String remedy() {
        return metadata instanceof Metadata.Shared
                ? "restore etcd from a snapshot, or set lilio.metadata.etcd.endpoints and"
                        + " lilio.metadata.etcd.prefix to where they are"
                : "put them back, or mount their disk";
    }
}
