package io.lilio.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestSetTest {

    /**
     * RFC 1321, FIPS 180, and the catalogue of parametrised CRC algorithms (check of 123456789).
     */
    @ParameterizedTest
    @CsvSource({
        "MD5, '', d41d8cd98f00b204e9800998ecf8427e",
        "MD5, abc, 900150983cd24fb0d6963f7d28e17f72",
        "SHA1, abc, a9993e364706816aba3e25717850c26c9cd0d89d",
        "SHA256, abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "CRC32, 123456789, cbf43926",
        "CRC32, '', 00000000",
        "CRC32C, 123456789, e3069283",
        "CRC64NVME, 123456789, ae8b14860a799888",
        "CRC64NVME, '', 0000000000000000",
    })
    void knownValues(DigestAlgorithm algorithm, String text, String hex) {
        DigestSet digests = new DigestSet(Set.of(algorithm));
        digests.update(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        assertThat(HexFormat.of().formatHex(digests.finish().get(algorithm))).isEqualTo(hex);
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32C, 8a9136aa", // 32 bytes of zeros, RFC 3720 B.4, bytes in the order of a number
    })
    void knownValueOfZeros(DigestAlgorithm algorithm, String hex) {
        DigestSet digests = new DigestSet(Set.of(algorithm));
        digests.update(ByteBuffer.allocateDirect(32));
        assertThat(HexFormat.of().formatHex(digests.finish().get(algorithm))).isEqualTo(hex);
    }

    @Test
    void directBuffersInPiecesGiveWhatOneArrayGives() {
        byte[] bytes = new byte[300_001];
        new Random(1).nextBytes(bytes);
        Set<DigestAlgorithm> all = EnumSet.allOf(DigestAlgorithm.class);
        DigestSet whole = new DigestSet(all);
        whole.update(ByteBuffer.wrap(bytes));
        DigestSet pieces = new DigestSet(all);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        for (int from = 0, step = 1; from < bytes.length; from += step, step = step * 3 + 1) {
            int length = Math.min(step, bytes.length - from);
            ByteBuffer piece = direct.slice(from, length);
            pieces.update(piece);
            assertThat(piece.remaining()).as("the buffer is not changed").isEqualTo(length);
        }
        Digests expected = whole.finish();
        Digests actual = pieces.finish();
        assertThat(actual).hasToString(expected.toString());
        for (DigestAlgorithm algorithm : all) {
            DigestSet alone = new DigestSet(Set.of(algorithm));
            alone.update(direct);
            assertThat(alone.finish().get(algorithm)).isEqualTo(actual.get(algorithm));
        }
    }

    @Test
    void whatWasNotAskedForIsNotThere() {
        Digests digests = new DigestSet(Set.of(DigestAlgorithm.MD5)).finish();
        assertThat(digests.find(DigestAlgorithm.SHA1)).isEmpty();
        assertThatThrownBy(() -> digests.get(DigestAlgorithm.SHA1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SHA1");
    }

    @Test
    void checksumsAreBase64AndKnowTheirName() {
        DigestSet digests = new DigestSet(Set.of(DigestAlgorithm.CRC32));
        digests.update(ByteBuffer.wrap("123456789".getBytes(StandardCharsets.US_ASCII)));
        Checksum checksum = digests.finish().checksum(DigestAlgorithm.CRC32).orElseThrow();
        assertThat(checksum.value()).isEqualTo("y/Q5Jg==");
        assertThat(checksum.bytes()).isEqualTo(HexFormat.of().parseHex("cbf43926"));
        assertThat(DigestAlgorithm.ofChecksumName("crc64nvme")).contains(DigestAlgorithm.CRC64NVME);
        assertThat(DigestAlgorithm.ofChecksumName("MD5")).isEmpty();
    }
}
