package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WelcomeTest {

    private static String text(String host, Optional<Path> file) {
        return Welcome.text(
                host, 9000, "us-east-1", new RootCredentials("KEY", "very-secret", file));
    }

    /** The lines after "Try:". */
    private static String commands(String text) {
        return text.lines()
                .dropWhile(line -> !line.equals("Try:"))
                .skip(1)
                .map(String::strip)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void readmeShowsTheCommandsThatArePrinted() throws IOException {
        String printed =
                commands(text("127.0.0.1", Optional.of(Path.of("/here/data/credentials"))));
        assertThat(printed.lines()).filteredOn(line -> line.startsWith("aws ")).hasSize(3);
        assertThat(Files.readString(readme()).split("```\n"))
                .filteredOn(block -> block.startsWith("export "))
                .singleElement()
                .isEqualTo(printed.replace("/here/", "$PWD/") + "\n");
    }

    private static Path readme() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("README.md"))) {
            directory = directory.getParent();
        }
        return directory.resolve("README.md");
    }

    @Test
    void keysThatWereGivenAreNotRepeated() {
        assertThat(text("127.0.0.1", Optional.empty()))
                .contains("as given (access key KEY)")
                .doesNotContain("AWS_SHARED_CREDENTIALS_FILE")
                .doesNotContain("very-secret");
        assertThat(text("127.0.0.1", Optional.of(Path.of("/data/credentials"))))
                .contains("credentials   in /data/credentials\n")
                .doesNotContain("very-secret");
    }

    @Test
    void theEndpointIsOneThatClientsCanUse() {
        assertThat(text("0.0.0.0", Optional.empty())).contains("=http://localhost:9000 ");
        assertThat(text("::", Optional.empty())).contains("=http://localhost:9000 ");
        assertThat(text("::1", Optional.empty())).contains("=http://[::1]:9000 ");
        assertThat(text("s3.example.org", Optional.empty()))
                .contains("S3 endpoint   http://s3.example.org:9000   (region us-east-1)");
    }

    @Test
    void aPathThatAShellWouldTakeApartIsQuoted() {
        assertThat(text("127.0.0.1", Optional.of(Path.of("/my data/it's/credentials"))))
                .contains("AWS_SHARED_CREDENTIALS_FILE='/my data/it'\\''s/credentials'\n");
    }
}
