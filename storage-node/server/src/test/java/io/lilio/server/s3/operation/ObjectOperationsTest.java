package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.assertFails;
import static io.lilio.server.s3.operation.S3Fixture.body;
import static io.lilio.server.s3.operation.S3Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.request.Md5;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.TaggingDirective;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

class ObjectOperationsTest {

    private static final String BUCKET = "objects";
    private static final byte[] SMALL = bytes(1_000);

    private static S3Fixture lilio;
    private static S3Client s3;

    @BeforeAll
    static void start() {
        lilio = new S3Fixture();
        s3 = lilio.client();
        s3.createBucket(b -> b.bucket(BUCKET));
    }

    @AfterAll
    static void stop() {
        s3.close();
        lilio.close();
    }

    private static PutObjectResponse put(String key, byte[] bytes) {
        return s3.putObject(o -> o.bucket(BUCKET).key(key), body(bytes));
    }

    private static byte[] get(String key) {
        return s3.getObjectAsBytes(o -> o.bucket(BUCKET).key(key)).asByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 4097, 65_537, 1 << 20, (1 << 20) + 1, 7_654_321})
    void whatIsPutIsWhatIsGot(int size) {
        byte[] bytes = bytes(size);
        PutObjectResponse stored = put("size-" + size, bytes);
        assertThat(stored.eTag()).isEqualTo('"' + md5Hex(bytes) + '"');
        assertThat(stored.versionId()).isNull();
        assertThat(get("size-" + size)).isEqualTo(bytes);
        HeadObjectResponse head = s3.headObject(o -> o.bucket(BUCKET).key("size-" + size));
        assertThat(head.contentLength()).isEqualTo(size);
        assertThat(head.eTag()).isEqualTo(stored.eTag());
        assertThat(head.acceptRanges()).isEqualTo("bytes");
        assertThat(head.contentType()).isEqualTo("application/octet-stream");
        assertThat(Duration.between(head.lastModified(), Instant.now()).abs())
                .isLessThan(Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a//b", "/lead", "trail/", "//", "./x", "a/../b", "..", "../../other/k", "50%",
                "%2F", "%ff", "a+b", "a b", " ", "ü/日本/😀", "q?x=1&y", "#frag", "a=b;c:d@e!$'()*,",
                "back\\slash", "tab\tkey", "\u0001ctrl", "<xml>&\"'", "acl", "a?acl"
            })
    void everyKeyNamesItsOwnObject(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        put(key, bytes);
        assertThat(get(key)).isEqualTo(bytes);
        assertThat(
                        s3
                                .listObjectsV2(
                                        l ->
                                                l.bucket(BUCKET)
                                                        .prefix(key)
                                                        .encodingType(EncodingType.URL))
                                .contents()
                                .stream()
                                .map(o -> o.key()))
                .contains(key);
        s3.deleteObject(o -> o.bucket(BUCKET).key(key));
        assertFails(S3Error.NO_SUCH_KEY, () -> get(key));
    }

    @Test
    void keysHave1024BytesAtMost() {
        String longest = "ü".repeat(512);
        put(longest, SMALL);
        assertThat(get(longest)).isEqualTo(SMALL);
        assertFails(S3Error.KEY_TOO_LONG, () -> put(longest + "x", SMALL));
        assertFails(S3Error.KEY_TOO_LONG, () -> get(longest + "x"));
    }

    @Test
    void rangesGiveTheirBytes() {
        byte[] bytes = bytes(3_000_000);
        put("ranged", bytes);
        assertRange(bytes, "bytes=0-9", 0, 10);
        assertRange(bytes, "bytes=1048570-1048590", 1_048_570, 1_048_591);
        assertRange(bytes, "bytes=2999990-", 2_999_990, 3_000_000);
        assertRange(bytes, "bytes=-7", 2_999_993, 3_000_000);
        assertRange(bytes, "bytes=-4000000", 0, 3_000_000);
        assertRange(bytes, "bytes=2999999-99999999999", 2_999_999, 3_000_000);
        assertThat(
                        s3.getObjectAsBytes(o -> o.bucket(BUCKET).key("ranged").range("bytes=x"))
                                .asByteArray())
                .hasSize(3_000_000);
        for (String bad : new String[] {"bytes=3000000-", "bytes=-0"}) {
            S3Exception refused =
                    assertFails(
                            S3Error.INVALID_RANGE,
                            () ->
                                    s3.getObjectAsBytes(
                                            o -> o.bucket(BUCKET).key("ranged").range(bad)));
            assertThat(
                            refused.awsErrorDetails()
                                    .sdkHttpResponse()
                                    .firstMatchingHeader("Content-Range"))
                    .contains("bytes */3000000");
        }
        put("empty", new byte[0]);
        assertFails(
                S3Error.INVALID_RANGE,
                () -> s3.getObjectAsBytes(o -> o.bucket(BUCKET).key("empty").range("bytes=0-0")));
    }

    private static void assertRange(byte[] bytes, String range, int from, int to) {
        ResponseBytes<GetObjectResponse> got =
                s3.getObjectAsBytes(o -> o.bucket(BUCKET).key("ranged").range(range));
        assertThat(got.asByteArray()).isEqualTo(Arrays.copyOfRange(bytes, from, to));
        assertThat(got.response().sdkHttpResponse().statusCode()).isEqualTo(206);
        assertThat(got.response().contentRange())
                .isEqualTo("bytes " + from + "-" + (to - 1) + "/" + bytes.length);
        HeadObjectResponse head = s3.headObject(o -> o.bucket(BUCKET).key("ranged").range(range));
        assertThat(head.contentLength()).isEqualTo(to - from);
    }

    @Test
    void attributesAndMetadataComeBack() {
        s3.putObject(
                o ->
                        o.bucket(BUCKET)
                                .key("attributes")
                                .contentType("text/plain; charset=utf-8")
                                .cacheControl("max-age=60")
                                .contentDisposition("attachment; filename=\"x\"")
                                .contentEncoding("gzip")
                                .contentLanguage("de")
                                .expires(Instant.ofEpochSecond(2_000_000_000L))
                                .storageClass(StorageClass.STANDARD_IA)
                                .metadata(Map.of("Colour", "blue", "x-y", "1 2")),
                body(SMALL));
        HeadObjectResponse head = s3.headObject(o -> o.bucket(BUCKET).key("attributes"));
        assertThat(head.contentType()).isEqualTo("text/plain; charset=utf-8");
        assertThat(head.cacheControl()).isEqualTo("max-age=60");
        assertThat(head.contentDisposition()).isEqualTo("attachment; filename=\"x\"");
        assertThat(head.contentEncoding()).isEqualTo("gzip");
        assertThat(head.contentLanguage()).isEqualTo("de");
        assertThat(head.expiresString()).isEqualTo("Wed, 18 May 2033 03:33:20 GMT");
        assertThat(head.storageClass()).isEqualTo(StorageClass.STANDARD_IA);
        assertThat(head.metadata()).isEqualTo(Map.of("colour", "blue", "x-y", "1 2"));
        GetObjectResponse shown =
                s3.getObjectAsBytes(
                                o ->
                                        o.bucket(BUCKET)
                                                .key("attributes")
                                                .responseContentType("a/b")
                                                .responseCacheControl("no-store")
                                                .responseContentDisposition("inline")
                                                .responseContentEncoding("identity")
                                                .responseContentLanguage("fr"))
                        .response();
        assertThat(shown.contentType()).isEqualTo("a/b");
        assertThat(shown.cacheControl()).isEqualTo("no-store");
        assertThat(shown.contentDisposition()).isEqualTo("inline");
        assertThat(shown.contentEncoding()).isEqualTo("identity");
        assertThat(shown.contentLanguage()).isEqualTo("fr");
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "CRC32_C", "CRC64_NVME", "SHA1", "SHA256"})
    void everyChecksumIsVerifiedStoredAndReturned(ChecksumAlgorithm algorithm) {
        String key = "checksum-" + algorithm;
        PutObjectResponse stored =
                s3.putObject(
                        o -> o.bucket(BUCKET).key(key).checksumAlgorithm(algorithm),
                        body(bytes(100_000)));
        assertThat(stored.checksumType()).isEqualTo(ChecksumType.FULL_OBJECT);
        HeadObjectResponse head =
                s3.headObject(o -> o.bucket(BUCKET).key(key).checksumMode(ChecksumMode.ENABLED));
        assertThat(head.checksumType()).isEqualTo(ChecksumType.FULL_OBJECT);
        assertThat(
                        head.sdkHttpResponse()
                                .firstMatchingHeader(
                                        "x-amz-checksum-"
                                                + algorithm.toString().toLowerCase(Locale.ROOT)))
                .isPresent();
        // The SDK verifies what it gets.
        assertThat(get(key)).isEqualTo(bytes(100_000));
        assertThat(
                        s3.headObject(o -> o.bucket(BUCKET).key(key))
                                .sdkHttpResponse()
                                .headers()
                                .keySet())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-amz-checksum"));
    }

    @Test
    void conditionsOfReadsDecide() {
        String etag = put("conditional", SMALL).eTag();
        Instant written = s3.headObject(o -> o.bucket(BUCKET).key("conditional")).lastModified();
        assertThat(
                        s3.getObjectAsBytes(o -> o.bucket(BUCKET).key("conditional").ifMatch(etag))
                                .asByteArray())
                .isEqualTo(SMALL);
        assertFails(
                S3Error.PRECONDITION_FAILED,
                () ->
                        s3.getObjectAsBytes(
                                o -> o.bucket(BUCKET).key("conditional").ifMatch("\"other\"")));
        assertFails(
                S3Error.PRECONDITION_FAILED,
                () ->
                        s3.headObject(
                                o ->
                                        o.bucket(BUCKET)
                                                .key("conditional")
                                                .ifUnmodifiedSince(
                                                        written.minus(1, ChronoUnit.HOURS))));
        S3Exception notModified =
                assertFails(
                        S3Error.NOT_MODIFIED,
                        () ->
                                s3.getObjectAsBytes(
                                        o ->
                                                o.bucket(BUCKET)
                                                        .key("conditional")
                                                        .ifNoneMatch(etag)));
        assertThat(notModified.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("ETag"))
                .contains(etag);
        assertFails(
                S3Error.NOT_MODIFIED,
                () ->
                        s3.headObject(
                                o -> o.bucket(BUCKET).key("conditional").ifModifiedSince(written)));
    }

    @Test
    void conditionsOfWritesDecide() {
        String etag = put("guarded", SMALL).eTag();
        assertFails(
                S3Error.PRECONDITION_FAILED,
                () ->
                        s3.putObject(
                                o -> o.bucket(BUCKET).key("guarded").ifNoneMatch("*"),
                                body(new byte[9])));
        assertFails(
                S3Error.PRECONDITION_FAILED,
                () ->
                        s3.putObject(
                                o -> o.bucket(BUCKET).key("guarded").ifMatch("\"x\""),
                                body(new byte[9])));
        assertThat(get("guarded")).isEqualTo(SMALL);
        s3.putObject(o -> o.bucket(BUCKET).key("guarded").ifMatch(etag), body(new byte[9]));
        assertThat(get("guarded")).hasSize(9);
        s3.putObject(o -> o.bucket(BUCKET).key("fresh").ifNoneMatch("*"), body(new byte[9]));
        assertFails(
                S3Error.NO_SUCH_KEY,
                () ->
                        s3.putObject(
                                o -> o.bucket(BUCKET).key("absent").ifMatch(etag),
                                body(new byte[9])));
        assertFails(
                S3Error.PRECONDITION_FAILED,
                () -> s3.deleteObject(o -> o.bucket(BUCKET).key("guarded").ifMatch(etag)));
        assertThat(get("guarded")).hasSize(9);
    }

    @Test
    void deletesSucceedTwice() {
        put("gone", SMALL);
        assertThat(
                        s3.deleteObject(o -> o.bucket(BUCKET).key("gone"))
                                .sdkHttpResponse()
                                .statusCode())
                .isEqualTo(204);
        s3.deleteObject(o -> o.bucket(BUCKET).key("gone"));
        assertFails(S3Error.NO_SUCH_KEY, () -> get("gone"));
        assertFails(S3Error.NO_SUCH_KEY, () -> s3.headObject(o -> o.bucket(BUCKET).key("gone")));
    }

    @Test
    void copiesKeepOrReplaceAttributes() {
        byte[] bytes = bytes(2_000_000);
        s3.putObject(
                o ->
                        o.bucket(BUCKET)
                                .key("source ü+%")
                                .contentType("a/b")
                                .metadata(Map.of("m", "1")),
                body(bytes));
        s3.createBucket(b -> b.bucket("copies"));
        s3.copyObject(
                c ->
                        c.sourceBucket(BUCKET)
                                .sourceKey("source ü+%")
                                .destinationBucket("copies")
                                .destinationKey("kept"));
        ResponseBytes<GetObjectResponse> kept =
                s3.getObjectAsBytes(o -> o.bucket("copies").key("kept"));
        assertThat(kept.asByteArray()).isEqualTo(bytes);
        assertThat(kept.response().contentType()).isEqualTo("a/b");
        assertThat(kept.response().metadata()).isEqualTo(Map.of("m", "1"));
        s3.copyObject(
                c ->
                        c.sourceBucket("copies")
                                .sourceKey("kept")
                                .destinationBucket("copies")
                                .destinationKey("kept")
                                .metadataDirective(MetadataDirective.REPLACE)
                                .contentType("c/d")
                                .metadata(Map.of("n", "2")));
        ResponseBytes<GetObjectResponse> replaced =
                s3.getObjectAsBytes(o -> o.bucket("copies").key("kept"));
        assertThat(replaced.asByteArray()).isEqualTo(bytes);
        assertThat(replaced.response().contentType()).isEqualTo("c/d");
        assertThat(replaced.response().metadata()).isEqualTo(Map.of("n", "2"));
    }

    /** The aws command line replaces tags with none when it copies in parts. */
    @Test
    void tagsMayBeReplacedByNone() {
        put("untagged", SMALL);
        copyWithTags("untagged", null);
        assertThat(get("untagged copy")).isEqualTo(SMALL);
        String id =
                s3.createMultipartUpload(
                                c ->
                                        c.bucket(BUCKET)
                                                .key("untagged")
                                                .overrideConfiguration(
                                                        o ->
                                                                o.putHeader(
                                                                        "x-amz-tagging-directive",
                                                                        "REPLACE")))
                        .uploadId();
        s3.abortMultipartUpload(a -> a.bucket(BUCKET).key("untagged").uploadId(id));
        assertFails(S3Error.NOT_IMPLEMENTED, () -> copyWithTags("untagged", "a=b"));
    }

    private static void copyWithTags(String key, @Nullable String tags) {
        s3.copyObject(
                c ->
                        c.sourceBucket(BUCKET)
                                .sourceKey(key)
                                .destinationBucket(BUCKET)
                                .destinationKey(key + " copy")
                                .taggingDirective(TaggingDirective.REPLACE)
                                .tagging(tags));
    }

    @Test
    void aCopyOntoItselfHasToChangeSomething() {
        put("self", SMALL);
        assertFails(
                S3Error.INVALID_REQUEST,
                () ->
                        s3.copyObject(
                                c ->
                                        c.sourceBucket(BUCKET)
                                                .sourceKey("self")
                                                .destinationBucket(BUCKET)
                                                .destinationKey("self")));
        s3.copyObject(
                c ->
                        c.sourceBucket(BUCKET)
                                .sourceKey("self")
                                .destinationBucket(BUCKET)
                                .destinationKey("self")
                                .storageClass(StorageClass.ONEZONE_IA));
        assertThat(s3.headObject(o -> o.bucket(BUCKET).key("self")).storageClass())
                .isEqualTo(StorageClass.ONEZONE_IA);
        assertThat(get("self")).isEqualTo(SMALL);
    }

    @Test
    void conditionsOnTheSourceOfACopyDecide() {
        String etag = put("from", SMALL).eTag();
        s3.copyObject(
                c ->
                        c.sourceBucket(BUCKET)
                                .sourceKey("from")
                                .destinationBucket(BUCKET)
                                .destinationKey("to")
                                .copySourceIfMatch(etag));
        assertFails(
                S3Error.PRECONDITION_FAILED,
                () ->
                        s3.copyObject(
                                c ->
                                        c.sourceBucket(BUCKET)
                                                .sourceKey("from")
                                                .destinationBucket(BUCKET)
                                                .destinationKey("to")
                                                .copySourceIfNoneMatch(etag)));
        assertFails(
                S3Error.NO_SUCH_KEY,
                () ->
                        s3.copyObject(
                                c ->
                                        c.sourceBucket(BUCKET)
                                                .sourceKey("absent")
                                                .destinationBucket(BUCKET)
                                                .destinationKey("to")));
    }

    @Test
    void presignedUrlsGiveTheObjectWithOverrides() throws Exception {
        put("presigned", SMALL);
        try (S3Presigner presigner =
                S3Presigner.builder()
                        .endpointOverride(lilio.endpoint())
                        .region(Region.of(S3Fixture.REGION))
                        .serviceConfiguration(
                                S3Configuration.builder().pathStyleAccessEnabled(true).build())
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(
                                                S3Fixture.ROOT_KEY, S3Fixture.ROOT_SECRET)))
                        .build()) {
            URI signed =
                    presigner
                            .presignGetObject(
                                    p ->
                                            p.signatureDuration(Duration.ofMinutes(5))
                                                    .getObjectRequest(
                                                            o ->
                                                                    o.bucket(BUCKET)
                                                                            .key("presigned")
                                                                            .responseContentType(
                                                                                    "x/y")))
                            .url()
                            .toURI();
            HttpURLConnection connection = (HttpURLConnection) signed.toURL().openConnection();
            try (InputStream in = connection.getInputStream()) {
                assertThat(in.readAllBytes()).isEqualTo(SMALL);
            }
            assertThat(connection.getContentType()).isEqualTo("x/y");
        }
        HttpURLConnection unsigned =
                (HttpURLConnection)
                        lilio.endpoint()
                                .resolve("/" + BUCKET + "/presigned")
                                .toURL()
                                .openConnection();
        assertThat(unsigned.getResponseCode()).isEqualTo(403);
    }

    private static String md5Hex(byte[] bytes) {
        return HexFormat.of().formatHex(Base64.getDecoder().decode(Md5.base64(bytes)));
    }
}
