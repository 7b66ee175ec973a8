package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.body;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.http.RawClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.S3Client;

/** {@code encoding-type=url} as it stands in the answers, which SDKs hide; and without it. */
class UrlEncodedListingTest {

    private static S3Fixture lilio;
    private static S3Client s3;
    private static String upload;

    @BeforeAll
    static void start() {
        lilio = new S3Fixture();
        s3 = lilio.client();
        s3.createBucket(b -> b.bucket("listing"));
        upload = s3.createMultipartUpload(c -> c.bucket("listing").key("c d+e")).uploadId();
        for (String key : List.of("c d+e", "ü/1", "ü/2", "x")) {
            s3.putObject(o -> o.bucket("listing").key(key), body(new byte[1]));
            s3.createMultipartUpload(c -> c.bucket("listing").key(key));
        }
    }

    @AfterAll
    static void stop() {
        s3.close();
        lilio.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "list-type=2 | Key | c%20d%2Be | c d+e",
                "list-type=2&prefix=%C3%BC%2F | Prefix | %C3%BC/ | ü/",
                "list-type=2&start-after=c%20d | StartAfter | c%20d | c d",
                "delimiter=%26&list-type=2 | Delimiter | %26 | &amp;",
                "delimiter=%2F&list-type=2 | CommonPrefixes><Prefix | %C3%BC/ | ü/",
                "prefix=c%20 | Key | c%20d%2Be | c d+e",
                "marker=c%20d | Marker | c%20d | c d",
                "delimiter=1&max-keys=1&prefix=%C3%BC | NextMarker | %C3%BC/1 | ü/1",
                "delimiter=%2F | CommonPrefixes><Prefix | %C3%BC/ | ü/",
                "versions= | Key | c%20d%2Be | c d+e",
                "key-marker=c%20&versions= | KeyMarker | c%20 | c ",
                "max-keys=1&versions= | NextKeyMarker | c%20d%2Be | c d+e",
                "prefix=%C3%BC&versions= | Prefix | %C3%BC | ü",
                "uploads= | Key | c%20d%2Be | c d+e",
                "key-marker=c%20&uploads= | KeyMarker | c%20 | c ",
                "max-uploads=1&uploads= | NextKeyMarker | c%20d%2Be | c d+e",
                "delimiter=%2F&uploads= | CommonPrefixes><Prefix | %C3%BC/ | ü/"
            })
    void whatIsAKeyOrAPartOfOneIsEncodedAndNothingElse(
            String query, String element, String encoded, String plain) throws Exception {
        String last = element.replaceAll(".*<", "");
        String withEncoding = list("/listing", "encoding-type=url&" + query);
        assertThat(withEncoding)
                .contains("<" + element + ">" + encoded + "</" + last + ">")
                .contains("<EncodingType>url</EncodingType>");
        // CSV trims.
        assertThat(list("/listing", query))
                .contains("<" + element + ">" + plain)
                .doesNotContain("EncodingType");
    }

    @ParameterizedTest
    @CsvSource({"encoding-type=url&, c%20d%2Be", "'', c d+e"})
    void theKeyOfAListOfPartsToo(String encoding, String key) throws Exception {
        assertThat(list("/listing/c%20d%2Be", encoding + "uploadId=" + upload))
                .contains("<Key>" + key + "</Key>");
    }

    /** The signature sorts the parameters; the request has them in this order. */
    private static String list(String path, String query) throws IOException {
        try (RawClient client = lilio.connect()) {
            RawClient.Reply reply = SignedRequest.of("GET", path + "?" + query).exchange(client);
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            return reply.text();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cache-control | no-store",
                "content-disposition | inline",
                "content-encoding | identity",
                "content-language | fr",
                "content-type | a/b",
                "expires | Thu, 01 Dec 2033 16:00:00 GMT"
            })
    void everyOverrideOfAHeaderShowsInTheAnswer(String header, String value) throws Exception {
        String query =
                "response-"
                        + header
                        + "="
                        + value.replace(" ", "%20")
                                .replace(",", "%2C")
                                .replace(":", "%3A")
                                .replace("/", "%2F");
        for (String method : List.of("GET", "HEAD")) {
            try (RawClient client = lilio.connect()) {
                assertThat(
                                SignedRequest.of(method, "/listing/x?" + query)
                                        .exchange(client)
                                        .headers()
                                        .get(header))
                        .isEqualTo(value);
            }
        }
    }
}
