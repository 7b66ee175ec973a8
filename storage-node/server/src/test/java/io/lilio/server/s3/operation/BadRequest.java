package io.lilio.server.s3.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.RawClient;
import io.lilio.server.s3.http.RawClient.Reply;
import io.lilio.server.s3.request.Md5;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong keys, names, documents, parts, ranges, tokens and headers. */
abstract class BadRequest extends BadInput {

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
    }

    @Test
    void eightMebibytesOfXmlThatAreReallySent() throws Exception {
        String xml = "<Delete>" + " ".repeat(8 << 20) + "</Delete>";
        for (String target : List.of("?delete", "/k?uploadId=none")) {
            SignedRequest request =
                    SignedRequest.of("POST", "/" + BUCKET + target)
                            .header("content-md5", Md5.base64(xml))
                            .body(xml);
            try (RawClient client = lilio.connect()) {
                try {
                    request.send(client);
                } catch (SocketException cutOff) {
                    // The server takes no more than it wants; its answer has come before.
                }
                assertError(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED, client.reply());
            }
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
    void partsThatMakeNoObject() throws Exception {
        String id = s3.createMultipartUpload(c -> c.bucket(BUCKET).key("k")).uploadId();
        String etag = "";
        for (int number : new int[] {1, 2}) {
            etag =
                    s3.uploadPart(
                                    p -> p.bucket(BUCKET).key("k").uploadId(id).partNumber(number),
                                    S3Fixture.body(LARGE))
                            .eTag();
        }
        lilio.acceptChunks();
        refused(S3Error.ENTITY_TOO_SMALL, complete(id, part(1, etag) + part(2, etag)));
        refused(S3Error.INVALID_PART_ORDER, complete(id, part(2, etag) + part(1, etag)));
        refused(S3Error.INVALID_PART_ORDER, complete(id, part(1, etag) + part(1, etag)));
        refused(S3Error.INVALID_PART, complete(id, part(3, etag)));
        refused(S3Error.INVALID_PART, complete(id, part(1, "\"0\"")));
        refused(S3Error.INVALID_ARGUMENT, complete(id, part(10_001, etag)));
        refused(S3Error.MALFORMED_XML, complete(id, ""));
        assertThat(s3.listParts(l -> l.bucket(BUCKET).key("k").uploadId(id)).parts()).hasSize(2);
        lilio.assertNothingIsHeld();
        s3.abortMultipartUpload(a -> a.bucket(BUCKET).key("k").uploadId(id));
    }

    private static SignedRequest complete(String uploadId, String parts) {
        return SignedRequest.of("POST", "/" + BUCKET + "/k?uploadId=" + uploadId)
                .body("<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>");
    }

    private static String part(int number, String etag) {
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>" + etag + "</ETag></Part>";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=0-700000",
                "bytes=700000-700001",
                "bytes=9-1",
                "bytes=5-",
                "bytes=-5",
                "bytes=0-1,3-4",
                "nonsense"
            })
    void aCopyOfBytesThatTheSourceDoesNotHave(String range) throws Exception {
        String id = s3.createMultipartUpload(c -> c.bucket(BUCKET).key("k")).uploadId();
        refused(
                S3Error.INVALID_ARGUMENT,
                SignedRequest.of("PUT", "/" + BUCKET + "/k?partNumber=1&uploadId=" + id)
                        .header("x-amz-copy-source", "/" + BUCKET + "/victim")
                        .header("x-amz-copy-source-range", range));
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
            assertError(
                    S3Error.REQUEST_HEADER_SECTION_TOO_LARGE, client.send(request.head()).reply());
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
        refused(S3Error.INVALID_URI, SignedRequest.of("GET", "/" + BUCKET + "/%ff"));
    }
}
