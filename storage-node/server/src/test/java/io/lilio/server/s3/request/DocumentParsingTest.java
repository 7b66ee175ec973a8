package io.lilio.server.s3.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.digest.DigestAlgorithm;
import io.lilio.object.CompleteUploadRequest.CompletedPart;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.S3Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentParsingTest {

    private static S3Request post(String xml, String... headers) {
        return Requests.withBody(
                "POST", "/b", xml.getBytes(StandardCharsets.UTF_8), Map.of(), headers);
    }

    private static DeleteDocument delete(String xml, String... headers) {
        S3Request request = post(xml, headers);
        return XmlBody.parse(
                request,
                ChecksumClaims.of(request),
                DeleteDocument.MAX_BYTES,
                DeleteDocument.ROOT,
                DeleteDocument::parse);
    }

    private static List<CompletedPart> complete(String xml) {
        S3Request request = post(xml);
        return XmlBody.parse(
                request,
                ChecksumClaims.md5Only(request),
                CompleteDocument.MAX_BYTES,
                CompleteDocument.ROOT,
                CompleteDocument::parse);
    }

    private static String part(int number) {
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>\"e\"</ETag></Part>";
    }

    private static String parts(String inner) {
        return "<CompleteMultipartUpload>" + inner + "</CompleteMultipartUpload>";
    }

    @Test
    void listsOfObjectsToDeleteAreRead() {
        DeleteDocument list =
                delete(
                        "<Delete><Quiet>true</Quiet><Object><Key>a b</Key></Object><Object>"
                                + "<Key>c</Key><VersionId>v</VersionId><ETag>\"e\"</ETag></Object></Delete>");
        assertThat(list.quiet()).isTrue();
        assertThat(list.objects())
                .containsExactly(
                        new DeleteDocument.Target("a b", Optional.empty(), Optional.empty()),
                        new DeleteDocument.Target("c", Optional.of("v"), Optional.of("\"e\"")));
    }

    @Test
    void aThousandObjectsAreTheMost() {
        String object = "<Object><Key>" + "k".repeat(1024) + "</Key></Object>";
        assertThat(delete("<Delete>" + object.repeat(1000) + "</Delete>").objects()).hasSize(1000);
        Refusals.refuses(
                S3Error.MALFORMED_XML,
                () -> delete("<Delete>" + object.repeat(1001) + "</Delete>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Delete/>",
                "<Delete><Object/></Delete>",
                "<Delete><Object><Key>a</Key><Other/></Object></Delete>",
                "<Delete><Quiet>maybe</Quiet><Object><Key>a</Key></Object></Delete>",
                "<Delete><Unknown/></Delete>",
                "<Delete><Object><Key>a</Key></Object></Delete><x/>"
            })
    void listsOfAnotherFormAreMalformed(String xml) {
        Refusals.refuses(S3Error.MALFORMED_XML, () -> delete(xml));
    }

    @Test
    void bodiesThatAreEmptyOrTooLongAreRefusedBeforeTheyAreRead() {
        Refusals.refuses(S3Error.MISSING_REQUEST_BODY, () -> delete(""));
        S3Request request = post("<Delete/>");
        Refusals.refuses(
                S3Error.MAX_MESSAGE_LENGTH_EXCEEDED,
                () ->
                        XmlBody.parse(
                                request,
                                ChecksumClaims.of(request),
                                3,
                                DeleteDocument.ROOT,
                                DeleteDocument::parse));
    }

    @Test
    void aListWhoseDigestDiffersIsNotBelieved() {
        String xml = "<Delete><Object><Key>a</Key></Object></Delete>  ";
        assertThat(delete(xml, "Content-MD5", Md5.base64(xml)).objects()).hasSize(1);
        Refusals.refuses(
                S3Error.BAD_DIGEST, () -> delete(xml, "Content-MD5", Md5.base64(xml + " ")));
        Refusals.refuses(S3Error.BAD_DIGEST, () -> delete(xml, "x-amz-checksum-crc32", "AAAAAA=="));
    }

    @Test
    void tenThousandPartsAreRead() {
        StringBuilder all = new StringBuilder();
        for (int i = 1; i <= 10_000; i++) {
            all.append("  <Part>\n    <ETag>&quot;0123456789abcdef0123456789abcdef&quot;</ETag>\n")
                    .append("<ChecksumSHA256>")
                    .append("A".repeat(43))
                    .append("=</ChecksumSHA256>")
                    .append("<PartNumber>")
                    .append(i)
                    .append("</PartNumber></Part>\n");
        }
        List<CompletedPart> parts = complete(parts(all.toString()));
        assertThat(parts).hasSize(10_000);
        assertThat(parts.getLast().number()).isEqualTo(10_000);
        assertThat(parts.getLast().etag()).isEqualTo("0123456789abcdef0123456789abcdef");
        assertThat(parts.getLast().checksum().orElseThrow().algorithm())
                .isEqualTo(DigestAlgorithm.SHA256);
    }

    @ParameterizedTest
    @CsvSource({
        "1 2 2, INVALID_PART_ORDER",
        "2 1, INVALID_PART_ORDER",
        "0, INVALID_ARGUMENT",
        "10001, INVALID_ARGUMENT",
        "-1, INVALID_ARGUMENT"
    })
    void partsOutOfOrderOrRangeAreRefused(String numbers, S3Error error) {
        StringBuilder list = new StringBuilder();
        for (String number : numbers.split(" ", -1)) {
            list.append(part(Integer.parseInt(number)));
        }
        Refusals.refuses(error, () -> complete(parts(list.toString())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<Part/>",
                "<Part><PartNumber>1</PartNumber></Part>",
                "<Part><PartNumber>x</PartNumber><ETag>e</ETag></Part>",
                "<Part><PartNumber>1</PartNumber><ETag>e</ETag><ChecksumMD9>x</ChecksumMD9></Part>",
                "<Other/>"
            })
    void listsOfPartsOfAnotherFormAreMalformed(String inner) {
        Refusals.refuses(S3Error.MALFORMED_XML, () -> complete(parts(inner)));
    }

    @Test
    void versioningIsEnabledOrSuspended() {
        assertThat(versioning("<Status>Enabled</Status><MfaDelete>Disabled</MfaDelete>")).isTrue();
        assertThat(versioning("<Status>Suspended</Status>")).isFalse();
        for (String bad : List.of("", "<Status>On</Status>", "<Status>Enabled</Status><Status/>")) {
            Refusals.refuses(S3Error.MALFORMED_XML, () -> versioning(bad));
        }
        Refusals.refuses(
                S3Error.NOT_IMPLEMENTED,
                () -> versioning("<Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>"));
    }

    private static boolean versioning(String inner) {
        S3Request request =
                post("<VersioningConfiguration>" + inner + "</VersioningConfiguration>");
        return XmlBody.parse(
                request,
                ChecksumClaims.of(request),
                VersioningDocument.MAX_BYTES,
                VersioningDocument.ROOT,
                VersioningDocument::parse);
    }
}
