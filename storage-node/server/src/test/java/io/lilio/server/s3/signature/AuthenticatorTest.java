package io.lilio.server.s3.signature;

import static io.lilio.server.s3.signature.Requests.DOCUMENTED;
import static io.lilio.server.s3.signature.Requests.KEY_ID;
import static io.lilio.server.s3.signature.Requests.authenticatorAt;
import static io.lilio.server.s3.signature.Requests.body;
import static io.lilio.server.s3.signature.Requests.readAll;
import static io.lilio.server.s3.signature.Requests.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestBody;
import io.lilio.server.s3.http.RequestHeaders;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.request.Refusals;
import io.lilio.server.s3.request.UserMetadata;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With the examples of "Signature Calculations for the Authorization Header" and "Authenticating
 * Requests: Using Query Parameters" in the Amazon S3 API Reference.
 */
class AuthenticatorTest {

    private static final String SCOPE = KEY_ID + "/20130524/us-east-1/s3/aws4_request";
    private static final String PRESIGNED =
            "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE"
                    + "%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z"
                    + "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
                    + "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

    private static String[] signed(String names, String signature, String... more) {
        String[] headers =
                new String[] {
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential="
                            + SCOPE
                            + ",SignedHeaders="
                            + names
                            + ",Signature="
                            + signature,
                    "Host",
                    "examplebucket.s3.amazonaws.com",
                    "x-amz-date",
                    "20130524T000000Z"
                };
        String[] all = Arrays.copyOf(headers, headers.length + more.length);
        System.arraycopy(more, 0, all, headers.length, more.length);
        return all;
    }

    private static S3Request get(String... more) {
        String[] all = Arrays.copyOf(more, more.length + 4);
        all[more.length] = "Range";
        all[more.length + 1] = "bytes=0-9";
        all[more.length + 2] = "x-amz-content-sha256";
        all[more.length + 3] = Sha256.OF_NOTHING;
        return request(
                "GET",
                "/test.txt",
                RequestBody.EMPTY,
                signed(
                        "host;range;x-amz-content-sha256;x-amz-date",
                        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
                        all));
    }

    private static void assertRefused(S3Request request, S3Error error) {
        assertRefused(request, DOCUMENTED, error);
    }

    private static void assertRefused(S3Request request, Instant now, S3Error error) {
        assertThatThrownBy(() -> authenticatorAt(now).authenticate(request))
                .isInstanceOfSatisfying(
                        S3Exception.class, refused -> assertThat(refused.error()).isEqualTo(error));
    }

    @Test
    void theDocumentedGetIsAccepted() {
        S3Request known = authenticatorAt(DOCUMENTED).authenticate(get());
        assertThat(known.caller()).isEqualTo(Requests.CALLER);
    }

    @Test
    void theDocumentedPutIsAcceptedAndItsBodyVerified() {
        byte[] payload = "Welcome to Amazon S3.".getBytes(UTF_8);
        S3Request known = authenticatorAt(DOCUMENTED).authenticate(put(payload));
        assertThat(known.body().sha256()).as("before the end").isEmpty();
        assertThat(readAll(known.body())).isEqualTo(payload);
        assertThat(known.body().sha256())
                .hasValueSatisfying(
                        sha256 -> assertThat(sha256).isEqualTo(Sha256.digest().digest(payload)));
    }

    private static S3Request put(byte[] payload) {
        return request(
                "PUT",
                "/test$file.text",
                body(payload),
                signed(
                        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
                        "Date",
                        "Fri, 24 May 2013 00:00:00 GMT",
                        "x-amz-storage-class",
                        "  REDUCED_REDUNDANCY ",
                        "x-amz-content-sha256",
                        "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"));
    }

