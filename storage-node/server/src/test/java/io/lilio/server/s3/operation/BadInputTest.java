package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.body;
import static io.lilio.server.s3.operation.S3Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.ChunkId;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.RawClient;
import io.lilio.server.s3.http.RawClient.Reply;
import io.lilio.server.s3.request.Md5;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What clients get that are wrong, broken or hostile: the right code and status, nothing stored,
 * nothing leaked, and a server, and where possible a connection, that goes on.
 */
class BadInputTest {

    private static final String BUCKET = "target";
    private static final byte[] VICTIM = bytes(700_000);

    /** More than a chunk, and little enough that the server drains it when it refuses it unread. */
    private static final byte[] LARGE = bytes(900_000);

    private static S3Fixture lilio;
    private static S3Client s3;
    private static Set<ChunkId> inventory;

    @BeforeAll
    static void start() {
        lilio = new S3Fixture();
        s3 = lilio.client();
        s3.createBucket(b -> b.bucket(BUCKET));
        s3.putObject(o -> o.bucket(BUCKET).key("victim"), body(VICTIM));
        lilio.engine().awaitBuffers();
        inventory = lilio.engine().inventory();
    }

    @AfterAll
    static void stop() {
        s3.close();
        lilio.close();
    }

    /** Nothing was stored, nothing is held, and the server goes on. */
    @AfterEach
    void nothingIsLeft() {
        lilio.awaitIdle();
        lilio.engine().awaitBuffers();
        assertThat(s3.listObjectsV2(l -> l.bucket(BUCKET)).contents())
                .extracting(S3Object::key)
                .containsExactly("victim");
        assertThat(s3.listMultipartUploads(l -> l.bucket(BUCKET)).uploads()).isEmpty();
        assertThat(s3.getObjectAsBytes(o -> o.bucket(BUCKET).key("victim")).asByteArray())
                .isEqualTo(VICTIM);
        Patience.await(() -> lilio.engine().inventory().equals(inventory));
        assertThat(lilio.engine().inventory()).as("chunks").isEqualTo(inventory);
    }

    private static SignedRequest put(String key) {
        return SignedRequest.of("PUT", "/" + BUCKET + "/" + key);
    }

