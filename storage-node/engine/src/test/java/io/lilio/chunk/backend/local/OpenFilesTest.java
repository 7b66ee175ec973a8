package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.backend.local.OpenFiles.OpenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {

    private static final OpenFiles.Key KEY = OpenFiles.Key.of(Location.inSegment(1, 0, 0));

    @TempDir Path directory;

    @Test
    void aFileStaysOpenForTheNextReader() throws IOException {
        Path path = Files.writeString(directory.resolve("1"), "x");
        try (OpenFiles files = new OpenFiles(10)) {
            FileChannel first = opened(files, path);
            assertThat(first.isOpen()).isTrue();
            assertThat(opened(files, path)).isSameAs(first);
            files.forget(KEY);
            assertThat(first.isOpen()).isFalse();
        }
    }

    /** It would keep its space until something else takes its place. */
    @Test
    void aFileThatIsDeletedWhileItIsBeingOpenedIsNotKept() throws IOException {
        Path path = Files.writeString(directory.resolve("1"), "x");
        try (OpenFiles files = new OpenFiles(10)) {
            FileChannel channel;
            try (OpenFile file =
                    files.open(
                            KEY,
                            () -> {
                                forget(files);
                                return path;
                            })) {
                channel = file.channel();
                assertThat(channel.isOpen()).isTrue();
            }
            assertThat(channel.isOpen()).isFalse();
        }
    }

    private static FileChannel opened(OpenFiles files, Path path) throws IOException {
        try (OpenFile file = files.open(KEY, () -> path)) {
            return file.channel();
        }
    }

    private static void forget(OpenFiles files) {
        try {
            files.forget(KEY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
