package io.lilio.server.s3.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.digest.Checksum;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.digest.DigestSet;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.S3Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksumClaimsTest {

    private static final byte[] BODY = "hello world".getBytes(StandardCharsets.UTF_8);
    private static final String CRC32 = "DUoRhQ==";

    private static void verify(Map<String, String> trailers, String... headers) {
        S3Request request = Requests.withBody("PUT", "/b/k", BODY, trailers, headers);
        ChecksumClaims claims = ChecksumClaims.of(request);
        DigestSet digests = new DigestSet(claims.digests());
        digests.update(ByteBuffer.wrap(BODY));
        claims.verify(digests.finish(), request.body());
    }

    @Test
    void rightClaimsPass() {
        verify(Map.of());
        verify(Map.of(), "Content-MD5", Md5.base64(BODY), "x-amz-checksum-crc32", CRC32);
        verify(Map.of(), "x-amz-sdk-checksum-algorithm", "CRC32", "x-amz-checksum-crc32", CRC32);
        verify(Map.of("x-amz-checksum-crc32", CRC32), "x-amz-trailer", "x-amz-checksum-crc32");
        verify(Map.of(), "x-amz-checksum-algorithm", "CRC32");
        assertThat(
                        ChecksumClaims.of(
                                        Requests.of(
                                                "PUT",
                                                "/b/k",
                                                "x-amz-trailer",
                                                "x-amz-checksum-sha1"))
                                .digests())
                .isEqualTo(Set.of(DigestAlgorithm.SHA1));
    }

    @ParameterizedTest
    @CsvSource({
        "Content-MD5, AAAAAAAAAAAAAAAAAAAAAA==, BAD_DIGEST",
        "Content-MD5, AAAA, INVALID_DIGEST",
        "Content-MD5, !, INVALID_DIGEST",
        "x-amz-checksum-crc32, AAAAAA==, BAD_DIGEST",
        "x-amz-checksum-crc32, AAAA, INVALID_REQUEST",
        "x-amz-checksum-crc32, ?, INVALID_REQUEST",
        "x-amz-checksum-md4, AAAA, INVALID_REQUEST",
        "x-amz-trailer, x-amz-meta-x, INVALID_REQUEST",
        "x-amz-trailer, x-amz-checksum-crc32, MALFORMED_TRAILER",
        "x-amz-sdk-checksum-algorithm, CRC32, INVALID_REQUEST",
        "x-amz-sdk-checksum-algorithm, CRC99, INVALID_REQUEST"
    })
    void wrongClaimsAreRefused(String header, String value, S3Error error) {
        Refusals.refuses(error, () -> verify(Map.of(), header, value));
    }

    @Test
    void oneChecksumIsTheMost() {
        Refusals.refuses(
                S3Error.INVALID_REQUEST,
                () ->
                        verify(
                                Map.of(),
                                "x-amz-checksum-crc32",
                                CRC32,
                                "x-amz-checksum-crc32c",
                                "yZRlqg=="));
        Refusals.refuses(
                S3Error.INVALID_REQUEST,
                () ->
                        verify(
                                Map.of("x-amz-checksum-sha1", "x"),
                                "x-amz-checksum-crc32",
                                CRC32,
                                "x-amz-trailer",
                                "x-amz-checksum-sha1"));
    }

    @Test
    void aWrongTrailerIsABadDigest() {
        Refusals.refuses(
                S3Error.BAD_DIGEST,
                () ->
                        verify(
                                Map.of("x-amz-checksum-crc32", "AAAAAA=="),
                                "x-amz-trailer",
                                "x-amz-checksum-crc32"));
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32, , COMPOSITE",
        "CRC32, FULL_OBJECT, FULL_OBJECT",
        "CRC64NVME, , FULL_OBJECT",
        "SHA256, , COMPOSITE",
        "sha1, COMPOSITE, COMPOSITE"
    })
    void uploadsChooseAChecksum(String algorithm, String type, Checksum.Type chosen) {
        S3Request request =
                type == null
                        ? Requests.of("POST", "/b/k", "x-amz-checksum-algorithm", algorithm)
                        : Requests.of(
                                "POST",
                                "/b/k",
                                "x-amz-checksum-algorithm",
                                algorithm,
                                "x-amz-checksum-type",
                                type);
        assertThat(UploadChecksumHeaders.ofCreate(request).orElseThrow().type()).isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource({
        "SHA256, FULL_OBJECT",
        "CRC64NVME, COMPOSITE",
        "CRC32, HALF",
        "MD5, COMPOSITE",
        "'', COMPOSITE"
    })
    void uploadsCannotChooseEverything(String algorithm, String type) {
        Refusals.refuses(
                S3Error.INVALID_REQUEST,
                () ->
                        UploadChecksumHeaders.ofCreate(
                                Requests.of(
                                        "POST",
                                        "/b/k",
                                        "x-amz-checksum-algorithm",
                                        algorithm,
                                        "x-amz-checksum-type",
                                        type)));
    }

    @Test
    void completionsClaimCompositeAndFullChecksums() {
        assertThat(
                        UploadChecksumHeaders.ofComplete(
                                Requests.of("POST", "/b/k", "x-amz-checksum-crc32", CRC32 + "-2")))
                .contains(
                        new Checksum(DigestAlgorithm.CRC32, Checksum.Type.COMPOSITE, CRC32 + "-2"));
        assertThat(
                        UploadChecksumHeaders.ofComplete(
                                Requests.of("POST", "/b/k", "x-amz-checksum-crc32", CRC32)))
                .contains(new Checksum(DigestAlgorithm.CRC32, Checksum.Type.FULL_OBJECT, CRC32));
        Refusals.refuses(
                S3Error.INVALID_REQUEST,
                () ->
                        UploadChecksumHeaders.ofComplete(
                                Requests.of("POST", "/b/k", "x-amz-checksum-crc32", "x-2")));
    }
}
