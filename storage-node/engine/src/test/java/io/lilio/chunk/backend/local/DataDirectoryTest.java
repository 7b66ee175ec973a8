package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    private static final BackendLabel LABEL =
            new BackendLabel(new UUID(1, 2), new UUID(3, 4), "a\\b = c # d", "nöde:0");

    @TempDir Path parent;

    @Test
    void itsLabelIsThereWhenItIsOpenedAgain() {
        Path root = parent.resolve("new/data");
        try (DataDirectory directory = DataDirectory.open(root)) {
            assertThat(directory.isEmpty()).isTrue();
            directory.writeLabel(LABEL);
            directory.writeLabel(LABEL);
        }
        try (DataDirectory directory = DataDirectory.open(root)) {
            assertThat(directory.label()).contains(LABEL);
            assertThat(directory.isEmpty()).isFalse();
        }
    }

    @Test
    void aLabelIsForEver() {
        try (DataDirectory directory = DataDirectory.open(parent)) {
            directory.writeLabel(LABEL);
            assertThatIllegalStateException()
                    .isThrownBy(
                            () ->
                                    directory.writeLabel(
                                            new BackendLabel(
                                                    LABEL.cluster(), new UUID(9, 9), "x", "y")));
        }
    }

    @Test
    void aSecondOpenerIsToldWhoHasIt() {
        try (DataDirectory directory = DataDirectory.open(parent)) {
            assertThatThrownBy(() -> DataDirectory.open(directory.root()))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining(parent.toString())
                    .hasMessageContaining("another process has it open")
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
        }
        DataDirectory.open(parent).close();
    }

    @Test
    void aDamagedLabelOrOneOfAnotherFormatIsRefused() throws Exception {
        Files.writeString(parent.resolve(LabelFile.NAME), "format=1\ncluster=zzz\n");
        assertThatThrownBy(() -> DataDirectory.open(parent)).hasMessageContaining("damaged");
        Files.writeString(parent.resolve(LabelFile.NAME), "format=2\n");
        assertThatThrownBy(() -> DataDirectory.open(parent)).hasMessageContaining("format 2");
    }

    @Test
    void aFileInItsPlaceIsRefused() throws Exception {
        Path file = Files.createFile(parent.resolve("file"));
        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining(file.toString());
    }
}
