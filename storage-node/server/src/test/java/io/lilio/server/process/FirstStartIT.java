package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What somebody meets who starts it for the first time: nothing configured, no keys. What is
 * printed is typed in by test_first_steps.py.
 */
class FirstStartIT {

    private static final Map<String, String> NO_KEYS =
            Map.of("LILIO_ROOT_ACCESS_KEY", "", "LILIO_ROOT_SECRET_KEY", "");

    @TempDir Path directory;

    @Test
    void aKeyIsMadeOnceWrittenWhereItSaysAndGivesWayToOneThatIsGiven() throws Exception {
        Path data = directory.resolve("data");
        Path credentials = data.resolve("credentials");
        String written;
        try (ServerProcess server = ServerProcess.start(data, NO_KEYS)) {
            assertThat(server.logWith("Lilio is ready."))
                    .contains("S3 endpoint   " + server.endpoint())
                    .contains("credentials   in " + credentials);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(credentials)))
                    .isEqualTo("rw-------");
            written = Files.readString(credentials);
            try (S3Client s3 = Clients.withoutRetries(server.endpoint(), in(credentials))) {
                s3.createBucket(b -> b.bucket("first"));
                s3.putObject(b -> b.bucket("first").key("k"), RequestBody.fromString("stored"));
            }
            assertThat(server.log()).doesNotContain(secret(credentials));
            assertThat(server.terminate()).isIn(0, 143);
            server.startAgain();
            assertThat(credentials).as("over a restart").hasContent(written);
            try (S3Client s3 = Clients.withoutRetries(server.endpoint(), in(credentials))) {
                assertThat(s3.getObjectAsBytes(b -> b.bucket("first").key("k")).asUtf8String())
                        .isEqualTo("stored");
            }
            assertThat(server.terminate()).isIn(0, 143);
        }
        try (ServerProcess server = ServerProcess.start(data, Map.of());
                S3Client given = Clients.withoutRetries(server.endpoint());
                S3Client generated = Clients.withoutRetries(server.endpoint(), in(credentials))) {
            assertThat(server.logWith("as given"))
                    .contains("as given (access key " + ServerProcess.ACCESS_KEY + ")")
                    .doesNotContain(ServerProcess.SECRET_KEY);
            assertThat(given.listBuckets().buckets()).hasSize(1);
            assertThatThrownBy(generated::listBuckets)
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            e ->
                                    assertThat(e.awsErrorDetails().errorCode())
                                            .isEqualTo("InvalidAccessKeyId"));
            assertThat(credentials).as("kept for later").hasContent(written);
        }
    }

    /** As the AWS tools read it. */
    private static AwsCredentialsProvider in(Path file) {
        return ProfileCredentialsProvider.builder()
                .profileFile(
                        ProfileFile.builder()
                                .content(file)
                                .type(ProfileFile.Type.CREDENTIALS)
                                .build())
                .profileName("default")
                .build();
    }

    private static String secret(Path file) {
        return in(file).resolveCredentials().secretAccessKey();
    }
}
