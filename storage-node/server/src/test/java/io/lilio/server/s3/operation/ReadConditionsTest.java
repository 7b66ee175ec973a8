package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.HttpTime;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.RawClient;
import io.lilio.server.s3.http.RawClient.Reply;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions and ranges of reads and of copy sources, header by header. */
class ReadConditionsTest {

    private static final byte[] BYTES = bytes(300_000);

    private static S3Fixture lilio;
    private static RawClient connection;
    private static String etag;
    private static Instant written;

    @BeforeAll
    static void start() throws IOException {
        lilio = new S3Fixture();
        connection = lilio.connect();
        SignedRequest.of("PUT", "/b-b").exchange(connection);
        etag = put("object", BYTES).headers().get("etag");
        put("empty", new byte[0]);
        written =
                HttpTime.parse(send("HEAD", "object", Map.of()).headers().get("last-modified"))
                        .orElseThrow();
    }

    @AfterAll
    static void stop() throws IOException {
        connection.close();
        lilio.close();
    }

    private static Reply put(String key, byte[] bytes) throws IOException {
        return SignedRequest.of("PUT", "/b-b/" + key).body(bytes).exchange(connection);
    }

    private static Reply send(String method, String target, Map<String, String> headers)
            throws IOException {
        SignedRequest request = SignedRequest.of(method, "/b-b/" + target);
        headers.forEach(request::header);
        return request.exchange(connection);
    }

    /** Header values with what only the running test knows. */
    private static String filled(String value) {
        return value.replace("ETAG", etag)
                .replace("WRITTEN", HttpTime.format(written))
                .replace("EARLIER", HttpTime.format(written.minusSeconds(60)))
                .replace("LATER", HttpTime.format(written.plusSeconds(60)));
    }

    @ParameterizedTest
    @CsvSource({
        "if-match, \"old\", 412",
        "if-unmodified-since, EARLIER, 412",
        "if-none-match, ETAG, 304",
        "if-modified-since, WRITTEN, 304",
        "if-match, ETAG, 416"
    })
    void conditionsAreJudgedBeforeTheRange(String name, String value, int status) throws Exception {
        Map<String, String> headers = Map.of(name, filled(value), "range", "bytes=900000-900001");
        assertThat(send("GET", "object", headers).status()).isEqualTo(status);
        assertThat(send("HEAD", "object", headers).status()).isEqualTo(status);
        assertThat(send("HEAD", "object?partNumber=2", Map.of(name, filled(value))).status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ETAG", "WRITTEN"})
    void ifRangeOfWhatIsStillThereGivesTheRange(String value) throws Exception {
        Map<String, String> headers = Map.of("range", "bytes=5-9", "if-range", filled(value));
        Reply part = send("GET", "object", headers);
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.headers().get("content-range")).isEqualTo("bytes 5-9/300000");
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(BYTES, 5, 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"old\"", "W/ETAG", "EARLIER", "LATER", "nonsense"})
    void ifRangeOfAnythingElseGivesAll(String value) throws Exception {
        for (String range : List.of("bytes=5-9", "bytes=900000-", "bytes=-5")) {
            Map<String, String> headers = Map.of("range", range, "if-range", filled(value));
            Reply all = send("GET", "object", headers);
            assertThat(all.status()).isEqualTo(200);
            assertThat(all.headers()).doesNotContainKey("content-range");
            assertThat(all.body()).isEqualTo(BYTES);
            assertThat(send("HEAD", "object", headers).headers().get("content-length"))
                    .isEqualTo("300000");
        }
    }

    @Test
    void theEndAndTheFirstPartOfAnEmptyObjectAreAllOfIt() throws Exception {
        for (String method : List.of("GET", "HEAD")) {
            for (Reply reply :
                    List.of(
                            send(method, "empty", Map.of("range", "bytes=-5")),
                            send(method, "empty?partNumber=1", Map.of()))) {
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.headers()).doesNotContainKey("content-range");
                assertThat(reply.headers().get("content-length")).isEqualTo("0");
            }
            assertThat(send(method, "empty", Map.of("range", "bytes=0-")).status()).isEqualTo(416);
            assertThat(send(method, "empty", Map.of("range", "bytes=-0")).status()).isEqualTo(416);
            assertThat(send(method, "empty?partNumber=2", Map.of()).status()).isEqualTo(416);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "match, ETAG, true",
        "match, \"old\", false",
        "none-match, \"old\", true",
        "none-match, ETAG, false",
        "modified-since, EARLIER, true",
        "modified-since, WRITTEN, false",
        "unmodified-since, WRITTEN, true",
        "unmodified-since, EARLIER, false"
    })
    void conditionsOfACopySourceDecide(String condition, String value, boolean holds)
            throws Exception {
        Map<String, String> headers =
                Map.of(
                        "x-amz-copy-source",
                        "/b-b/object",
                        "x-amz-copy-source-if-" + condition,
                        filled(value));
        assertDecided(send("PUT", "copy", headers), holds);
        int copy = send("HEAD", "copy", Map.of()).status();
        assertThat(copy).isEqualTo(holds ? 200 : 404);
        send("DELETE", "copy", Map.of());

        String started = send("POST", "parts?uploads", Map.of()).text();
        String id = started.replaceAll("(?s).*<UploadId>(.*)</UploadId>.*", "$1");
        assertDecided(send("PUT", "parts?partNumber=1&uploadId=" + id, headers), holds);
        assertThat(send("GET", "parts?uploadId=" + id, Map.of()).text().contains("<Part>"))
                .isEqualTo(holds);
        send("DELETE", "parts?uploadId=" + id, Map.of());
    }

