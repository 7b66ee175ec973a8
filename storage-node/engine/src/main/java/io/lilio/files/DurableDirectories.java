package io.lilio.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes directories whose names survive a power loss, and syncs them. */
public final class DurableDirectories {

    private DurableDirectories() {}

    /**
     * Creates a directory and those above it, unless they are there. The name of each that was
     * created is durable in its parent when this returns.
     *
     * @throws IOException when one cannot be created or synced, or is a file
     */
    public static void create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(directory + " is not a directory");
        }
        create(parent);
        Files.createDirectories(directory); // another process may have made it meanwhile
        sync(parent);
    }

    /** Makes the names in a directory durable. */
    public static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