    @Test
    void anAlteredBodyIsFoundOutBeforeItsLastByteIsGivenAway() {
        S3Request known =
                authenticatorAt(DOCUMENTED)
                        .authenticate(put("Welcome to Amazon S4.".getBytes(UTF_8)));
        java.nio.ByteBuffer exactly = java.nio.ByteBuffer.allocate(21);
        assertThatThrownBy(
                        () -> {
                            while (exactly.hasRemaining()) {
                                known.body().read(exactly);
                            }
                        })
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused ->
                                assertThat(refused.error())
                                        .isEqualTo(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH));
    }

    @ParameterizedTest
    @CsvSource({
        "/?lifecycle,fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        "/?max-keys=2&prefix=J,34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        "/?prefix=J&max-keys=2,34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        "/?prefix=%4A&max-keys=2,34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    })
    void theDocumentedQueriesAreAccepted(String uri, String signature) {
        S3Request query =
                request(
                        "GET",
                        uri,
                        RequestBody.EMPTY,
                        signed(
                                "host;x-amz-content-sha256;x-amz-date",
                                signature,
                                "x-amz-content-sha256",
                                Sha256.OF_NOTHING));
        assertThat(authenticatorAt(DOCUMENTED).authenticate(query).caller().accessKeyId())
                .isEqualTo(KEY_ID);
    }

    @Test
    void theDocumentedPresignedUrlIsAcceptedUntilItExpires() {
        S3Request presigned =
                request(
                        "GET",
                        PRESIGNED,
                        RequestBody.EMPTY,
                        "Host",
                        "examplebucket.s3.amazonaws.com");
        for (long second : new long[] {0, 3_600, 86_400, -600}) {
            assertThat(
                            authenticatorAt(DOCUMENTED.plusSeconds(second))
                                    .authenticate(presigned)
                                    .caller())
                    .isEqualTo(Requests.CALLER);
        }
        assertRefused(presigned, DOCUMENTED.plusSeconds(86_401), S3Error.ACCESS_DENIED);
        assertRefused(presigned, DOCUMENTED.minusSeconds(1_000), S3Error.ACCESS_DENIED);
    }

    @ParameterizedTest
    @CsvSource({
        "X-Amz-Expires=86400,X-Amz-Expires=0,AUTHORIZATION_QUERY_PARAMETERS_ERROR",
        "X-Amz-Expires=86400,X-Amz-Expires=604801,AUTHORIZATION_QUERY_PARAMETERS_ERROR",
        "X-Amz-Expires=86400,X-Amz-Expires=x,AUTHORIZATION_QUERY_PARAMETERS_ERROR",
        "X-Amz-Expires=86400,X-Amz-Expires=86400&X-Amz-Expires=1,AUTHORIZATION_QUERY_PARAMETERS_ERROR",
        "X-Amz-Expires=86400,a=b,AUTHORIZATION_QUERY_PARAMETERS_ERROR",
        "us-east-1,eu-west-1,AUTHORIZATION_QUERY_PARAMETERS_ERROR",
        "AWS4-HMAC-SHA256,AWS4-HMAC-SHA1,AUTHORIZATION_QUERY_PARAMETERS_ERROR",
        "EXAMPLE,EXAMPLF,INVALID_ACCESS_KEY_ID",
        "X-Amz-Expires=86400,X-Amz-Expires=86401,SIGNATURE_DOES_NOT_MATCH",
        "test.txt,test.txu,SIGNATURE_DOES_NOT_MATCH",
        "SignedHeaders=host,SignedHeaders=range,AUTHORIZATION_QUERY_PARAMETERS_ERROR",
    })
    void anAlteredPresignedUrlIsRefused(String part, String by, S3Error error) {
        S3Request altered =
                request(
                        "GET",
                        PRESIGNED.replace(part, by),
                        RequestBody.EMPTY,
                        "Host",
                        "examplebucket.s3.amazonaws.com");
        assertRefused(altered, error);
    }

    @Test
    void aPresignedUrlDoesNotCarryHeadersThatWereNotSigned() {
        assertRefused(
                request(
                        "GET",
                        PRESIGNED,
                        RequestBody.EMPTY,
                        "Host",
                        "examplebucket.s3.amazonaws.com",
                        "x-amz-copy-source",
                        "/other/secret"),
                S3Error.ACCESS_DENIED);
    }

    @Test
    void aSkewedClockIsRefusedBeyondAQuarterOfAnHour() {
        authenticatorAt(DOCUMENTED.plusSeconds(900)).authenticate(get());
        authenticatorAt(DOCUMENTED.minusSeconds(900)).authenticate(get());
        assertRefused(get(), DOCUMENTED.plusSeconds(901), S3Error.REQUEST_TIME_TOO_SKEWED);
        assertRefused(get(), DOCUMENTED.minusSeconds(901), S3Error.REQUEST_TIME_TOO_SKEWED);
    }

    @Test
    void anAddedAmzHeaderIsRefusedAndAnyOtherIsNot() {
        assertRefused(get("x-amz-copy-source", "/other/secret"), S3Error.ACCESS_DENIED);
        authenticatorAt(DOCUMENTED).authenticate(get("User-Agent", "x"));
    }

    @ParameterizedTest
    @ValueSource(ints = {126, 127})
    void moreSignedHeadersThanAnyClientHasAreRefused(int more) {
        StringBuilder names = new StringBuilder("host;x-amz-date");
        for (int i = 0; i < more; i++) {
            names.append(";h").append(i);
        }
        assertRefused(
                request(
                        "GET",
                        "/k",
                        RequestBody.EMPTY,
                        signed(names.toString(), "00", "x-amz-content-sha256", Sha256.OF_NOTHING)),
                more < 127
                        ? S3Error.SIGNATURE_DOES_NOT_MATCH
                        : S3Error.AUTHORIZATION_HEADER_MALFORMED);
    }

    @Test
    void aNameThatIsSignedTwiceIsRefused() {
        assertRefused(
                request("GET", "/k", RequestBody.EMPTY, signed("host;host", "00")),
                S3Error.AUTHORIZATION_HEADER_MALFORMED);
    }

    @Test
    void anUrlOfVersion2StoresNoChunkFraming() throws Exception {
        assertThat(readAll(authenticatorAt(DOCUMENTED).authenticate(putWithVersion2()).body()))
                .isEqualTo("3".getBytes(UTF_8));
        assertRefused(putWithVersion2("Content-Encoding", "aws-chunked"), S3Error.INVALID_REQUEST);
        assertRefused(
                putWithVersion2("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
                S3Error.NOT_IMPLEMENTED);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-meta-colour, true",
        "x-amz-meta-my key, false",
        "x-amz-meta-f\u00fcr, false"
    })
    void anUrlCarriesMetadataButNoNamesThatAnswersCannotCarry(String name, boolean good)
            throws Exception {
        RequestHeaders headers =
                authenticatorAt(DOCUMENTED).authenticate(putWithVersion2(name, "blue")).headers();
        assertThat(headers.first(name)).contains("blue");
        if (good) {
            assertThat(UserMetadata.of(headers)).containsExactly(entry("colour", "blue"));
        } else {
            Refusals.refuses(S3Error.INVALID_ARGUMENT, () -> UserMetadata.of(headers));
        }
    }

    /** What is no metadata is sent as a header. */
    private static S3Request putWithVersion2(String... header) throws Exception {
        boolean amazon = header.length > 0 && header[0].startsWith("x-amz");
        boolean metadata = amazon && header[0].startsWith("x-amz-meta-");
        String toSign =
                "PUT\n\n\n1999999999\n"
                        + (amazon ? String.join(":", header) + "\n" : "")
                        + "/examplebucket/k";
        javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA1");
        mac.init(new javax.crypto.spec.SecretKeySpec(Requests.SECRET.getBytes(UTF_8), "HmacSHA1"));
        String signature = Base64.getEncoder().encodeToString(mac.doFinal(toSign.getBytes(UTF_8)));
        return request(
                "PUT",
                "/k?AWSAccessKeyId="
                        + KEY_ID
                        + "&Expires=1999999999&Signature="
                        + URLEncoder.encode(signature, UTF_8)
                        + (metadata
                                ? "&" + URLEncoder.encode(header[0], UTF_8) + "=" + header[1]
                                : ""),
                body("3".getBytes(UTF_8)),
                metadata ? new String[0] : header);
    }

    @Test
    void aDoubledSignedHeaderIsRefused() {
        assertRefused(get("range", "bytes=5-6"), S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|ACCESS_DENIED",
                "AWS AKIA:abc|INVALID_REQUEST",
                "AWS4-ECDSA-P256-SHA256 Credential=x|INVALID_REQUEST",
                "Basic dXNlcjpwYXNz|INVALID_ARGUMENT",
                "AWS4-HMAC-SHA256|AUTHORIZATION_HEADER_MALFORMED",
                "AWS4-HMAC-SHA256 x|AUTHORIZATION_HEADER_MALFORMED",
                "AWS4-HMAC-SHA256"
                        + " Credential=a,SignedHeaders=host,Signature=b|AUTHORIZATION_HEADER_MALFORMED",
                "AWS4-HMAC-SHA256"
                        + " Credential=/20130524/us-east-1/s3/aws4_request,SignedHeaders=host,Signature=b|AUTHORIZATION_HEADER_MALFORMED",
                "AWS4-HMAC-SHA256"
                        + " Credential=a/20130523/us-east-1/s3/aws4_request,SignedHeaders=host,Signature=b|AUTHORIZATION_HEADER_MALFORMED",
                "AWS4-HMAC-SHA256"
                        + " Credential=a/20130524/eu-west-1/s3/aws4_request,SignedHeaders=host,Signature=b|AUTHORIZATION_HEADER_MALFORMED",
                "AWS4-HMAC-SHA256"
                        + " Credential=a/20130524/us-east-1/ec2/aws4_request,SignedHeaders=host,Signature=b|AUTHORIZATION_HEADER_MALFORMED",
                "AWS4-HMAC-SHA256"
                        + " Credential=a/20130524/us-east-1/s3/aws4_request,SignedHeaders=date,Signature=b|AUTHORIZATION_HEADER_MALFORMED",
                "AWS4-HMAC-SHA256"
                        + " Credential=a/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-date,Signature=b|INVALID_ACCESS_KEY_ID",
                "AWS4-HMAC-SHA256"
                        + " Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + " SignedHeaders=host;x-amz-date, Signature=00|SIGNATURE_DOES_NOT_MATCH",
            })
    void otherAuthorizationIsRefusedWithTheRightCode(String authorization, S3Error error) {
        String[] headers = {
            "Host",
            "h",
            "x-amz-date",
            "20130524T000000Z",
            "x-amz-content-sha256",
            Sha256.OF_NOTHING,
            "Authorization",
            authorization
        };
        assertRefused(
                request(
                        "GET",
                        "/k",
                        RequestBody.EMPTY,
                        authorization.isEmpty() ? Arrays.copyOf(headers, 6) : headers),
                error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2013", "20130524T000000", "20130524T250000Z", "2013-05-24T00:00Z"})
    void aRequestWithoutAProperDateIsRefused(String date) {
        assertRefused(
                request(
                        "GET",
                        "/k",
                        RequestBody.EMPTY,
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=" + SCOPE + ",SignedHeaders=host,Signature=00",
                        "x-amz-date",
                        date),
                S3Error.ACCESS_DENIED);
    }

    @Test
    void theHmacIsTheStandardOne() throws Exception {
        for (int length : new int[] {1, 32, 63, 64, 65, 200}) {
            byte[] key = new byte[length];
            new java.util.Random(length).nextBytes(key);
            javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
            mac.init(new javax.crypto.spec.SecretKeySpec(key, "HmacSHA256"));
            assertThat(new HmacKey(key).sign("message"))
                    .isEqualTo(mac.doFinal("message".getBytes(UTF_8)));
        }
    }
}