    @Test
    void aConditionOfACopySourceIsJudgedBeforeItsRange() throws Exception {
        String started = send("POST", "parts?uploads", Map.of()).text();
        String id = started.replaceAll("(?s).*<UploadId>(.*)</UploadId>.*", "$1");
        assertDecided(
                send(
                        "PUT",
                        "parts?partNumber=1&uploadId=" + id,
                        Map.of(
                                "x-amz-copy-source",
                                "/b-b/object",
                                "x-amz-copy-source-if-match",
                                "\"old\"",
                                "x-amz-copy-source-range",
                                "bytes=0-900000")),
                false);
        send("DELETE", "parts?uploadId=" + id, Map.of());
    }

    private static void assertDecided(Reply reply, boolean holds) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(holds ? 200 : 412);
        if (!holds) {
            assertThat(reply.text()).contains(S3Error.PRECONDITION_FAILED.code());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, if-none-match, ETAG",
        "PUT, if-modified-since, EARLIER",
        "PUT, if-unmodified-since, LATER",
        "DELETE, if-none-match, \"old\"",
        "DELETE, if-modified-since, LATER",
        "DELETE, if-unmodified-since, EARLIER"
    })
    void conditionsOfAWriteThatNobodyJudgesAreNotImplemented(
            String method, String name, String value) throws Exception {
        Reply refused = send(method, "object", Map.of(name, filled(value)));
        assertThat(refused.status()).isEqualTo(501);
        assertThat(refused.text()).contains("<Code>NotImplemented</Code>").contains("<Header>");
        assertThat(send("HEAD", "object", Map.of("if-match", etag)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /none, '<Code>NoSuchBucket</Code>', '<BucketName>none</BucketName>'",
        "PUT, /b-b, '<Code>BucketAlreadyOwnedByYou</Code>', '<BucketName>b-b</BucketName>'",
        "DELETE, /b-b, '<Code>BucketNotEmpty</Code>', '<BucketName>b-b</BucketName>'",
        "PUT, /B, '<Code>InvalidBucketName</Code>', '<BucketName>B</BucketName>'",
        "GET, /b-b/a%20%26, '<Code>NoSuchKey</Code>', '<Key>a &amp;</Key>'",
        "GET, /b-b/x?uploadId=x, '<Code>NoSuchUpload</Code>', '<UploadId>x</UploadId>'"
    })
    void errorsNameWhatTheyAreAbout(String method, String target, String code, String element)
            throws Exception {
        Reply reply = SignedRequest.of(method, target).exchange(connection);
        assertThat(reply.text()).contains(code).contains(element);
    }
}