    /** The request is refused, and the connection serves the next one unless it says otherwise. */
    private static Reply refused(S3Error error, SignedRequest request) throws IOException {
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

    private static void assertError(S3Error error, Reply reply) {
        assertThat(reply.text()).contains("<Code>" + error.code() + "</Code>");
        assertThat(reply.status()).isEqualTo(error.status());
        assertThat(reply.headers().get("content-type")).isEqualTo("application/xml");
        assertThat(reply.text())
                .contains("<RequestId>" + reply.headers().get("x-amz-request-id") + "</RequestId>");
    }

    @Test
    void aWrongSecretAndAnUnknownKey() throws Exception {
        refused(
                S3Error.SIGNATURE_DOES_NOT_MATCH,
                put("k").key(S3Fixture.ROOT_KEY, "guess").body(LARGE));
        refused(
                S3Error.INVALID_ACCESS_KEY_ID,
                put("k").key("NOBODY", S3Fixture.ROOT_SECRET).body(LARGE));
    }

    @Test
    void noSignatureAtAll() throws Exception {
        try (RawClient client = lilio.connect()) {
            assertError(S3Error.ACCESS_DENIED, client.head("GET /" + BUCKET + "/victim").reply());
            assertError(S3Error.ACCESS_DENIED, client.head("GET /" + BUCKET + "?acl").reply());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-16, 16})
    void aSkewedClock(long minutes) throws Exception {
        refused(
                S3Error.REQUEST_TIME_TOO_SKEWED,
                put("k").at(Instant.now().plus(Duration.ofMinutes(minutes))).body(LARGE));
    }

    @Test
    void anAlteredBody() throws Exception {
        byte[] altered = LARGE.clone();
        altered[altered.length - 1] ^= 1;
        SignedRequest request = put("k").body(LARGE);
        String head = request.head();
        try (RawClient client = lilio.connect()) {
            assertError(
                    S3Error.X_AMZ_CONTENT_SHA256_MISMATCH, client.send(head).send(altered).reply());
        }
    }

    @Test
    void anAlteredSignedHeaderAndAnUnsignedOne() throws Exception {
        refused(
                S3Error.SIGNATURE_DOES_NOT_MATCH,
                put("k").header("x-amz-meta-a", "1").unsigned("x-amz-meta-a", "2").body("x"));
        refused(S3Error.ACCESS_DENIED, put("k").unsigned("x-amz-copy-source", "/target/victim"));
    }

    @Test
    void anAlteredQueryOrPath() throws Exception {
        String head = SignedRequest.of("DELETE", "/" + BUCKET + "/other").head();
        try (RawClient client = lilio.connect()) {
            assertError(
                    S3Error.SIGNATURE_DOES_NOT_MATCH,
                    client.send(head.replace("/other ", "/victim ")).reply());
            assertError(
                    S3Error.SIGNATURE_DOES_NOT_MATCH,
                    client.send(head.replace("/other ", "/other?versionId=null ")).reply());
        }
    }

    @Test
    void chunksThatWereTamperedWith() throws Exception {
        SignedRequest request = put("k").inSignedChunks(LARGE, 64 * 1024);
        byte[] stream = request.bytes();
        stream[stream.length / 2] ^= 1;
        refused(S3Error.SIGNATURE_DOES_NOT_MATCH, request.body(stream));
    }

    @Test
    void aChunkedStreamThatIsCutOff() throws Exception {
        int whole = put("k").inSignedChunks(LARGE, 64 * 1024).bytes().length;
        for (int length : new int[] {0, 10, 500_000, whole - 3}) {
            SignedRequest request = put("k").inSignedChunks(LARGE, 64 * 1024);
            refused(S3Error.INCOMPLETE_BODY, request.body(Arrays.copyOf(request.bytes(), length)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz;chunk-signature=0\r\nabc\r\n",
                "3\r\nabc\r\n0\r\n\r\n",
                "-1;chunk-signature=00\r\n",
                "ffffffffffffffffff;chunk-signature=00\r\n",
                "\r\n\r\n\r\n\r\n"
            })
    void aChunkedStreamThatIsNone(String stream) throws Exception {
        SignedRequest request = put("k").inSignedChunks(new byte[3], 3).body(stream);
        try (RawClient client = lilio.connect()) {
            Reply reply = request.exchange(client);
            assertThat(reply.status()).as(reply.text()).isBetween(400, 403);
            assertThat(reply.text()).contains("<Code>");
        }
    }

    @Test
    void aChunkedStreamOfAnotherLengthThanItSays() throws Exception {
        for (int difference : new int[] {-1, 1}) {
            SignedRequest request =
                    put("k").withTrailer(LARGE, "x-amz-checksum-crc32", "AAAAAA==")
                            .header(
                                    "x-amz-decoded-content-length",
                                    Integer.toString(LARGE.length + difference));
            refused(S3Error.INCOMPLETE_BODY, request);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "content-md5, AAAAAAAAAAAAAAAAAAAAAA==, BAD_DIGEST",
        "content-md5, nonsense, INVALID_DIGEST",
        "x-amz-checksum-crc32, AAAAAA==, BAD_DIGEST",
        "x-amz-checksum-crc32c, AAAAAA==, BAD_DIGEST",
        "x-amz-checksum-crc64nvme, AAAAAAAAAAA=, BAD_DIGEST",
        "x-amz-checksum-sha1, AAAAAAAAAAAAAAAAAAAAAAAAAAA=, BAD_DIGEST",
        "x-amz-checksum-sha256, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=, BAD_DIGEST",
        "x-amz-checksum-crc32, AAAA, INVALID_REQUEST",
        "x-amz-checksum-crc99, AAAA, INVALID_REQUEST",
        "x-amz-sdk-checksum-algorithm, CRC32, INVALID_REQUEST"
    })
    void aWrongDigest(String header, String value, S3Error error) throws Exception {
        refused(error, put("k").header(header, value).body(LARGE));
        refused(error, put("k").header(header, value).body("small enough to be inline"));
    }

    @Test
    void aWrongTrailer() throws Exception {
        refused(
                S3Error.BAD_DIGEST,
                put("k").withTrailer(LARGE, "x-amz-checksum-crc32", "AAAAAA=="));
        refused(S3Error.INVALID_REQUEST, put("k").withTrailer(LARGE, "x-amz-checksum-crc32", "!"));
    }

    @Test
    void aBodyShorterThanAnnounced() throws Exception {
        try (RawClient client = lilio.connect()) {
            put("k").body(LARGE)
                    .payloadHash("UNSIGNED-PAYLOAD")
                    .contentLength(LARGE.length + 1L)
                    .send(client)
                    .endInput();
            assertError(S3Error.INCOMPLETE_BODY, client.reply());
        }
    }

    @Test
    void aBodyLongerThanAnnounced() throws Exception {
        try (RawClient client = lilio.connect()) {
            SignedRequest request = put("victim").body(VICTIM);
            assertThat(request.exchange(client).status()).isEqualTo(200);
            // What is too much is the next request to HTTP, and is none.
            assertThat(client.send("garbage\r\n\r\n").reply().status()).isEqualTo(400);
            assertThat(client.ended()).isTrue();
        }
        lilio.engine().awaitBuffers();
        sweepReplaced();
    }

    /** Overwriting the victim left its old chunks to the trash: from now on the new ones count. */
    private static void sweepReplaced() {
        inventory = lilio.engine().inventory();
    }

    @Test
    void aMissingLength() throws Exception {
        refused(
                S3Error.MISSING_CONTENT_LENGTH,
                put("k").withoutLength()
                        .unsigned("transfer-encoding", "chunked")
                        .payloadHash("UNSIGNED-PAYLOAD")
                        .body("3\r\nabc\r\n0\r\n\r\n"));
    }

    @Test
    void moreThanFiveGibibytesAtOnce() throws Exception {
        try (RawClient client = lilio.connect()) {
            client.send(
                    put("k").payloadHash("UNSIGNED-PAYLOAD")
                            .contentLength(5L * 1024 * 1024 * 1024 + 1)
                            .unsigned("expect", "100-continue")
                            .head());
            assertError(S3Error.ENTITY_TOO_LARGE, client.reply());
        }
    }

    @Test
    void aKeyOf1025Bytes() throws Exception {
        refused(S3Error.KEY_TOO_LONG, put("k".repeat(1025)).body(LARGE));
        refused(
                S3Error.KEY_TOO_LONG,
                SignedRequest.of("GET", "/" + BUCKET + "/" + "k".repeat(1025)));
        refused(
                S3Error.KEY_TOO_LONG,
                SignedRequest.of("POST", "/" + BUCKET + "/" + "k".repeat(1025) + "?uploads"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ab",
                "Upper",
                "under_score",
                "dot..dot",
                "192.168.1.1",
                "-dash",
                "dash-",
                ".dot",
                "dot.",
                "xn--a",
                "a-s3alias",
                "b%20b",
                "%C3%BC%C3%BC%C3%BC"
            })
    void aBadBucketName(String name) throws Exception {
        refused(S3Error.INVALID_BUCKET_NAME, SignedRequest.of("PUT", "/" + name));
        refused(S3Error.INVALID_BUCKET_NAME, SignedRequest.of("PUT", "/" + "a".repeat(64)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no xml",
                "<Delete><Object><Key>victim</Key></Object>",
                "<!DOCTYPE Delete [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
                        + "<Delete><Object><Key>&a;</Key></Object></Delete>",
                "<!DOCTYPE Delete [<!ENTITY a \"vic\"><!ENTITY b \"&a;tim\">]>"
                        + "<Delete><Object><Key>&b;</Key></Object></Delete>",
                "<Delete></Delete>"
            })
    void malformedXml(String xml) throws Exception {
        refused(
                S3Error.MALFORMED_XML,
                SignedRequest.of("POST", "/" + BUCKET + "?delete")
                        .header("content-md5", Md5.base64(xml))
                        .body(xml));
        refused(
                S3Error.MALFORMED_XML,
                SignedRequest.of("POST", "/" + BUCKET + "/k?uploadId=none").body(xml));
        refused(
                S3Error.MALFORMED_XML,
                SignedRequest.of("PUT", "/" + BUCKET + "?versioning").body(xml));
        refused(S3Error.MALFORMED_XML, SignedRequest.of("PUT", "/new-bucket").body(xml));
    }

    @Test
    void anEntityBombCostsNothing() throws Exception {
        StringBuilder bomb = new StringBuilder("<!DOCTYPE Delete [<!ENTITY e0 \"boom\">");
        for (int i = 1; i < 100; i++) {
            bomb.append("<!ENTITY e").append(i).append(" \"");
            bomb.append(("&e" + (i - 1) + ";").repeat(10)).append("\">");
        }
        bomb.append("]><Delete><Object><Key>&e99;</Key></Object></Delete>");
        refused(
                S3Error.MALFORMED_XML,
                SignedRequest.of("POST", "/" + BUCKET + "?delete")
                        .header("content-md5", Md5.base64(bomb.toString()))
                        .body(bomb.toString()));
    }

    @Test
    void oversizedXml() throws Exception {
        String many = "<Delete>" + "<Object><Key>k</Key></Object>".repeat(1001) + "</Delete>";
        refused(
                S3Error.MALFORMED_XML,
                SignedRequest.of("POST", "/" + BUCKET + "?delete")
                        .header("content-md5", Md5.base64(many))
                        .body(many));
        refused(
                S3Error.MAX_MESSAGE_LENGTH_EXCEEDED,
                SignedRequest.of("PUT", "/" + BUCKET + "?versioning").body(" ".repeat(100_000)));
        try (RawClient client = lilio.connect()) {
            client.send(
                    SignedRequest.of("POST", "/" + BUCKET + "?delete")
                            .header("content-md5", Md5.base64(""))
                            .payloadHash("UNSIGNED-PAYLOAD")
                            .contentLength(1L << 30)
                            .head());
            assertError(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED, client.reply());
        }
    }

    @Test
    void aListToDeleteWithoutADigestOrWithAWrongOne() throws Exception {
        String xml = "<Delete><Object><Key>victim</Key></Object></Delete>";
        refused(
                S3Error.INVALID_REQUEST,
                SignedRequest.of("POST", "/" + BUCKET + "?delete").body(xml));
        refused(
                S3Error.BAD_DIGEST,
                SignedRequest.of("POST", "/" + BUCKET + "?delete")
                        .header("content-md5", Md5.base64(xml + " "))
                        .body(xml));
        refused(
                S3Error.MISSING_REQUEST_BODY,
                SignedRequest.of("POST", "/" + BUCKET + "?delete")
                        .header("content-md5", Md5.base64("")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10001", "-1", "x", "", "99999999999"})
    void aPartNumberOutOfRange(String number) throws Exception {
        String id = s3.createMultipartUpload(c -> c.bucket(BUCKET).key("k")).uploadId();
        refused(
                S3Error.INVALID_ARGUMENT,
                SignedRequest.of(
                                "PUT", "/" + BUCKET + "/k?partNumber=" + number + "&uploadId=" + id)
                        .body(LARGE));
        refused(
                S3Error.INVALID_ARGUMENT,
                SignedRequest.of("GET", "/" + BUCKET + "/victim?partNumber=" + number));
        s3.abortMultipartUpload(a -> a.bucket(BUCKET).key("k").uploadId(id));
    }

    @Test
    void anUnknownUploadId() throws Exception {
        for (String id :
                List.of("x", "", "00000000-0000-0000-0000-000000000000", "%00", "a".repeat(5000))) {
            String target = "/" + BUCKET + "/k?partNumber=1&uploadId=" + id;
            refused(S3Error.NO_SUCH_UPLOAD, SignedRequest.of("PUT", target).body(LARGE));
            String upload = "/" + BUCKET + "/k?uploadId=" + id;
            refused(S3Error.NO_SUCH_UPLOAD, SignedRequest.of("GET", upload));
            refused(S3Error.NO_SUCH_UPLOAD, SignedRequest.of("DELETE", upload));
            refused(
                    S3Error.NO_SUCH_UPLOAD,
                    SignedRequest.of("POST", upload)
                            .body(
                                    "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>"
                                            + "<ETag>x</ETag></Part></CompleteMultipartUpload>"));
        }
    }

    @Test
    void aPartWhoseDigestIsWrong() throws Exception {
        String id = s3.createMultipartUpload(c -> c.bucket(BUCKET).key("k")).uploadId();
        refused(
                S3Error.BAD_DIGEST,
                SignedRequest.of("PUT", "/" + BUCKET + "/k?partNumber=1&uploadId=" + id)
                        .header("content-md5", Md5.base64("other"))
                        .body(LARGE));
        assertThat(s3.listParts(l -> l.bucket(BUCKET).key("k").uploadId(id)).parts()).isEmpty();
        s3.abortMultipartUpload(a -> a.bucket(BUCKET).key("k").uploadId(id));
    }

    @Test
    void aRangeThatCannotBeSatisfied() throws Exception {
        Reply reply =
                refused(
                        S3Error.INVALID_RANGE,
                        SignedRequest.of("GET", "/" + BUCKET + "/victim")
                                .header("range", "bytes=700000-"));
        assertThat(reply.headers().get("content-range")).isEqualTo("bytes */700000");
    }

    @Test
    void aContinuationTokenThatIsNone() throws Exception {
        refused(
                S3Error.INVALID_ARGUMENT,
                SignedRequest.of("GET", "/" + BUCKET + "?continuation-token=AAAA&list-type=2"));
        refused(
                S3Error.INVALID_ARGUMENT,
                SignedRequest.of("GET", "/" + BUCKET + "?list-type=2&max-keys=many"));
    }

    @Test
    void tenThousandHeaders() throws Exception {
        SignedRequest request = put("k").body("x");
        for (int i = 0; i < 10_000; i++) {
            request.unsigned("x-custom-" + i, "v");
        }
        try (RawClient client = lilio.connect()) {
            Reply reply = client.send(request.head()).reply();
            assertThat(reply.status()).isIn(400, 431);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void moreThanTwoKilobytesOfMetadata() throws Exception {
        refused(
                S3Error.METADATA_TOO_LARGE,
                put("k").header("x-amz-meta-a", "x".repeat(2_048)).body(LARGE));
        refused(
                S3Error.METADATA_TOO_LARGE,
                SignedRequest.of("POST", "/" + BUCKET + "/k?uploads")
                        .header("x-amz-meta-a", "x".repeat(2_048)));
    }

    @Test
    void aClientThatVanishesInTheMiddleOfAnUpload() throws Exception {
        for (int sent : new int[] {0, 1, 500_000, LARGE.length}) {
            try (RawClient client = lilio.connect()) {
                client.send(
                                put("k").payloadHash("UNSIGNED-PAYLOAD")
                                        .contentLength(LARGE.length + 1L)
                                        .head())
                        .send(Arrays.copyOf(LARGE, sent));
            }
        }
    }

    @Test
    void aClientThatVanishesInTheMiddleOfADownload() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (RawClient client = lilio.connect()) {
                client.send(SignedRequest.of("GET", "/" + BUCKET + "/victim").head());
            }
        }
    }

    @Test
    void headersThatAskForWhatThereIsNot() throws Exception {
        refused(
                S3Error.NOT_IMPLEMENTED,
                put("k").header("x-amz-server-side-encryption", "aws:kms").body(LARGE));
        refused(S3Error.NOT_IMPLEMENTED, put("victim?tagging").body("<Tagging/>"));
        refused(S3Error.NOT_IMPLEMENTED, put("victim?somethingNew").body("x"));
        refused(S3Error.INVALID_STORAGE_CLASS, put("k").header("x-amz-storage-class", "ICE"));
        refused(S3Error.INVALID_ARGUMENT, put("k").header("x-amz-copy-source", "nothing"));
        refused(S3Error.METHOD_NOT_ALLOWED, SignedRequest.of("PATCH", "/" + BUCKET + "/victim"));
    }

    @Test
    void keysThatTryToEscapeTheirBucket() throws Exception {
        refused(
                S3Error.NO_SUCH_KEY,
                SignedRequest.of("GET", "/" + BUCKET + "/a/../../" + BUCKET + "/victim"));
        refused(S3Error.NO_SUCH_BUCKET, SignedRequest.of("GET", "/other/../" + BUCKET + "/victim"));
        try (RawClient client = lilio.connect()) {
            assertThat(
                            new String(
                                    SignedRequest.of("GET", "/" + BUCKET + "/%ff")
                                            .exchange(client)
                                            .body(),
                                    StandardCharsets.UTF_8))
                    .contains("InvalidURI");
        }
    }
}
