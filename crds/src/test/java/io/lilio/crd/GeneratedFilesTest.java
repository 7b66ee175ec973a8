package io.lilio.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.crd.generate.GeneratedFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is committed is what the classes say. */
class GeneratedFilesTest {

    @Test
    void theCommittedFilesAreThoseThatTheClassesMake() throws IOException {
        for (var file : GeneratedFiles.of(Path.of("").toAbsolutePath()).entrySet()) {
            assertThat(file.getKey()).content().as(stale(file.getKey())).isEqualTo(file.getValue());
        }
    }

    private static String stale(Path file) {
        return "%s is not what the classes make: run `%s` and commit it"
                .formatted(file.getFileName(), GeneratedFiles.COMMAND);
    }
}
