package io.lilio.chunk.backend.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which file or directory lies at a path, so that another one in its place, or none, is noticed.
 *
 * @param path where it lies
 * @param key what the file system tells it from others by
 */
record FileIdentity(Path path, Object key) {

    static FileIdentity of(Path path) throws IOException {
        return new FileIdentity(path, Objects.requireNonNull(keyOf(path)));
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /** Whether it still lies there. Opens nothing, so it can tell when no file can be opened. */
    boolean isInPlace() {
        try {
            return key.equals(keyOf(path));
        } catch (IOException e) {
            return false;
        }
    }
}
