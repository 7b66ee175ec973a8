package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.BlockingInputStreamAsyncRequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.transfer.s3.S3TransferManager;
import software.amazon.awssdk.transfer.s3.model.Upload;

/**
 * Large objects through the asynchronous clients of the AWS SDK for Java 2, with their default
 * settings: several parts by themselves, in parallel, up and down.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class JavaSdkTransferIT {

    private static final String BUCKET = "transfers";

    /** What the SDK makes parts of unless it is told otherwise. */
    private static final int PART_BYTES = 8 << 20;

    private static final int LAST_BYTES = 12_345;
    private static final List<String> PARTS = List.of("1", "2", "3");

    private static final SentRequests sent = new SentRequests();

    @TempDir static Path directory;

    private static ServerProcess server;
    private static S3Client s3;
    private static byte[] bytes;
    private static Path file;
    private static S3AsyncClient client;
    private static S3TransferManager transfers;

    @BeforeAll
    static void start() throws Exception {
        bytes = new byte[(PARTS.size() - 1) * PART_BYTES + LAST_BYTES];
        new Random(40).nextBytes(bytes);
        file = Files.write(directory.resolve("file"), bytes);
        server = ServerProcess.start(directory.resolve("data"), Map.of());
        s3 = Clients.withoutRetries(server.endpoint());
        s3.createBucket(b -> b.bucket(BUCKET));
        client = client().multipartEnabled(true).build();
        transfers = manager(client);
    }

    @AfterAll
    static void stop() {
        transfers.close();
        client.close();
        s3.close();
        server.close();
    }

    @BeforeEach
    void begin() {
        sent.forget();
    }

    private static S3AsyncClientBuilder client() {
        return S3AsyncClient.builder()
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(Clients.credentials())
                .overrideConfiguration(o -> o.addExecutionInterceptor(sent));
    }

    @Test
    void aFileGoesUpAndComesBackInParts() throws Exception {
        upload(transfers, "file");
        assertThat(sent.parameters(SdkHttpMethod.PUT, "partNumber")).isEqualTo(PARTS);
        assertThat(sent.headers(SdkHttpMethod.PUT, "x-amz-trailer"))
                .as("a checksum of every part")
                .hasSameSizeAs(PARTS)
                .containsOnly("x-amz-checksum-crc32");

        assertComesBack(transfers, "file");
        assertThat(sent.parameters(SdkHttpMethod.GET, "partNumber")).isEqualTo(PARTS);
    }

    @Test
    void partsArriveInTheirOrderInOneStream() throws Exception {
        upload(transfers, "streamed");
        try (InputStream stream =
                client.getObject(
                                o -> o.bucket(BUCKET).key("streamed"),
                                AsyncResponseTransformer.toBlockingInputStream())
                        .join()) {
            assertThat(sha256(stream)).isEqualTo(sha256(file));
        }
        assertThat(sent.parameters(SdkHttpMethod.GET, "partNumber")).isEqualTo(PARTS);
    }

    @Test
    void aPartIsReadByItsNumber() {
        upload(transfers, "numbered");
        var second = s3.getObjectAsBytes(o -> o.bucket(BUCKET).key("numbered").partNumber(2));
        GetObjectResponse got = second.response();
        assertThat(got.sdkHttpResponse().statusCode()).isEqualTo(206);
        assertThat(got.contentRange())
                .isEqualTo("bytes %d-%d/%d", PART_BYTES, 2 * PART_BYTES - 1, bytes.length);
        assertThat(got.partsCount()).isEqualTo(PARTS.size());
        assertThat(second.asByteArray())
                .isEqualTo(Arrays.copyOfRange(bytes, PART_BYTES, 2 * PART_BYTES));

        HeadObjectResponse last =
                s3.headObject(o -> o.bucket(BUCKET).key("numbered").partNumber(PARTS.size()));
        assertThat(last.sdkHttpResponse().statusCode()).isEqualTo(206);
        assertThat(last.contentLength()).isEqualTo(LAST_BYTES);
        assertThat(last.partsCount()).isEqualTo(PARTS.size());
        assertThatThrownBy(
                        () ->
                                s3.headObject(
                                        o ->
                                                o.bucket(BUCKET)
                                                        .key("numbered")
                                                        .partNumber(PARTS.size() + 1)))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(416));
    }

    @Test
    void aLargeObjectIsCopiedInParts() throws Exception {
        upload(transfers, "original");
        transfers
                .copy(
                        c ->
                                c.copyObjectRequest(
                                        o ->
                                                o.sourceBucket(BUCKET)
                                                        .sourceKey("original")
                                                        .destinationBucket(BUCKET)
                                                        .destinationKey("copy")))
                .completionFuture()
                .join();
        assertThat(sent.headers(SdkHttpMethod.PUT, "x-amz-copy-source-range")).hasSameSizeAs(PARTS);
        assertComesBack(transfers, "copy");
    }

    @Test
    void aStreamOfUnknownLengthGoesUpInParts() throws Exception {
        try (InputStream stream = Files.newInputStream(file)) {
            BlockingInputStreamAsyncRequestBody body =
                    AsyncRequestBody.forBlockingInputStream(null);
            Upload upload =
                    transfers.upload(
                            u ->
                                    u.requestBody(body)
                                            .putObjectRequest(
                                                    o -> o.bucket(BUCKET).key("endless")));
            body.writeInputStream(stream);
            upload.completionFuture().join();
            assertThat(sent.parameters(SdkHttpMethod.PUT, "partNumber")).isEqualTo(PARTS);
            assertComesBack(transfers, "endless");
        }
    }

    @Test
    void aDirectoryGoesUpAndComesBack() throws Exception {
        Path source = directory.resolve("source");
        for (int i = 0; i < 30; i++) {
            Path each = source.resolve("dir " + i % 3 + "/sub/ü+" + i);
            Files.createDirectories(each.getParent());
            Files.write(each, Arrays.copyOf(bytes, 100 + i * i * 100));
        }
        Path target = directory.resolve("target");
        var up =
                transfers
                        .uploadDirectory(u -> u.source(source).bucket(BUCKET).s3Prefix("a tree"))
                        .completionFuture()
                        .join();
        assertThat(up.failedTransfers()).isEmpty();
        var down =
                transfers
                        .downloadDirectory(
                                d ->
                                        d.destination(target)
                                                .bucket(BUCKET)
                                                .listObjectsV2RequestTransformer(
                                                        l -> l.prefix("a tree/")))
                        .completionFuture()
                        .join();
        assertThat(down.failedTransfers()).isEmpty();
        assertThat(tree(target)).isEqualTo(tree(source)).hasSize(30);
    }

    @Test
    void withoutPartsALargeObjectGoesInOneRequest() {
        try (S3AsyncClient plain = client().build()) {
            plain.putObject(o -> o.bucket(BUCKET).key("single"), AsyncRequestBody.fromFile(file))
                    .join();
            assertThat(
                            plain.getObject(
                                            o -> o.bucket(BUCKET).key("single"),
                                            AsyncResponseTransformer.toBytes())
                                    .join()
                                    .asByteArrayUnsafe())
                    .isEqualTo(bytes);
        }
    }

    /** The client in C that the transfer manager takes where its library is present. */
    @Test
    void theClientOfTheCommonRuntimeTransfersInParts() throws Exception {
        try (S3AsyncClient crt =
                        S3AsyncClient.crtBuilder()
                                .endpointOverride(server.endpoint())
                                .region(Region.US_EAST_1)
                                .credentialsProvider(Clients.credentials())
                                .build();
                S3TransferManager inC = manager(crt)) {
            upload(inC, "crt");
            assertThat(s3.headObject(o -> o.bucket(BUCKET).key("crt").partNumber(1)).partsCount())
                    .isGreaterThan(1);
            assertComesBack(inC, "crt");
        }
    }

    private static S3TransferManager manager(S3AsyncClient client) {
        return S3TransferManager.builder().s3Client(client).build();
    }

    private static void upload(S3TransferManager transfers, String key) {
        transfers
                .uploadFile(u -> u.source(file).putObjectRequest(o -> o.bucket(BUCKET).key(key)))
                .completionFuture()
                .join();
    }

    private static void assertComesBack(S3TransferManager transfers, String key) throws Exception {
        Path back = directory.resolve(key + ".back");
        transfers
                .downloadFile(
                        d -> d.destination(back).getObjectRequest(o -> o.bucket(BUCKET).key(key)))
                .completionFuture()
                .join();
        assertThat(sha256(back)).isEqualTo(sha256(file));
    }

    private static Map<String, String> tree(Path root) throws Exception {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                tree.put(root.relativize(each).toString(), sha256(each));
            }
        }
        return tree;
    }

    private static String sha256(Path path) throws Exception {
        try (InputStream stream = Files.newInputStream(path)) {
            return sha256(stream);
        }
    }

    private static String sha256(InputStream stream) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 16];
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
