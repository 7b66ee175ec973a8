package io.lilio.maintenance.brake;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the directories of a node and of its backends remember together. Each has all of it, so any
 * one is enough: those that are away or damaged are passed over, and written anew when they can be.
 */
final class SeenFiles {

    private static final Logger log = LoggerFactory.getLogger(SeenFiles.class);

    private final List<SeenFile> files;

    SeenFiles(List<SeenFile> files) {
        this.files = List.copyOf(files);
    }

    /**
     * What was found.
     *
     * @param seen what all that count agree on, or the highest of it
     * @param trouble why that cannot be relied upon
     */
    record Recalled(Optional<Seen> seen, Optional<String> trouble) {}

    Recalled recall() {
        List<Seen> found = new ArrayList<>();
        List<SeenFile> damaged = new ArrayList<>();
        for (SeenFile file : files) {
            try {
                file.load().ifPresent(found::add);
            } catch (UncheckedIOException e) {
                log.warn(
                        "what {} remembers of the metadata cannot be read: {}",
                        file,
                        e.getMessage());
                damaged.add(file);
            }
        }
        if (found.isEmpty() && !damaged.isEmpty()) {
            return new Recalled(
                    Optional.empty(),
                    Optional.of("what was remembered in %s cannot be read".formatted(damaged)));
        }
        return merge(found);
    }

    /** A directory that was away while the brake was acknowledged has nothing to say. */
    static Recalled merge(List<Seen> found) {
        long times = found.stream().mapToLong(seen -> seen.acknowledged().times()).max().orElse(0);
        List<Seen> counting =
                found.stream().filter(seen -> seen.acknowledged().times() == times).toList();
        Optional<Seen> highest = counting.stream().max(Comparator.comparingLong(Seen::revision));
        if (highest.isEmpty()) {
            return new Recalled(Optional.empty(), Optional.empty());
        }
        Seen all = highest.get();
        Optional<Engagement> engaged =
                counting.stream().flatMap(seen -> seen.engaged().stream()).findFirst();
        if (engaged.isPresent()) {
            all = all.engaged(engaged.get());
        }
        long accepted =
                counting.stream().mapToLong(seen -> seen.acknowledged().orphaned()).min().orElse(0);
        all = all.acknowledged(new Seen.Acknowledged(times, accepted));
        Seen one = all;
        return new Recalled(
                Optional.of(all),
                counting.stream()
                        .filter(seen -> !seen.cluster().equals(one.cluster()))
                        .findFirst()
                        .map(
                                other ->
                                        "this node's directories remember clusters %s and %s"
                                                .formatted(one.cluster(), other.cluster())));
    }

    /** Has every directory that is there remember this. */
    void store(Seen seen) {
        for (SeenFile file : files) {
            try {
                file.store(seen);
            } catch (UncheckedIOException e) {
                // The others remember it; a backend that is away must not stop the rest.
                log.warn(
                        "could not remember the metadata's revision in {}: {}",
                        file,
                        e.getMessage());
            }
        }
    }
}
