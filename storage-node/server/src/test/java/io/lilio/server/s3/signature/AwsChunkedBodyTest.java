package io.lilio.server.s3.signature;

import static io.lilio.server.s3.signature.Requests.DOCUMENTED;
import static io.lilio.server.s3.signature.Requests.KEY_ID;
import static io.lilio.server.s3.signature.Requests.authenticatorAt;
import static io.lilio.server.s3.signature.Requests.readAll;
import static io.lilio.server.s3.signature.Requests.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestBody;
import io.lilio.server.s3.signature.GuardedBodies.ChunkFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * With the examples of "Transferring Payload in Multiple Chunks" and "Signature calculations for
 * trailing headers" in the Amazon S3 API Reference.
 */
class AwsChunkedBodyTest {

    private static final String A = "a";
    private static final String DOCUMENTED_BODY =
            "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"
                    + A.repeat(65_536)
                    + "\r\n"
                    + "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n"
                    + A.repeat(1_024)
                    + "\r\n"
                    + "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n"
                    + "\r\n";
    private static final String DOCUMENTED_TRAILER_BODY =
            "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"
                    + A.repeat(65_536)
                    + "\r\n"
                    + "400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n"
                    + A.repeat(1_024)
                    + "\r\n"
                    + "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
                    + "x-amz-checksum-crc32c:sOO8/Q==\r\n"
                    + "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n"
                    + "\r\n";

    private static RequestBody documented(String raw, RequestBody body) {
        return authenticatorAt(DOCUMENTED)
                .authenticate(
                        request(
                                "PUT",
                                "/examplebucket/chunkObject.txt",
                                body,
                                "Host",
                                "s3.amazonaws.com",
                                "x-amz-date",
                                "20130524T000000Z",
                                "x-amz-storage-class",
                                "REDUCED_REDUNDANCY",
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential="
                                        + KEY_ID
                                        + "/20130524/us-east-1/s3/aws4_request,SignedHeaders="
                                        + "content-encoding;content-length;host;"
                                        + "x-amz-content-sha256;x-amz-date;"
                                        + "x-amz-decoded-content-length;x-amz-storage-class,"
                                        + "Signature=4f232c4386841ef735655705268965c44a0e4690baa4"
                                        + "adea153f7db9fa80a0a9",
                                "x-amz-content-sha256",
                                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                                "Content-Encoding",
                                "aws-chunked",
                                "x-amz-decoded-content-length",
                                "66560",
                                "Content-Length",
                                "66824"))
                .body();
    }

    private static RequestBody raw(String text, long seed) {
        return new FixedBody(text.getBytes(ISO_8859_1), text.length(), new SplittableRandom(seed));
    }

    private static RequestBody documentedTrailer(String text, long seed) {
        return authenticatorAt(DOCUMENTED)
                .authenticate(
                        request(
                                "PUT",
                                "/examplebucket/chunkObject.txt",
                                raw(text, seed),
                                "Host",
                                "s3.amazonaws.com",
                                "x-amz-date",
                                "20130524T000000Z",
                                "x-amz-storage-class",
                                "REDUCED_REDUNDANCY",
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential="
                                        + KEY_ID
                                        + "/20130524/us-east-1/s3/aws4_request,SignedHeaders="
                                        + "content-encoding;host;x-amz-content-sha256;x-amz-date;"
                                        + "x-amz-decoded-content-length;x-amz-storage-class;"
                                        + "x-amz-trailer,"
                                        + "Signature=106e2a8a18243abcf37539882f36619c00e2dfc7263"
                                        + "3413f02d3b74544bfeb8e",
                                "x-amz-content-sha256",
                                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                                "Content-Encoding",
                                "aws-chunked",
                                "x-amz-decoded-content-length",
                                "66560",
                                "x-amz-trailer",
                                "x-amz-checksum-crc32c"))
                .body();
    }

