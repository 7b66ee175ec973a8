package io.lilio.server.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlReaderTest {

    private static List<String> keysOf(String xml) {
        return keysOf(xml.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> keysOf(byte[] xml) {
        List<String> keys = new ArrayList<>();
        XmlReader reader = new XmlReader(new ByteArrayInputStream(xml), "Delete");
        for (String child = reader.nextChild(); child != null; child = reader.nextChild()) {
            if (child.equals("Key")) {
                keys.add(reader.text());
            } else {
                reader.skip();
            }
        }
        reader.end();
        return keys;
    }

    @Test
    void readsTextWithReferencesAndCharacterData() {
        assertThat(
                        keysOf(
                                "<Delete>\n <!-- c --><Key>a&amp;b&lt;&#x1F600;&#13;</Key>"
                                        + "<Other><Deep/>x</Other>"
                                        + "<Key><![CDATA[<x>&y]]> z</Key><Key/></Delete>\n"))
                .containsExactly("a&b<\uD83D\uDE00\r", "<x>&y z", "");
    }

    @Test
    void acceptsTheNamespaceOfS3AndNone() {
        assertThat(
                        keysOf(
                                "<?xml version=\"1.0\"?><Delete xmlns=\""
                                        + XmlDocument.NAMESPACE
                                        + "\"><Key>k</Key></Delete>"))
                .containsExactly("k");
        assertThat(
                        keysOf(
                                "<s:Delete xmlns:s=\""
                                        + XmlDocument.NAMESPACE
                                        + "\"><s:Key>k</s:Key></s:Delete>"))
                .containsExactly("k");
    }

    @Test
    void readsUtf8WithAByteOrderMarkAndNothingElse() {
        String xml = "<Delete><Key>ü</Key></Delete>";
        assertThat(keysOf("\uFEFF" + xml)).containsExactly("ü");
        assertMalformed("\uFEFF\uFEFF" + xml);
        assertThatThrownBy(() -> keysOf(xml.getBytes(StandardCharsets.UTF_16)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.error()).isEqualTo(S3Error.MALFORMED_XML));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no xml",
                "<Delete>",
                "<Delete><Key>a</Delete>",
                "<Delete></Delete><Delete/>",
                "<Delete></Delete>trailing",
                "<Other/>",
                "<Delete xmlns='urn:other'/>",
                "<Delete><Key>a<b/></Key></Delete>",
                "<Delete>text</Delete>",
                "<Delete><Key>&undefined;</Key></Delete>",
                "<Delete><Key>&#0;</Key></Delete>",
                "<Delete><?php evil ?></Delete>",
                "<!DOCTYPE Delete><Delete/>",
                "<!DOCTYPE Delete SYSTEM \"file:///etc/passwd\"><Delete/>",
                "<!DOCTYPE Delete [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                        + "<Delete><Key>&x;</Key></Delete>",
                "<!DOCTYPE Delete [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;\">"
                        + "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>"
                        + "<Delete><Key>&c;</Key></Delete>",
                "<!DOCTYPE Delete [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/x\"> %p;]><Delete/>"
            })
    void refusesWhatIsNotPlainWellFormedXml(String xml) {
        assertMalformed(xml);
    }

    @Test
    void refusesInvalidUtf8() {
        assertThatThrownBy(
                        () ->
                                keysOf(
                                        "<Delete><Key>\u00ff</Key></Delete>"
                                                .getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.error()).isEqualTo(S3Error.MALFORMED_XML));
    }

    @Test
    void refusesDeepNestingAndLongTexts() {
        assertMalformed("<Delete>" + "<x>".repeat(100_000));
        assertMalformed(
                "<Delete><Key>" + "a".repeat(XmlReader.MAX_TEXT_CHARS + 1) + "</Key></Delete>");
        assertMalformed("<Delete " + "a".repeat(5_000) + "='1'/>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Delete><!-- %s --></Delete>",
                "<Delete><Key a='%s'/></Delete>",
                "<Delete a='%s'/>",
                "<!-- %s --><Delete/>",
                "<Delete/><!-- %s -->",
                "<Delete><Key%s/></Delete>"
            })
    void aBombIsRefusedBeforeTheParserHasTakenItIn(String xml) {
        int[] taken = new int[1];
        InputStream bomb =
                new FilterInputStream(
                        new ByteArrayInputStream(
                                xml.formatted("a".repeat(8 << 20))
                                        .getBytes(StandardCharsets.US_ASCII))) {
                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        int count = super.read(target, offset, length);
                        taken[0] += Math.max(0, count);
                        return count;
                    }
                };
        assertThatThrownBy(
                        () -> {
                            XmlReader reader = new XmlReader(bomb, "Delete");
                            while (reader.nextChild() != null) {
                                reader.skip();
                            }
                            reader.end();
                        })
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.error()).isEqualTo(S3Error.MALFORMED_XML));
        assertThat(taken[0]).as("bytes taken").isLessThan(128 << 10);
    }

    @Test
    void manyShortCommentsAreNoBomb() {
        String comments = ("<!-- " + "a".repeat(1_000) + " -->").repeat(1_000);
        assertThat(keysOf("<Delete>" + comments + "<Key>k</Key></Delete>")).containsExactly("k");
    }

    @Test
    void whateverIsWrongWithTheBytesItIsMalformedXml() {
        byte[] good =
                ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><!-- c --><Delete xmlns=\""
                                + XmlDocument.NAMESPACE
                                + "\"><Key>a&amp;b</Key><Key><![CDATA[x]]>&#13;</Key></Delete>")
                        .getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            byte[] bad = good.clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                keysOf(bad);
            } catch (S3Exception e) {
                assertThat(e.error()).isEqualTo(S3Error.MALFORMED_XML);
            }
        }
    }

    @Test
    void passesOnWhatTheConnectionThrows() {
        InputStream cut =
                new InputStream() {
                    @Override
                    public int read() {
                        throw new S3Exception(S3Error.INCOMPLETE_BODY);
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) {
                        throw new S3Exception(S3Error.INCOMPLETE_BODY);
                    }
                };
        assertThatThrownBy(() -> new XmlReader(cut, "Delete"))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.error()).isEqualTo(S3Error.INCOMPLETE_BODY));
    }

    private static void assertMalformed(String xml) {
        assertThatThrownBy(() -> keysOf(xml))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.error()).isEqualTo(S3Error.MALFORMED_XML));
    }
}
