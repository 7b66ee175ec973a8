package io.lilio.server.s3.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.Caller;
import io.lilio.server.s3.http.HttpSettings;
import io.lilio.server.s3.http.RawClient;
import io.lilio.server.s3.http.S3Server;
import io.lilio.server.s3.signature.AuthenticatingHandler;
import io.lilio.server.s3.signature.Authenticator;
import io.lilio.server.s3.signature.Credential;
import io.lilio.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The whole S3 side in this process: a real HTTP server on a free port, real signatures, and an
 * engine over three backends in memory. {@link #close} checks that nothing is under way any more
 * and that every buffer came back.
 */
public final class S3Fixture implements AutoCloseable {

    public static final String REGION = "us-east-1";
    public static final String ROOT_KEY = "ROOTKEY";
    public static final String ROOT_SECRET = "rootsecret/+=";

    /** Small, so that objects of a few hundred kilobytes have several chunks. */
    private static final int CHUNK_BYTES = 256 << 10;

    private final MemoryEngine engine = new MemoryEngine();
    private final SystemTime time = new SystemTime();
    private final Map<String, Credential> credentials = new ConcurrentHashMap<>();
    private final S3Server server;

    public S3Fixture() {
        this(HttpSettings.Deadlines.DEFAULT);
    }

    public S3Fixture(HttpSettings.Deadlines deadlines) {
        addKey(ROOT_KEY, ROOT_SECRET, Caller.Role.ADMIN);
        S3Operations operations =
                new S3Operations(
                        engine.objects(),
                        new EdgeSettings(REGION, CHUNK_BYTES),
                        Thread.ofVirtual().factory());
        Authenticator authenticator =
                new Authenticator(id -> Optional.ofNullable(credentials.get(id)), REGION, time);
        try {
            server =
                    S3Server.start(
                            new HttpSettings(
                                    "127.0.0.1",
                                    0,
                                    List.of("s3.test"),
                                    HttpSettings.Limits.DEFAULT,
                                    deadlines),
                            new AuthenticatingHandler(authenticator, operations),
                            outcome -> {},
                            Thread.ofVirtual().factory(),
                            new Random(1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes an access key known. */
    public void addKey(String id, String secret, Caller.Role role, String... buckets) {
        credentials.put(id, new Credential(secret, new Caller(id, role, Set.of(buckets))));
    }

    public MemoryEngine engine() {
        return engine;
    }

    public int port() {
        return server.port();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** An SDK client with default settings but the endpoint, signing as root. */
    public S3Client client() {
        return client(ROOT_KEY, ROOT_SECRET);
    }

    public S3Client client(String accessKey, String secret) {
        return client(endpoint(), accessKey, secret);
    }

    /** The same for a server elsewhere. */
    public static S3Client client(URI endpoint, String accessKey, String secret) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.of(REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(accessKey, secret)))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    /** A connection on which anything can be said. */
    public RawClient connect() throws IOException {
        return new RawClient(server.port());
    }

    /** Requests being served now. */
    public int requestsUnderWay() {
        return server.requestsUnderWay();
    }

    /** Waits until no request is under way. */
    public void awaitIdle() {
        Patience.await(() -> server.requestsUnderWay() == 0);
        assertThat(server.requestsUnderWay()).as("requests that never end").isZero();
    }

    /** Bytes that differ everywhere. */
    public static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    public static RequestBody body(byte[] bytes) {
        return RequestBody.fromBytes(bytes);
    }

    /** Checks that a call of the SDK fails with this error. */
    public static S3Exception assertFails(S3Error error, ThrowingCallable call) {
        S3Exception[] thrown = new S3Exception[1];
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> {
                            thrown[0] = e;
                            assertThat(e.statusCode()).as(e.getMessage()).isEqualTo(error.status());
                            // Answers to HEAD have no body and so no code.
                            if (e.awsErrorDetails().errorCode() != null) {
                                assertThat(e.awsErrorDetails().errorCode())
                                        .as(e.getMessage())
                                        .isEqualTo(error.code());
                            }
                        });
        return thrown[0];
    }

    @Override
    public void close() {
        awaitIdle();
        server.close();
        engine.close();
        time.close();
    }
}
