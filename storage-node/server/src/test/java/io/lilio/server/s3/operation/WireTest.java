package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.body;
import static io.lilio.server.s3.operation.S3Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.http.RawClient;
import io.lilio.server.s3.http.RawClient.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** What only shows on the wire: addressing by host, go-aheads, headers, chunked uploads. */
class WireTest {

    private static final String BUCKET = "wire";
    private static final byte[] BYTES = bytes(600_000);

    private static S3Fixture lilio;
    private static S3Client s3;

    @BeforeAll
    static void start() {
        lilio = new S3Fixture();
        s3 = lilio.client();
        s3.createBucket(b -> b.bucket(BUCKET));
        s3.putObject(o -> o.bucket(BUCKET).key("a//b"), body(BYTES));
    }

    @AfterAll
    static void stop() {
        s3.close();
        lilio.close();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, /wire/a//b",
        "s3.test, /wire/a//b",
        "wire.s3.test, /a//b",
        "wire.s3.test:9000, /a//b",
        "WIRE.S3.TEST, /a//b"
    })
    void bucketsAreAddressedByPathAndByHost(String host, String path) throws Exception {
        try (RawClient client = lilio.connect()) {
            Reply reply = SignedRequest.of("GET", path).header("host", host).exchange(client);
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo(BYTES);
        }
    }

    @Test
    void theGoAheadComesOnceTheRequestIsAccepted() throws Exception {
        SignedRequest good =
                SignedRequest.of("PUT", "/wire/expected")
                        .body(BYTES)
                        .header("expect", "100-continue");
        try (RawClient client = lilio.connect()) {
            assertThat(client.send(good.head()).reply(false).status()).isEqualTo(100);
            assertThat(client.send(BYTES).reply().status()).isEqualTo(200);
        }
        for (SignedRequest bad :
                new SignedRequest[] {
                    SignedRequest.of("PUT", "/no-such-bucket/k"),
                    SignedRequest.of("PUT", "/wire/" + "k".repeat(1025)),
                    SignedRequest.of("PUT", "/wire/k").header("x-amz-storage-class", "ICE"),
                    SignedRequest.of("PUT", "/wire/k?partNumber=1&uploadId=none"),
                    SignedRequest.of("PUT", "/wire/k").key(S3Fixture.ROOT_KEY, "guess")
                }) {
            try (RawClient client = lilio.connect()) {
                client.send(bad.body(BYTES).header("expect", "100-continue").head());
                assertThat(client.reply().status()).isBetween(400, 404);
                assertThat(client.ended()).isTrue();
            }
        }
    }

    @Test
    void theHeadersOfAnAnswerAreThoseOfS3() throws Exception {
        try (RawClient client = lilio.connect()) {
            Reply reply = SignedRequest.of("GET", "/wire/a//b").exchange(client);
            assertThat(reply.headers().get("etag")).matches("\"[0-9a-f]{32}\"");
            assertThat(reply.headers().get("last-modified"))
                    .matches("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
            assertThat(reply.headers())
                    .containsEntry("accept-ranges", "bytes")
                    .containsEntry("content-length", Integer.toString(BYTES.length))
                    .containsKeys("x-amz-request-id", "date", "content-type")
                    .doesNotContainKeys("x-amz-version-id", "x-amz-storage-class");
            Reply head = SignedRequest.of("HEAD", "/wire/a//b").exchange(client);
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.headers())
                    .containsEntry("content-length", Integer.toString(BYTES.length))
                    .containsEntry("etag", reply.headers().get("etag"));
            Reply notModified =
                    SignedRequest.of("GET", "/wire/a//b")
                            .header("if-none-match", reply.headers().get("etag"))
                            .send(client)
                            .reply(false);
            assertThat(notModified.status()).isEqualTo(304);
            assertThat(notModified.headers())
                    .containsEntry("etag", reply.headers().get("etag"))
                    .containsKey("last-modified");
            assertThat(SignedRequest.of("HEAD", "/wire/none").exchange(client).status())
                    .isEqualTo(404);
            assertThat(SignedRequest.of("HEAD", "/wire").exchange(client).status()).isEqualTo(200);
        }
    }

    @Test
    void anObjectWithoutAContentTypeHasTheDefault() throws Exception {
        try (RawClient client = lilio.connect()) {
            assertThat(SignedRequest.of("PUT", "/wire/untyped").body("x").exchange(client).status())
                    .isEqualTo(200);
            assertThat(SignedRequest.of("GET", "/wire/untyped").exchange(client).headers())
                    .containsEntry("content-type", "binary/octet-stream");
        }
    }

    @Test
    void everyKindOfUploadStoresTheSameBytes() throws Exception {
        try (RawClient client = lilio.connect()) {
            for (SignedRequest upload :
                    new SignedRequest[] {
                        SignedRequest.of("PUT", "/wire/up").body(BYTES),
                        SignedRequest.of("PUT", "/wire/up")
                                .body(BYTES)
                                .payloadHash("UNSIGNED-PAYLOAD"),
                        SignedRequest.of("PUT", "/wire/up").inSignedChunks(BYTES, 64 * 1024),
                        SignedRequest.of("PUT", "/wire/up").inSignedChunks(BYTES, 8 * 1024)
                    }) {
                assertThat(stored(upload, client).body()).isEqualTo(BYTES);
            }
        }
    }

    /** As SDKs send them by default: unsigned over TLS, some of them without Content-Length. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 600_000})
    void uploadsWithTheirChecksumInATrailerAreStored(int size) throws Exception {
        byte[] bytes = bytes(size);
        CRC32 crc32 = new CRC32();
        crc32.update(bytes);
        Map<String, byte[]> checksums =
                Map.of(
                        "x-amz-checksum-crc32",
                        ByteBuffer.allocate(4).putInt((int) crc32.getValue()).array(),
                        "x-amz-checksum-crc64nvme",
                        ByteBuffer.allocate(8).putLong(crc64Nvme(bytes)).array());
        try (RawClient client = lilio.connect()) {
            for (Map.Entry<String, byte[]> checksum : checksums.entrySet()) {
                String name = checksum.getKey();
                String value = Base64.getEncoder().encodeToString(checksum.getValue());
                for (SignedRequest upload :
                        new SignedRequest[] {
                            SignedRequest.of("PUT", "/wire/up").withTrailer(bytes, name, value),
                            SignedRequest.of("PUT", "/wire/up")
                                    .withTrailer(bytes, name, value)
                                    .inHttpChunks(100_000),
                            SignedRequest.of("PUT", "/wire/up")
                                    .inSignedChunks(bytes, 64 * 1024, name, value)
                        }) {
                    Reply stored = stored(upload, client);
                    assertThat(stored.body()).isEqualTo(bytes);
                    assertThat(stored.headers())
                            .containsEntry(name, value)
                            .doesNotContainKey("content-encoding");
                }
            }
        }
    }

    /** What an upload of "up" has stored, which is deleted again. */
    private static Reply stored(SignedRequest upload, RawClient client) throws IOException {
        Reply put = upload.exchange(client);
        assertThat(put.status()).as(put.text()).isEqualTo(200);
        Reply stored =
                SignedRequest.of("GET", "/wire/up")
                        .header("x-amz-checksum-mode", "ENABLED")
                        .exchange(client);
        assertThat(SignedRequest.of("DELETE", "/wire/up").exchange(client).status()).isEqualTo(204);
        return stored;
    }

    /** Bit by bit, as the NVM Command Set Specification defines it. */
    private static long crc64Nvme(byte[] bytes) {
        long crc = -1;
        for (byte next : bytes) {
            crc ^= next & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x9A6C9329AC4BC9B5L;
            }
        }
        return ~crc;
    }

    @Test
    void nonAsciiMetadataIsEncodedAsS3DoesIt() throws Exception {
        try (RawClient client = lilio.connect()) {
            assertThat(
                            SignedRequest.of("PUT", "/wire/meta")
                                    .unsigned("content-type", "text/plain")
                                    .header("x-amz-meta-plain", "a b")
                                    .header("x-amz-meta-mime", "=?UTF-8?Q?=C3=BC?=")
                                    .body("x")
                                    .exchange(client)
                                    .status())
                    .isEqualTo(200);
            assertThat(SignedRequest.of("GET", "/wire/meta").exchange(client).headers())
                    .containsEntry("x-amz-meta-plain", "a b")
                    .containsEntry("x-amz-meta-mime", "=?UTF-8?B?w7w=?=");
        }
    }
}
