package io.lilio.server.s3.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.RawClient;
import io.lilio.server.s3.request.Md5;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong signatures, digests, lengths and streams, and clients that vanish. */
abstract class BadPayload extends BadInput {

    private static final long FIVE_GIB = 5L << 30;

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
        refused(S3Error.INVALID_REQUEST, put("k").inSignedChunks(new byte[3], 3).body(stream));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1", ""})
    void aDecodedLengthThatIsNone(String length) throws Exception {
        refused(
                S3Error.MISSING_CONTENT_LENGTH,
                put("k").inSignedChunks(LARGE, 64 * 1024)
                        .header("x-amz-decoded-content-length", length));
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
        // The chunks that were replaced are the trash sweeper's.
        lilio.acceptChunks();
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
    void chunksOfHttpThatAreNone() throws Exception {
        refused(
                S3Error.INCOMPLETE_BODY,
                put("k").inSignedChunks(LARGE, 64 * 1024)
                        .withoutLength()
                        .unsigned("transfer-encoding", "chunked")
                        .body("3\r\n100\r\nzz\r\n"));
        refused(
                S3Error.MISSING_CONTENT_LENGTH,
                put("k").withoutLength()
                        .unsigned("transfer-encoding", "chunked")
                        .payloadHash("UNSIGNED-PAYLOAD")
                        .body("zz\r\nabc\r\n"));
    }

    @Test
    void noPayloadAndNoLengthAtAll() throws Exception {
        refused(S3Error.MISSING_CONTENT_LENGTH, put("k").withoutLength());
        String id = s3.createMultipartUpload(c -> c.bucket(BUCKET).key("k")).uploadId();
        refused(
                S3Error.MISSING_CONTENT_LENGTH,
                SignedRequest.of("PUT", "/" + BUCKET + "/k?partNumber=1&uploadId=" + id)
                        .withoutLength());
        s3.abortMultipartUpload(a -> a.bucket(BUCKET).key("k").uploadId(id));
        try (RawClient client = lilio.connect()) {
            // These have no payload anyway.
            for (SignedRequest request :
                    new SignedRequest[] {
                        put("copy").header("x-amz-copy-source", "/" + BUCKET + "/victim"),
                        SignedRequest.of("DELETE", "/" + BUCKET + "/copy"),
                        SignedRequest.of("PUT", "/no-length"),
                        SignedRequest.of("DELETE", "/no-length")
                    }) {
                assertThat(request.withoutLength().exchange(client).status()).isBetween(200, 204);
            }
        }
        lilio.acceptChunks();
    }

    @Test
    void chunkFramingThatNobodyWouldDecode() throws Exception {
        byte[] framed = "3\r\nabc\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        refused(
                S3Error.INVALID_REQUEST,
                put("k").header("content-encoding", "aws-chunked")
                        .payloadHash("UNSIGNED-PAYLOAD")
                        .body(framed));
        refused(
                S3Error.INVALID_REQUEST,
                put("k").header("content-encoding", "gzip, AWS-chunked").body(framed));
    }

    @Test
    void moreThanFiveGibibytesAtOnce() throws Exception {
        try (RawClient client = lilio.connect()) {
            assertError(S3Error.ENTITY_TOO_LARGE, announce(FIVE_GIB + 1, client).reply());
        }
    }

    @Test
    void fiveGibibytesAreTakenUntilTheyStopComing() throws Exception {
        try (RawClient client = lilio.connect()) {
            assertThat(announce(FIVE_GIB, client).reply().status()).isEqualTo(100);
            client.send(LARGE).endInput();
            assertError(S3Error.INCOMPLETE_BODY, client.reply());
        }
    }

    private static RawClient announce(long length, RawClient client) throws IOException {
        return client.send(
                put("k").payloadHash("UNSIGNED-PAYLOAD")
                        .contentLength(length)
                        .unsigned("expect", "100-continue")
                        .head());
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
    void aClientThatVanishesInTheMiddleOfAnUpload() throws Exception {
        for (int sent : new int[] {0, 1, 500_000, LARGE.length}) {
            try (RawClient client = lilio.connect()) {
                client.send(
                                put("k").payloadHash("UNSIGNED-PAYLOAD")
                                        .contentLength(LARGE.length + 1L)
                                        .head())
                        .send(Arrays.copyOf(LARGE, sent));
                Patience.await(() -> lilio.requestsUnderWay() == 1);
                assertThat(lilio.requestsUnderWay()).isEqualTo(1);
            }
            lilio.assertNothingIsHeld();
        }
    }

    @Test
    void aClientThatVanishesInTheMiddleOfADownload() throws Exception {
        // More than the sockets on both sides hold: the server waits for the client.
        s3.putObject(o -> o.bucket(BUCKET).key("huge"), S3Fixture.body(S3Fixture.bytes(64 << 20)));
        lilio.acceptChunks();
        lilio.assertNothingIsHeld();
        for (int i = 0; i < 3; i++) {
            try (RawClient client = lilio.connect()) {
                client.send(SignedRequest.of("GET", "/" + BUCKET + "/huge").head());
                assertThat(client.silentFor(20_000)).isFalse();
                Thread.sleep(200);
                assertThat(lilio.requestsUnderWay()).isEqualTo(1);
                assertThat(lilio.bufferBytesHeld()).isPositive();
            }
            lilio.assertNothingIsHeld();
        }
        s3.deleteObject(o -> o.bucket(BUCKET).key("huge"));
        lilio.acceptChunks();
    }
}
