package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.body;
import static io.lilio.server.s3.operation.S3Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.RawClient;
import io.lilio.server.s3.http.RawClient.Reply;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What clients get that are wrong, broken or hostile: the right code and status, nothing stored,
 * nothing leaked, and a server, and where possible a connection, that goes on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BadInput {

    static final String BUCKET = "target";
    static final byte[] VICTIM = bytes(700_000);

    /** More than a chunk, and little enough that the server drains it when it refuses it unread. */
    static final byte[] LARGE = bytes(900_000);

    FrontEnd lilio;
    S3Client s3;

    /** Starts what the input goes to. */
    abstract FrontEnd open(Path directory) throws Exception;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        lilio = open(directory);
        s3 = lilio.client();
        s3.createBucket(b -> b.bucket(BUCKET));
        s3.putObject(o -> o.bucket(BUCKET).key("victim"), body(VICTIM));
        lilio.acceptChunks();
    }

    @AfterAll
    void stop() throws Exception {
        s3.close();
        lilio.close();
    }

    /** Nothing was stored, nothing is held, and the server goes on. */
    @AfterEach
    void nothingIsLeft() {
        lilio.assertNothingIsHeld();
        assertThat(s3.listObjectsV2(l -> l.bucket(BUCKET)).contents())
                .extracting(S3Object::key)
                .containsExactly("victim");
        assertThat(s3.listMultipartUploads(l -> l.bucket(BUCKET)).uploads()).isEmpty();
        assertThat(s3.getObjectAsBytes(o -> o.bucket(BUCKET).key("victim")).asByteArray())
                .isEqualTo(VICTIM);
    }

    static SignedRequest put(String key) {
        return SignedRequest.of("PUT", "/" + BUCKET + "/" + key);
    }

    /** The request is refused, and the connection serves the next one unless it says otherwise. */
    Reply refused(S3Error error, SignedRequest request) throws IOException {
        try (RawClient client = lilio.connect()) {
            Reply reply = request.exchange(client);
            assertError(error, reply);
            if (reply.headers().getOrDefault("connection", "").equals("close")) {
                assertThat(client.ended()).isTrue();
            } else {
                assertThat(SignedRequest.of("HEAD", "/" + BUCKET).exchange(client).status())
                        .as("the next request on the connection")
                        .isEqualTo(200);
            }
            return reply;
        }
    }

    static void assertError(S3Error error, Reply reply) {
        assertThat(reply.text()).contains("<Code>" + error.code() + "</Code>");
        assertThat(reply.status()).isEqualTo(error.status());
        assertThat(reply.headers().get("content-type")).isEqualTo("application/xml");
        assertThat(reply.text())
                .contains("<RequestId>" + reply.headers().get("x-amz-request-id") + "</RequestId>");
    }
}
