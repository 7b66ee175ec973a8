package io.lilio.chunk.backend.local;

import io.lilio.files.DurableDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where things lie in a data directory.
 *
 * @param root the directory itself
 */
record VolumeLayout(Path root) {

    Path index() {
        return root.resolve("index");
    }

    Path segments() {
        return root.resolve("segments");
    }

    Path files() {
        return root.resolve("files");
    }

    /** Makes what is missing. */
    void create() throws IOException {
        DurableDirectories.create(index());
        DurableDirectories.create(segments());
        DurableDirectories.create(files());
    }

    /** The numbers of the bins there are, ascending. */
    List<Long> bins() throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (Stream<Path> bins = Files.list(files())) {
            for (Path bin : bins.toList()) {
                String name = bin.getFileName().toString();
                if (name.matches("\\d{8,18}")) {
                    numbers.add(Long.parseLong(name));
                }
            }
        }
        numbers.sort(null);
        return numbers;
    }

    /** Whether there is any segment or bin. */
    boolean holdsChunks() throws IOException {
        return !bins().isEmpty() || !SegmentFile.numbers(segments()).isEmpty();
    }

    /** Throws the index away. */
    void deleteIndex() throws IOException {
        if (!Files.isDirectory(index())) {
            return;
        }
        try (Stream<Path> files = Files.list(index())) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
