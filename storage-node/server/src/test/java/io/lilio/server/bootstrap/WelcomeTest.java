package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WelcomeTest {

    private static final RootCredentials IN_ENVIRONMENT =
            RootCredentials.given(
                    "KEY", "very-secret", Map.of("LILIO_ROOT_SECRET_KEY", "very-secret"));
    private static final RootCredentials IN_CONFIGURATION =
            RootCredentials.given("KEY", "very-secret", Map.of());

    private static String text(String host, RootCredentials root) {
        return Welcome.text(host, 9000, "us-east-1", root);
    }

    private static RootCredentials generated(String file) {
        return new RootCredentials(
                "KEY", "very-secret", new RootCredentials.Generated(Path.of(file)));
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
        String printed = commands(text("127.0.0.1", generated("/here/data/credentials")));
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
    void theSecretIsNeverShown() {
        assertThat(text("127.0.0.1", generated("/data/credentials")))
                .contains("credentials   in /data/credentials\n")
                .doesNotContain("very-secret");
        for (RootCredentials given : List.of(IN_ENVIRONMENT, IN_CONFIGURATION)) {
            assertThat(text("127.0.0.1", given))
                    .contains("credentials   as given (access key KEY)\n")
                    .doesNotContain("AWS_SHARED_CREDENTIALS_FILE")
                    .doesNotContain("very-secret");
        }
    }

    @Test
    void aSecretOfTheEnvironmentIsTakenFromThere() {
        assertThat(text("127.0.0.1", IN_ENVIRONMENT))
                .contains(
                        "Try:\n"
                                + "  export AWS_ENDPOINT_URL_S3=http://127.0.0.1:9000"
                                + " AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=KEY"
                                + " AWS_SECRET_ACCESS_KEY=\"$LILIO_ROOT_SECRET_KEY\"\n");
    }

    @Test
    void aSecretOfTheConfigurationIsAskedFor() {
        RootCredentials another =
                RootCredentials.given(
                        "KEY", "very-secret", Map.of("LILIO_ROOT_SECRET_KEY", "of another"));
        for (RootCredentials root : List.of(IN_CONFIGURATION, another)) {
            assertThat(text("127.0.0.1", root))
                    .contains(
                            "Set AWS_SECRET_ACCESS_KEY to what lilio.root.secret-key is, and try:\n"
                                    + "  export AWS_ENDPOINT_URL_S3=http://127.0.0.1:9000"
                                    + " AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=KEY"
                                    + " AWS_SECRET_ACCESS_KEY\n");
        }
    }

    @Test
    void theEndpointIsOneThatClientsCanUse() {
        assertThat(text("0.0.0.0", IN_ENVIRONMENT)).contains("=http://localhost:9000 ");
        assertThat(text("::", IN_ENVIRONMENT)).contains("=http://localhost:9000 ");
        assertThat(text("::1", IN_ENVIRONMENT)).contains("=http://[::1]:9000 ");
        assertThat(text("s3.example.org", IN_ENVIRONMENT))
                .contains("S3 endpoint   http://s3.example.org:9000   (region us-east-1)");
    }

    @Test
    void aPathThatAShellWouldTakeApartIsQuoted() {
        assertThat(text("127.0.0.1", generated("/my data/it's/credentials")))
                .contains("AWS_SHARED_CREDENTIALS_FILE='/my data/it'\\''s/credentials'\n");
    }
}
