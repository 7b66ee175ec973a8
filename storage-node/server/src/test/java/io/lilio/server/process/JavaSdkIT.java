package io.lilio.server.process;

import static io.lilio.server.s3.operation.S3Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * The AWS SDK for Java 2 as its users begin: an endpoint, a region and credentials are given, and
 * everything else, the HTTP client too, is its default.
 */
class JavaSdkIT {

    private static final String BUCKET = "sdk";

    @TempDir static Path directory;

    private static ServerProcess server;
    private static S3Client s3;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(directory.resolve("data"), Map.of());
        s3 = client(server.endpoint()).build();
        s3.createBucket(b -> b.bucket(BUCKET));
    }

    @AfterAll
    static void stop() {
        s3.close();
        server.close();
    }

    private static S3ClientBuilder client(URI endpoint) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(Clients.credentials());
    }

    @Test
    void aChecksumGoesInATrailerUnasked() {
        SentRequests sent = new SentRequests();
        byte[] bytes = bytes(300_000);
        try (S3Client noted =
                client(server.endpoint())
                        .overrideConfiguration(o -> o.addExecutionInterceptor(sent))
                        .build()) {
            PutObjectResponse put =
                    noted.putObject(
                            o -> o.bucket(BUCKET).key("default").metadata(Map.of("color", "blue")),
                            RequestBody.fromBytes(bytes));
            ResponseBytes<GetObjectResponse> got =
                    noted.getObjectAsBytes(
                            o ->
                                    o.bucket(BUCKET)
                                            .key("default")
                                            .checksumMode(ChecksumMode.ENABLED));

            assertThat(sent.headers(SdkHttpMethod.PUT, "x-amz-trailer"))
                    .containsExactly("x-amz-checksum-crc32");
            assertThat(sent.headers(SdkHttpMethod.PUT, "content-encoding"))
                    .containsExactly("aws-chunked");
            assertThat(got.asByteArray()).isEqualTo(bytes);
            assertThat(got.response().checksumCRC32()).isNotNull().isEqualTo(put.checksumCRC32());
            assertThat(got.response().contentEncoding()).isNull();
            assertThat(got.response().metadata()).isEqualTo(Map.of("color", "blue"));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN_TO_SDK_VERSION")
    void everyChecksumIsVerifiedKeptAndGivenBack(ChecksumAlgorithm algorithm) {
        byte[] bytes = bytes(100_000);
        String key = "checksums/" + algorithm;
        SdkHttpResponse put =
                s3.putObject(
                                o -> o.bucket(BUCKET).key(key).checksumAlgorithm(algorithm),
                                RequestBody.fromBytes(bytes))
                        .sdkHttpResponse();
        ResponseBytes<GetObjectResponse> got =
                s3.getObjectAsBytes(
                        o -> o.bucket(BUCKET).key(key).checksumMode(ChecksumMode.ENABLED));

        String header = "x-amz-checksum-" + algorithm.toString().toLowerCase(Locale.ROOT);
        assertThat(got.asByteArray()).isEqualTo(bytes);
        assertThat(got.response().sdkHttpResponse().firstMatchingHeader(header))
                .isPresent()
                .isEqualTo(put.firstMatchingHeader(header));
    }

    @Test
    void aStreamOfUnknownLengthIsStored() {
        byte[] bytes = bytes(1_000_000);
        s3.putObject(
                o -> o.bucket(BUCKET).key("stream"),
                RequestBody.fromContentProvider(
                        () -> new ByteArrayInputStream(bytes), "application/x-stream"));
        ResponseBytes<GetObjectResponse> got =
                s3.getObjectAsBytes(o -> o.bucket(BUCKET).key("stream"));
        assertThat(got.asByteArray()).isEqualTo(bytes);
        assertThat(got.response().contentType()).isEqualTo("application/x-stream");
    }

    @Test
    void presignedUrlsPutGetAndDelete() throws Exception {
        String key = "a folder/presigned ü+%&.txt";
        Duration valid = Duration.ofMinutes(10);
        try (S3Presigner presigner =
                        S3Presigner.builder()
                                .endpointOverride(server.endpoint())
                                .region(Region.US_EAST_1)
                                .credentialsProvider(Clients.credentials())
                                .build();
                HttpClient http = HttpClient.newHttpClient()) {
            var put =
                    presigner.presignPutObject(
                            p ->
                                    p.signatureDuration(valid)
                                            .putObjectRequest(
                                                    o ->
                                                            o.bucket(BUCKET)
                                                                    .key(key)
                                                                    .contentType("text/x-hello")
                                                                    .metadata(Map.of("a", "b"))));
            assertThat(send(http, put, BodyPublishers.ofString("hello")).statusCode())
                    .isEqualTo(200);

            var get =
                    presigner.presignGetObject(
                            p ->
                                    p.signatureDuration(valid)
                                            .getObjectRequest(
                                                    o ->
                                                            o.bucket(BUCKET)
                                                                    .key(key)
                                                                    .responseCacheControl(
                                                                            "no-store")));
            HttpResponse<String> got = send(http, get, BodyPublishers.noBody());
            assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
            assertThat(got.body()).isEqualTo("hello");
            assertThat(got.headers().map())
                    .containsEntry("content-type", List.of("text/x-hello"))
                    .containsEntry("cache-control", List.of("no-store"))
                    .containsEntry("x-amz-meta-a", List.of("b"));

            var delete =
                    presigner.presignDeleteObject(
                            p ->
                                    p.signatureDuration(valid)
                                            .deleteObjectRequest(o -> o.bucket(BUCKET).key(key)));
            assertThat(send(http, delete, BodyPublishers.noBody()).statusCode()).isEqualTo(204);
            assertThat(send(http, get, BodyPublishers.noBody()).statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> send(
            HttpClient http, PresignedRequest presigned, BodyPublisher body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(presigned.httpRequest().getUri())
                        .method(presigned.httpRequest().method().name(), body);
        presigned
                .signedHeaders()
                .forEach(
                        (name, values) -> {
                            if (!name.equalsIgnoreCase("host")) {
                                values.forEach(value -> request.header(name, value));
                            }
                        });
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void aListingIsPagedThroughAndDeletedAtOnce() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            keys.add("list/ü +&<%%/%02d".formatted(i));
        }
        keys.forEach(key -> s3.putObject(o -> o.bucket(BUCKET).key(key), RequestBody.empty()));

        assertThat(listed("list/")).isEqualTo(keys);
        List<ObjectIdentifier> named =
                keys.stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
        DeleteObjectsResponse gone =
                s3.deleteObjects(d -> d.bucket(BUCKET).delete(list -> list.objects(named)));
        assertThat(gone.errors()).isEmpty();
        assertThat(gone.deleted())
                .extracting(DeletedObject::key)
                .containsExactlyInAnyOrderElementsOf(keys);
        assertThat(listed("list/")).isEmpty();
    }

    private static List<String> listed(String prefix) {
        return s3
                .listObjectsV2Paginator(l -> l.bucket(BUCKET).prefix(prefix).maxKeys(10))
                .contents()
                .stream()
                .map(S3Object::key)
                .toList();
    }

    @Test
    void ofTwoThatCreateTheSecondIsRefused() {
        s3.putObject(
                o -> o.bucket(BUCKET).key("once").ifNoneMatch("*"), RequestBody.fromString("one"));
        assertThatThrownBy(
                        () ->
                                s3.putObject(
                                        o -> o.bucket(BUCKET).key("once").ifNoneMatch("*"),
                                        RequestBody.fromString("two")))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> {
                            assertThat(e.statusCode()).isEqualTo(412);
                            assertThat(e.awsErrorDetails().errorCode())
                                    .isEqualTo("PreconditionFailed");
                        });
        assertThat(s3.getObjectAsBytes(o -> o.bucket(BUCKET).key("once")).asUtf8String())
                .isEqualTo("one");
    }

    @Test
    void failuresAreTheExceptionsOfTheirNames() {
        assertThrown(
                NoSuchKeyException.class,
                () -> s3.getObjectAsBytes(o -> o.bucket(BUCKET).key("none")));
        assertThrown(
                NoSuchKeyException.class, () -> s3.headObject(o -> o.bucket(BUCKET).key("none")));
        assertThrown(
                NoSuchBucketException.class,
                () -> s3.getObjectAsBytes(o -> o.bucket("nowhere").key("none")));
        assertThrown(NoSuchBucketException.class, () -> s3.headBucket(b -> b.bucket("nowhere")));
        assertThrown(NoSuchBucketException.class, () -> s3.listObjectsV2(l -> l.bucket("nowhere")));
        assertThrown(
                NoSuchUploadException.class,
                () -> s3.abortMultipartUpload(u -> u.bucket(BUCKET).key("none").uploadId("none")));
        assertThrown(
                BucketAlreadyOwnedByYouException.class,
                () -> s3.createBucket(b -> b.bucket(BUCKET)));
    }

    private static void assertThrown(Class<? extends S3Exception> type, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(type);
    }

    @Test
    void waitersSeeBucketsComeAndGo() {
        s3.createBucket(b -> b.bucket("passing"));
        s3.waiter().waitUntilBucketExists(b -> b.bucket("passing"));
        assertThat(s3.listBuckets().buckets()).extracting(Bucket::name).contains("passing");
        s3.deleteBucket(b -> b.bucket("passing"));
        s3.waiter().waitUntilBucketNotExists(b -> b.bucket("passing"));
        assertThat(s3.listBuckets().buckets()).extracting(Bucket::name).doesNotContain("passing");
    }

    /** Where an endpoint has a name, the SDK puts the bucket before it unless it is told not to. */
    @Test
    void bucketsAreSubdomainsOfLocalhost() {
        URI byName = URI.create("http://localhost:" + server.endpoint().getPort());
        Set<String> asked = ConcurrentHashMap.newKeySet();
        // Not every machine's resolver knows names below localhost (RFC 6761, section 6.3).
        var http =
                ApacheHttpClient.builder()
                        .dnsResolver(
                                name -> {
                                    asked.add(name);
                                    return InetAddress.getAllByName("127.0.0.1");
                                });
        byte[] bytes = bytes(100_000);
        try (S3Client named = client(byName).httpClientBuilder(http).build()) {
            named.createBucket(b -> b.bucket("by-name"));
            named.putObject(o -> o.bucket("by-name").key("a//ü +"), RequestBody.fromBytes(bytes));
            assertThat(named.getObjectAsBytes(o -> o.bucket("by-name").key("a//ü +")).asByteArray())
                    .isEqualTo(bytes);
            assertThat(named.listObjectsV2(l -> l.bucket("by-name")).contents())
                    .extracting(S3Object::key)
                    .containsExactly("a//ü +");
            assertThat(named.listBuckets().buckets()).extracting(Bucket::name).contains("by-name");
        }
        assertThat(asked).containsExactlyInAnyOrder("by-name.localhost", "localhost");
        assertThat(s3.getObjectAsBytes(o -> o.bucket("by-name").key("a//ü +")).asByteArray())
                .as("the same object by its path")
                .isEqualTo(bytes);
    }
}
