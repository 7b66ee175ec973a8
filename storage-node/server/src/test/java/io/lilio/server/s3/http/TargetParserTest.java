package io.lilio.server.s3.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.QueryParameters.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetParserTest {

    private final TargetParser parser = new TargetParser(List.of("s3.example.org", "localhost"));

    private RequestTarget parse(String uri, String host) {
        return parser.parse("GET", uri, host);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/,'',''",
                "/b,b,''",
                "/b/,b,''",
                "/b/k,b,k",
                "/b//k,b,/k",
                "/b/k/,b,k/",
                "/b/a//b,b,a//b",
                "/b/../c/k,b,../c/k",
                "/b/./k,b,./k",
                "/b/a%2Fb,b,a/b",
                "/b/a%2fb,b,a/b",
                "/b/a%252Fb,b,a%2Fb",
                "/b/%2e%2e/c,b,../c",
                "/b/a+b,b,a+b",
                "/b/a%2Bb%20c,b,a+b c",
                "/b/{a}|b,b,{a}|b",
                "/b/a;v=1,b,a;v=1",
                "/b/%E2%82%AC,b,€",
            })
    void keysAreKeptExactly(String uri, String bucket, String key) {
        RequestTarget target = parse(uri, "127.0.0.1:9000");
        assertThat(target.bucket()).isEqualTo(bucket.equals("''") ? "" : bucket);
        assertThat(target.key()).isEqualTo(key.equals("''") ? "" : key);
        assertThat(target.rawPath()).isEqualTo(uri);
    }

    @Test
    void rawBytesOfUtf8AreTakenAsTheyAre() {
        assertThat(parse("/b/\u00e2\u0082\u00ac", "h").key()).isEqualTo("€");
    }

    @Test
    void aKeyMayHoldAnyByteButMustBeUtf8() {
        assertThat(parse("/b/a%00b", "h").key()).isEqualTo("a\0b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/b/%ff",
                "/b/%",
                "/b/%4",
                "/b/%zz",
                "/b/%c0%80",
                "/b/%ed%a0%80",
                "/b/a?x=%ff",
                "/b/\u00ff",
                "b/k",
                "*",
                ""
            })
    void whatIsNotAnEncodedUtf8PathIsRefused(String uri) {
        assertThatThrownBy(() -> parse(uri, "h"))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> assertThat(refused.error()).isEqualTo(S3Error.INVALID_URI));
    }

    @Test
    void aKeyWithoutABucketIsRefused() {
        assertThatThrownBy(() -> parse("//k", "h")).isInstanceOf(S3Exception.class);
    }

    @ParameterizedTest
    @CsvSource({
        "bucket.s3.example.org,bucket",
        "bucket.s3.example.org:9000,bucket",
        "Bucket.S3.Example.ORG,bucket",
        "my.dotted.bucket.s3.example.org,my.dotted.bucket",
        "b.localhost:9000,b",
    })
    void aSubDomainIsABucket(String host, String bucket) {
        RequestTarget target = parse("//a/b", host);
        assertThat(target.bucket()).isEqualTo(bucket);
        assertThat(target.key()).isEqualTo("/a/b");
        assertThat(target.rawPath()).isEqualTo("//a/b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3.example.org",
                "localhost:9000",
                "127.0.0.1",
                "[::1]:9000",
                "evils3.example.org",
                ".s3.example.org"
            })
    void otherHostsArePathStyle(String host) {
        assertThat(parse("/b/k", host).bucket()).isEqualTo("b");
    }

    /**
     * The Host header is what a signature covers: another bucket must not be addressed beside it.
     */
    @Test
    void theAbsoluteFormNamesTheSameHost() {
        RequestTarget target = parse("http://X.localhost:80/k?a=b", "x.localhost:80");
        assertThat(target.bucket()).isEqualTo("x");
        assertThat(target.key()).isEqualTo("k");
        assertThat(target.query().raw()).isEqualTo("a=b");
        assertThat(parse("http://localhost", "localhost").rawPath()).isEqualTo("/");
        for (String host : List.of("other", "", "x.localhost", "localhost:80")) {
            assertThatThrownBy(() -> parse("http://x.localhost:80/k", host))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            e -> assertThat(e.error()).isEqualTo(S3Error.BAD_REQUEST));
        }
    }

    @Test
    void parametersKeepTheirOrderAndAreDecoded() {
        QueryParameters query = parse("/b?uploads&prefix=a%2Fb+c&x=&x=2=3&&y", "h").query();
        assertThat(query.all())
                .containsExactly(
                        new Parameter("uploads", ""),
                        new Parameter("prefix", "a/b c"),
                        new Parameter("x", ""),
                        new Parameter("x", "2=3"),
                        new Parameter("y", ""));
        assertThat(query.has("uploads")).isTrue();
        assertThat(query.first("x")).contains("");
        assertThat(query.first("X")).isEmpty();
    }

    @Test
    void aHostLongerThanAnyNameIsRefused() {
        assertThatThrownBy(() -> parse("/b/k", "h".repeat(301)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.error()).isEqualTo(S3Error.BAD_REQUEST));
    }
}
