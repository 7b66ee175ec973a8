package io.lilio.bench.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A directory under {@code bench-data} for one process under test, gone with all it holds when it
 * is closed. Its log stays beside it.
 *
 * @param path where it is
 */
public record ScratchDirectory(Path path) implements AutoCloseable {

    /** Makes an empty one whose name begins as given. */
    public static ScratchDirectory create(Path repository, String name) throws IOException {
        Path parent = Files.createDirectories(repository.resolve("bench-data"));
        return new ScratchDirectory(Files.createTempDirectory(parent, name));
    }

    /** For what the process says. */
    public Path log() {
        return path.resolveSibling(path.getFileName() + ".log");
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
