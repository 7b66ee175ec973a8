package io.lilio.server.s3.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.object.CopySource;
import io.lilio.object.RangeCondition;
import io.lilio.object.ReadRange;
import io.lilio.server.s3.HttpTime;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderParsingTest {

    private static final Instant DAY = Instant.parse("1994-11-06T08:49:37Z");

    /** UTF-8 bytes as they stand in a header: one char each. */
    private static String wire(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "1994-11-06T08:49:37Z",
                "1994-11-06T09:49:37+01:00"
            })
    void datesAreReadInEveryFormOfHttp(String text) {
        assertThat(HttpTime.parse(text)).contains(DAY);
        assertThat(HttpTime.format(DAY)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "Sun, 99 Nov 1994 08:49:37 GMT", "0"})
    void whatIsNoDateIsNone(String text) {
        assertThat(HttpTime.parse(text)).isEmpty();
    }

    @Test
    void rangesAreReadAndWhatIsNoneIsIgnored() {
        assertThat(RangeHeader.parse("bytes=0-9"))
                .contains(new ReadRange.FromTo(0, OptionalLong.of(9)));
        assertThat(RangeHeader.parse("bytes=7-"))
                .contains(new ReadRange.FromTo(7, OptionalLong.empty()));
        assertThat(RangeHeader.parse(" BYTES = 7 - 8 "))
                .contains(new ReadRange.FromTo(7, OptionalLong.of(8)));
        assertThat(RangeHeader.parse("bytes=-5")).contains(new ReadRange.Suffix(5));
        assertThat(RangeHeader.parse("bytes=0-99999999999999999999"))
                .contains(new ReadRange.FromTo(0, OptionalLong.of(Long.MAX_VALUE)));
        for (String none :
                List.of(
                        "",
                        "bytes=",
                        "bytes=-",
                        "bytes=9-0",
                        "items=0-1",
                        "bytes=0-1,3-4",
                        "bytes=a-b",
                        "bytes=--1",
                        "bytes=1--2")) {
            assertThat(RangeHeader.parse(none)).as(none).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-", "bytes=-5", "0-5", "bytes=5-4", ""})
    void theRangeOfACopySourceHasBothEnds(String header) {
        Refusals.refuses(S3Error.INVALID_ARGUMENT, () -> RangeHeader.ofCopySource(header));
    }

    @Test
    void conditionsKnowListsQuotesWeakTagsAndStars() {
        Conditions read =
                ConditionHeaders.ofRead(
                        Requests.of(
                                        "GET",
                                        "/b/k",
                                        "If-Match",
                                        "\"a\", W/\"b\",c",
                                        "If-None-Match",
                                        "*",
                                        "If-Modified-Since",
                                        HttpTime.format(DAY),
                                        "If-Unmodified-Since",
                                        "nonsense")
                                .headers());
        assertThat(read)
                .isEqualTo(
                        new Conditions(
                                List.of("a", "b", "c"),
                                List.of("*"),
                                Optional.of(DAY),
                                Optional.empty()));
        assertThat(ConditionHeaders.ofRead(Requests.of("GET", "/b/k").headers()))
                .isSameAs(Conditions.none());
    }

    @Test
    void theConditionOfARangeIsAStrongETagOrADate() {
        assertThat(ifRange("\"a\"")).isEqualTo(new RangeCondition.SameEtag("a"));
        assertThat(ifRange(" a ")).isEqualTo(new RangeCondition.SameEtag("a"));
        assertThat(ifRange(HttpTime.format(DAY))).isEqualTo(new RangeCondition.SameTime(DAY));
        assertThat(ifRange("W/\"a\"")).isEqualTo(new RangeCondition.SameEtag("W/\"a\""));
        assertThat(ConditionHeaders.ofRange(Requests.of("GET", "/b/k").headers())).isEmpty();
    }

    private static RangeCondition ifRange(String value) {
        return ConditionHeaders.ofRange(Requests.of("GET", "/b/k", "If-Range", value).headers())
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, If-None-Match, x",
        "PUT, If-Modified-Since, x",
        "PUT, If-Unmodified-Since, x",
        "DELETE, If-None-Match, *",
        "DELETE, If-Modified-Since, x",
        "DELETE, If-Unmodified-Since, x"
    })
    void conditionsOfAWriteThatNobodyEvaluatesAreRefused(String method, String name, String value) {
        RequestHeaders headers = Requests.of(method, "/b/k", name, value).headers();
        Refusals.refuses(
                S3Error.NOT_IMPLEMENTED,
                () -> {
                    if (method.equals("PUT")) {
                        ConditionHeaders.ofWrite(headers);
                    } else {
                        ConditionHeaders.ofDelete(headers);
                    }
                });
    }

    @ParameterizedTest
    @CsvSource({
        "/b/k, b, k, ''",
        "b/k, b, k, ''",
        "b/a%20b%2Bc+d%2Fe, b, a b+c+d/e, ''",
        "b//x/../%C3%BC, b, /x/../ü, ''",
        "b/k?versionId=abc, b, k, abc",
        "b/k%3FversionId=abc, b, k?versionId=abc, ''",
        "b/k?x=1, b, k?x=1, ''"
    })
    void copySourcesAreDecoded(String header, String bucket, String key, String version) {
        CopySource source =
                CopySourceHeader.parse(Requests.of("PUT", "/t/t", "x-amz-copy-source", header));
        assertThat(source.address().bucket()).isEqualTo(bucket);
        assertThat(source.address().key()).isEqualTo(key);
        assertThat(source.versionId().orElse("")).isEqualTo(version);
    }

    @ParameterizedTest
    @CsvSource({
        "'', INVALID_ARGUMENT",
        "b, INVALID_ARGUMENT",
        "/b/, INVALID_ARGUMENT",
        "/, INVALID_ARGUMENT",
        "//k, INVALID_ARGUMENT",
        "b/k?versionId=, INVALID_ARGUMENT",
        "b/%zz, INVALID_URI",
        "b/%ff, INVALID_URI"
    })
    void copySourcesThatNameNoObjectAreRefused(String header, S3Error error) {
        Refusals.refuses(
                error,
                () ->
                        CopySourceHeader.parse(
                                Requests.of("PUT", "/t/t", "x-amz-copy-source", header)));
    }

    @Test
    void userMetadataIsDecodedAndLeavesAsPrintableAscii() {
        Map<String, String> metadata =
                UserMetadata.of(
                        Requests.of(
                                        "PUT",
                                        "/b/k",
                                        "x-amz-meta-Plain",
                                        "a b",
                                        "x-amz-meta-utf8",
                                        wire("Grüße 日本"),
                                        "x-amz-meta-latin",
                                        "\u00e4",
                                        "x-amz-meta-mime",
                                        "=?UTF-8?B?w6Q=?= =?utf-8?q?=C3=B6_x?= end",
                                        "x-amz-meta-twice",
                                        "1",
                                        "x-amz-meta-twice",
                                        "2",
                                        "x-amz-metanot",
                                        "no")
                                .headers());
        assertThat(metadata)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "plain", "a b",
                                "utf8", "Grüße 日本",
                                "latin", "ä",
                                "mime", "äö x end",
                                "twice", "1,2"));
        String nasty = "line\r\nx-evil: 1 \u0000 " + "日".repeat(100);
        String encoded = HeaderText.encode(nasty);
        assertThat(encoded).matches("[\\x20-\\x7e]+");
        assertThat(encoded.split(" ")).allMatch(word -> word.length() <= 75);
        assertThat(HeaderText.decode(encoded)).isEqualTo(nasty);
        assertThat(HeaderText.encode("plain")).isEqualTo("plain");
    }

    @Test
    void metadataFromAQueryIsTextAlready() {
        assertThat(HeaderText.decode("日本 ü")).isEqualTo("日本 ü");
    }

    @Test
    void whatOnlyLooksLikeAnEncodedWordStays() {
        for (String text :
                List.of("=?x?B?a?=", "=?UTF-8?B?*?=", "=?UTF-8?Q?=Z?=", "=?UTF-8?", "=?")) {
            assertThat(HeaderText.decode(text)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"my key", "schl\u00fcssel", "a:b", "a\r\nb", "a\u0000", "a(b)"})
    void aNameThatNoHeaderCanHaveIsRefused(String name) {
        Refusals.refuses(
                S3Error.INVALID_ARGUMENT,
                () -> UserMetadata.of(RequestHeaders.of(UserMetadata.PREFIX + name, "v")));
        assertThat(UserMetadata.of(RequestHeaders.of("x-amz-meta-a!#$%&'*+-.^_`|~9", "v")))
                .hasSize(1);
    }

    @Test
    void twoKilobytesOfUserMetadataAreTheLimit() {
        String fits = "x".repeat(UserMetadata.MAX_BYTES - 1);
        assertThat(UserMetadata.of(Requests.of("PUT", "/b/k", "x-amz-meta-a", fits).headers()))
                .hasSize(1);
        Refusals.refuses(
                S3Error.METADATA_TOO_LARGE,
                () ->
                        UserMetadata.of(
                                Requests.of("PUT", "/b/k", "x-amz-meta-a", fits + "x").headers()));
        Refusals.refuses(
                S3Error.METADATA_TOO_LARGE,
                () -> ObjectHeaders.parse(Requests.of("PUT", "/b/k", "Content-Disposition", fits)));
    }

    @Test
    void standardHeadersAreKeptAndAwsChunkedIsNot() {
        Attributes attributes =
                ObjectHeaders.parse(
                        Requests.of(
                                "PUT",
                                "/b/k",
                                "Content-Type",
                                "text/x",
                                "Content-Encoding",
                                "aws-chunked,gzip",
                                "Cache-Control",
                                "no-cache",
                                "Expires",
                                "0",
                                "x-amz-storage-class",
                                "STANDARD_IA"));
        assertThat(attributes.contentType()).contains("text/x");
        assertThat(attributes.contentEncoding()).contains("gzip");
        assertThat(attributes.cacheControl()).contains("no-cache");
        assertThat(attributes.expires()).contains("0");
        assertThat(attributes.storageClass()).contains("STANDARD_IA");
        assertThat(
                        ObjectHeaders.parse(
                                        Requests.of(
                                                "PUT", "/b/k", "Content-Encoding", "aws-chunked"))
                                .contentEncoding())
                .isEmpty();
        Refusals.refuses(
                S3Error.INVALID_STORAGE_CLASS,
                () ->
                        ObjectHeaders.parse(
                                Requests.of("PUT", "/b/k", "x-amz-storage-class", "ICE")));
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-acl, private, ",
        "x-amz-acl, bucket-owner-full-control, ",
        "x-amz-acl, public-read, ACCESS_CONTROL_LIST_NOT_SUPPORTED",
        "x-amz-grant-read, id=1, ACCESS_CONTROL_LIST_NOT_SUPPORTED",
        "x-amz-server-side-encryption, AES256, NOT_IMPLEMENTED",
        "x-amz-server-side-encryption-customer-algorithm, AES256, NOT_IMPLEMENTED",
        "x-amz-copy-source-server-side-encryption-customer-key, x, NOT_IMPLEMENTED",
        "x-amz-tagging, a=b, NOT_IMPLEMENTED",
        "x-amz-tagging-directive, COPY, ",
        "x-amz-tagging-directive, REPLACE, ",
        "x-amz-tagging-directive, MERGE, NOT_IMPLEMENTED",
        "x-amz-object-lock-mode, GOVERNANCE, NOT_IMPLEMENTED",
        "x-amz-bucket-object-lock-enabled, true, NOT_IMPLEMENTED",
        "x-amz-website-redirect-location, /x, NOT_IMPLEMENTED",
        "x-amz-expected-bucket-owner, 111122223333, ACCESS_DENIED",
        "x-amz-user-agent, x, ",
        "x-amz-request-payer, requester, ",
        "x-amz-rename-source, /b/x, NOT_IMPLEMENTED",
        "x-amz-write-offset-bytes, 5, NOT_IMPLEMENTED",
        "x-amz-if-match-size, 5, NOT_IMPLEMENTED",
        "x-amz-of-a-later-year, x, NOT_IMPLEMENTED",
        "x-amz-meta-anything, x, ",
        "x-amz-checksum-crc32, x, ",
        "x-amz-sdk-checksum-algorithm, CRC32, ",
        "x-amz-copy-source-if-match, x, ",
        "x-amz-mp-object-size, 5, ",
        "x-amzn-trace-id, x, "
    })
    void headersThatAskForWhatThereIsNotAreRefused(String name, String value, S3Error error) {
        Runnable check = () -> RefusedHeaders.check(Requests.of("PUT", "/b/k", name, value));
        if (error == null) {
            check.run();
        } else {
            Refusals.refuses(error, check::run);
        }
    }

    @Test
    void readsAreOnlyRefusedWhatTheirAnswerWouldLack() {
        RefusedHeaders.check(Requests.of("GET", "/b/k", "x-amz-of-a-later-year", "x"));
        RefusedHeaders.check(Requests.of("HEAD", "/b/k", "x-amz-optional-object-attributes", "x"));
        Refusals.refuses(
                S3Error.NOT_IMPLEMENTED,
                () ->
                        RefusedHeaders.check(
                                Requests.of(
                                        "GET",
                                        "/b/k",
                                        "x-amz-server-side-encryption-customer-key",
                                        "x")));
    }

    @Test
    void urlEncodingKeepsOnlyUnreservedCharactersAndSlashes() {
        assertThat(UrlEncoding.encode("a/b c+d%&ü\u0001~_.-"))
                .isEqualTo("a/b%20c%2Bd%25%26%C3%BC%01~_.-");
    }

    @Test
    void continuationTokensComeBackAndGuessesDoNot() {
        String token = ContinuationToken.of("a/日\u0001");
        assertThat(ContinuationToken.parse(token)).isEqualTo("a/日\u0001");
        for (String bad : List.of("", "x", "a/b", token + "AA", token.substring(1), "====")) {
            Refusals.refuses(S3Error.INVALID_ARGUMENT, () -> ContinuationToken.parse(bad));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "2147483648", "1.5", "+1", " 1"})
    void numbersOutOfRangeAreRefused(String text) {
        Refusals.refuses(
                S3Error.INVALID_ARGUMENT,
                () -> QueryNumbers.pageSize(Requests.of("GET", "/b?max-keys=" + text), "max-keys"));
        Refusals.refuses(
                S3Error.INVALID_ARGUMENT,
                () -> QueryNumbers.partNumber(Requests.of("PUT", "/b/k?partNumber=" + text)));
    }

    @Test
    void pagesAreClamped() {
        assertThat(QueryNumbers.pageSize(Requests.of("GET", "/b?max-keys=5000"), "max-keys"))
                .isEqualTo(1000);
        assertThat(QueryNumbers.pageSize(Requests.of("GET", "/b?max-keys=0"), "max-keys")).isZero();
        assertThat(QueryNumbers.pageSize(Requests.of("GET", "/b?max-keys="), "max-keys"))
                .isEqualTo(1000);
        for (String part : List.of("0", "10001", "")) {
            Refusals.refuses(
                    S3Error.INVALID_ARGUMENT,
                    () -> QueryNumbers.partNumber(Requests.of("PUT", "/b/k?partNumber=" + part)));
        }
    }

    @Test
    void overridesReplaceHeadersAndCannotBreakALine() {
        Attributes shown =
                ResponseOverrides.of(
                                Requests.of(
                                        "GET",
                                        "/b/k?response-content-type=text/y&response-expires=ü"))
                        .applyTo(Attributes.none());
        assertThat(shown.contentType()).contains("text/y");
        assertThat(shown.expires()).contains(wire("ü"));
        Refusals.refuses(
                S3Error.INVALID_ARGUMENT,
                () ->
                        ResponseOverrides.of(
                                        Requests.of("GET", "/b/k?response-content-type=a\r\nx: y"))
                                .applyTo(Attributes.none()));
    }
}