    private static void assertRefused(RequestBody body, S3Error... errors) {
        assertThatThrownBy(() -> readAll(body))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> assertThat(refused.error()).isIn((Object[]) errors));
    }

    @Test
    void theDocumentedUploadIsDecodedHoweverItArrives() {
        for (int seed = 0; seed < 50; seed++) {
            RequestBody body = documented(DOCUMENTED_BODY, raw(DOCUMENTED_BODY, seed));
            assertThat(body.length()).isEqualTo(66_560);
            assertThat(readAll(body)).hasSize(66_560).containsOnly('a');
        }
    }

    @Test
    void theDocumentedTrailerIsVerifiedHoweverItArrives() {
        for (int seed = 0; seed < 50; seed++) {
            RequestBody body = documentedTrailer(DOCUMENTED_TRAILER_BODY, seed);
            assertThat(readAll(body)).hasSize(66_560);
            assertThat(body.trailers())
                    .containsExactly(java.util.Map.entry("x-amz-checksum-crc32c", "sOO8/Q=="));
        }
    }

    @Test
    void aBlankLineBeforeTheTrailersSignatureIsAllowed() {
        String documented = DOCUMENTED_TRAILER_BODY.replace("sOO8/Q==\r\n", "sOO8/Q==\n\r\n");
        assertThat(readAll(documentedTrailer(documented, 1))).hasSize(66_560);
    }

    @ParameterizedTest
    @CsvSource({
        "ad80c,bd80c,SIGNATURE_DOES_NOT_MATCH",
        "00556,10556,SIGNATURE_DOES_NOT_MATCH",
        "b6c6e,b6c6f,SIGNATURE_DOES_NOT_MATCH",
        "10000;,1000;,SIGNATURE_DOES_NOT_MATCH",
        "10000;,20000;,INCOMPLETE_BODY",
        "10000;,1000000000000;,INVALID_REQUEST",
        "10000;,-1;,INVALID_REQUEST",
        "10000;,xyz;,INVALID_REQUEST",
        "10000;chunk-signature=,10000;signature=,INVALID_REQUEST",
        "10000;chunk-signature=,10000;chunk-signature,INVALID_REQUEST",
    })
    void anAlteredUploadIsRefused(String part, String by, S3Error error) {
        String altered = DOCUMENTED_BODY.replaceFirst(part, by);
        assertRefused(documented(altered, raw(altered, 3)), error);
    }

    @Test
    void alteredBytesAreRefusedAndTheLastOnesNeverGivenAway() {
        String altered =
                DOCUMENTED_BODY.substring(0, 66_600) + "b" + DOCUMENTED_BODY.substring(66_601);
        RequestBody body = documented(altered, raw(altered, 3));
        ByteBuffer exactly = ByteBuffer.allocate(66_560);
        assertThatThrownBy(
                        () -> {
                            while (exactly.hasRemaining()) {
                                body.read(exactly);
                            }
                        })
                .isInstanceOf(S3Exception.class);
    }

    @Test
    void anAlteredTrailerIsRefused() {
        for (List<String> change :
                List.of(
                        List.of("sOO8", "sOO9"),
                        List.of("d81f", "d82f"),
                        List.of("x-amz-checksum-crc32c:", "x-amz-checksum-crc32:"),
                        List.of("x-amz-trailer-signature:d81f", "x-amz-checksum-crc32c:d81f"),
                        List.of("x-amz-checksum-crc32c:sOO8/Q==\r\n", ""))) {
            String altered = DOCUMENTED_TRAILER_BODY.replace(change.getFirst(), change.getLast());
            assertRefused(
                    documentedTrailer(altered, 5),
                    S3Error.SIGNATURE_DOES_NOT_MATCH,
                    S3Error.MALFORMED_TRAILER);
        }
    }

    @Test
    void whatFollowsTheEndIsRefused() {
        String longer = DOCUMENTED_BODY + "x";
        assertRefused(documented(longer, raw(longer, 1)), S3Error.INVALID_REQUEST);
    }

    private static AwsChunkedBody unsigned(String text, long length, String... trailers) {
        return new AwsChunkedBody(
                raw(text, text.hashCode()),
                length,
                new ChunkFormat(
                        false,
                        true,
                        new ChunkSignatures(
                                new HmacKey(new byte[1]),
                                new Claim(
                                        "",
                                        new Scope("", "", Scope.S3),
                                        List.of(),
                                        "",
                                        new Claim.Timing("", 0, 0)))),
                Set.of(trailers));
    }

    @Test
    void unsignedChunksOfAnySizeAreDecodedInEverySplit() {
        SplittableRandom random = new SplittableRandom(42);
        for (int round = 0; round < 300; round++) {
            StringBuilder payload = new StringBuilder();
            StringBuilder wire = new StringBuilder();
            int chunks = random.nextInt(5);
            for (int i = 0; i < chunks; i++) {
                int size = random.nextInt(8_192, 20_000);
                String bytes = Character.toString((char) random.nextInt(256)).repeat(size);
                payload.append(bytes);
                wire.append(Integer.toHexString(size)).append("\r\n").append(bytes).append("\r\n");
            }
            wire.append("0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n");
            AwsChunkedBody body =
                    unsigned(wire.toString(), payload.length(), "x-amz-checksum-crc32");
            assertThat(readAll(body)).isEqualTo(payload.toString().getBytes(ISO_8859_1));
            assertThat(body.trailers()).containsKey("x-amz-checksum-crc32");
        }
    }

    @Test
    void everyTruncationIsRefused() {
        String bytes = A.repeat(9_000);
        String wire =
                "2328\r\n" + bytes + "\r\n5\r\nhello\r\n0\r\nx-amz-checksum-crc32:A==\r\n\r\n";
        assertThat(readAll(unsigned(wire, 9_005, "x-amz-checksum-crc32"))).hasSize(9_005);
        for (int length = 0;
                length < wire.length();
                length += length > 20 && length < 8_990 ? 97 : 1) {
            assertRefused(
                    unsigned(wire.substring(0, length), 9_005, "x-amz-checksum-crc32"),
                    S3Error.INCOMPLETE_BODY);
        }
    }

    @Test
    void theDecodedLengthMustBeExact() {
        String wire = "5\r\nhello\r\n0\r\n\r\n";
        assertThat(readAll(unsigned(wire, 5))).hasSize(5);
        assertRefused(unsigned(wire, 6), S3Error.INCOMPLETE_BODY);
        assertRefused(unsigned(wire, 4), S3Error.INCOMPLETE_BODY);
        assertThat(readAll(unsigned("0\r\n\r\n", 0))).isEmpty();
    }

    @Test
    void smallChunksAreOnlyAllowedAtTheEnd() {
        assertRefused(
                unsigned("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n", 10), S3Error.INVALID_CHUNK_SIZE);
    }

    @Test
    void endlessLinesAndTrailersThatNobodyAnnouncedAreRefused() {
        assertRefused(unsigned("1".repeat(100_000), 5), S3Error.INVALID_REQUEST);
        assertRefused(unsigned("5\r\nhello\r\n0\r\na:b\r\n\r\n", 5), S3Error.MALFORMED_TRAILER);
        assertRefused(
                unsigned("5\r\nhello\r\n0\r\na:b\r\na:c\r\n\r\n", 5, "a"),
                S3Error.MALFORMED_TRAILER);
        assertRefused(unsigned("5\r\nhello\r\n0\r\n\r\n", 5, "a"), S3Error.MALFORMED_TRAILER);
        assertRefused(
                unsigned("5\r\nhello\r\n0\r\nnocolon\r\n\r\n", 5, "a"), S3Error.MALFORMED_TRAILER);
        assertRefused(unsigned("5\r\nhelloX\r\n0\r\n\r\n", 5), S3Error.INVALID_REQUEST);
        assertRefused(unsigned("5\nhello\r\n0\r\n\r\n", 5), S3Error.INVALID_REQUEST);
        assertRefused(unsigned("5\r\nhello\n0\r\n\r\n", 5), S3Error.INVALID_REQUEST);
        assertRefused(unsigned("5\r\nhello\r\n0\n\r\n", 5), S3Error.INVALID_REQUEST);
    }
}
