package io.lilio.maintenance.brake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Keeps a {@link Seen} in a small text file of a node's or a backend's directory. Replaced
 * atomically, so it is there whole or as it was before. One process at a time.
 */
public final class SeenFile {

    /** The file's name in its directory. */
    public static final String NAME = "metadata-seen";

    private final Path file;

    /**
     * @param directory has to exist when something is to be remembered
     */
    public SeenFile(Path directory) {
        this.file = directory.resolve(NAME);
    }

    /**
     * @return empty when nothing was remembered here
     * @throws UncheckedIOException when it cannot be read, or is not what was written
     */
    public Optional<Seen> load() {
        try {
            return Optional.of(SeenText.parse(Files.readString(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new UncheckedIOException(new IOException(file + " is damaged", e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns when its bytes are on the disk. After a power loss the file may be what it was
     * before.
     *
     * @throws UncheckedIOException when it cannot be written
     */
    public void store(Seen seen) {
        Path fresh = file.resolveSibling(NAME + ".new");
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            fresh,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(SeenText.of(seen));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
