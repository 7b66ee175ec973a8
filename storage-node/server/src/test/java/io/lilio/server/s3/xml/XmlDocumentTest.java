package io.lilio.server.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlDocumentTest {

    private static String write(String text) {
        return new String(new XmlDocument().element("K", text).toBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsWrittenReadsBackTheSame() {
        String nasty = "a&b<c>\"d'\r\n\t]]> \u00fc \u65e5 \uD83D\uDE00 \u0085 \u2028";
        byte[] xml = new XmlDocument().open("R").element("K", nasty).toBytes();
        XmlReader reader = new XmlReader(new ByteArrayInputStream(xml), "R");
        assertThat(reader.nextChild()).isEqualTo("K");
        assertThat(reader.text()).isEqualTo(nasty);
    }

    @Test
    void charactersThatXmlCannotHoldAreReplaced() {
        assertThat(write("a\u0000b\u0001\u001f\uFFFE\uD800c\uDC00"))
                .endsWith("<K>a\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFDc\uFFFD</K>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001-09-09T01:46:40.000Z",
                "1970-01-01T00:00:00.001Z",
                "2024-02-29T23:59:59.999Z",
                "9999-12-31T10:20:30.040Z"
            })
    void timesHaveMilliseconds(String time) {
        Instant instant = Instant.parse(time).plusNanos(999);
        assertThat(
                        new String(
                                new XmlDocument().element("T", instant).toBytes(),
                                StandardCharsets.UTF_8))
                .endsWith("<T>" + time + "</T>");
    }

    @Test
    void anErrorCarriesCodeMessageDetailsResourceAndRequestId() {
        S3Exception failure =
                new S3Exception(S3Error.NO_SUCH_BUCKET).withDetail("BucketName", "b<b");
        assertThat(new String(ErrorDocument.render(failure, "/b%3C", "ID"), StandardCharsets.UTF_8))
                .isEqualTo(
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                + "<Error><Code>NoSuchBucket</Code><Message>The specified bucket does"
                                + " not exist.</Message>"
                                + "<BucketName>b&lt;b</BucketName><Resource>/b%3C</Resource>"
                                + "<RequestId>ID</RequestId></Error>");
    }
}
