package io.lilio.maintenance.brake;

import io.lilio.time.Time;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the directories of a node and of its backends remember together. Each has all of it, so any
 * one is enough: those that are away or damaged are passed over, and written anew when they can be.
 * One that hangs is not waited for. Thread-safe.
 */
public final class SeenFiles {

    /** A medium that takes longer hangs. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(SeenFiles.class);

    private static final Comparator<Seen> NEWEST_FIRST =
            Comparator.comparingLong((Seen seen) -> seen.progress().beats())
                    .thenComparingLong(seen -> seen.progress().revision())
                    .reversed();

    private final List<SeenFile> files;
    private final List<SeenWriter> writers;
    private final Time time;

    /**
     * @param threads makes daemon threads: one may hang for as long as a medium does
     */
    public SeenFiles(List<SeenFile> files, ThreadFactory threads, Time time) {
        this.files = List.copyOf(files);
        this.writers = files.stream().map(file -> new SeenWriter(file, threads)).toList();
        this.time = time;
    }

    /**
     * What was found.
     *
     * @param seen the furthest of what all that count remember
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
        long times =
                found.stream().mapToLong(seen -> seen.progress().acknowledged()).max().orElse(0);
        List<Seen> counting =
                found.stream().filter(seen -> seen.progress().acknowledged() == times).toList();
        if (counting.isEmpty()) {
            return new Recalled(Optional.empty(), Optional.empty());
        }
        Seen all = counting.stream().sorted(NEWEST_FIRST).reduce(SeenFiles::further).orElseThrow();
        Optional<Engagement> engaged =
                counting.stream().flatMap(seen -> seen.engaged().stream()).findFirst();
        if (engaged.isPresent()) {
            all = all.engaged(engaged.get());
        }
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

    private static Seen further(Seen one, Seen other) {
        return one.cluster().equals(other.cluster())
                ? one.at(one.progress().furthest(other.progress()))
                : one;
    }

    /**
     * Begins to write this to every file that does not hold it. Whoever calls this later must not
     * have something older.
     *
     * @return done when all have tried, but for those that hang
     */
    CompletableFuture<Void> begin(Seen seen) {
        return CompletableFuture.allOf(
                writers.stream()
                        .map(writer -> writer.write(seen))
                        .toArray(CompletableFuture<?>[]::new));
    }

    /** Waits for what was begun, no longer than {@link #LONGEST_WAIT}. */
    void await(CompletableFuture<Void> begun) {
        if (begun.isDone()) {
            return;
        }
        Time.Cancellable limit =
                time.schedule(
                        LONGEST_WAIT,
                        () -> {
                            if (!begun.isDone()) {
                                writers.forEach(SeenWriter::hangs);
                                begun.complete(null);
                            }
                        });
        begun.join();
        limit.cancel();
    }

    /** Whether some file holds this, if there are files at all. */
    boolean isStored(Seen seen) {
        return writers.isEmpty() || writers.stream().anyMatch(writer -> writer.holds(seen));
    }

    /** The files, for people. */
    @Override
    public String toString() {
        return files.toString();
    }
}
