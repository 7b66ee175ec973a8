package io.lilio.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrcCombinationTest {

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void theWholeFollowsFromItsParts(DigestAlgorithm algorithm) {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            byte[] bytes = new byte[random.nextInt(5_000)];
            random.nextBytes(bytes);
            int cut = random.nextInt(bytes.length + 1);
            byte[] combined =
                    CrcCombination.of(algorithm)
                            .combine(
                                    crc(algorithm, bytes, 0, cut),
                                    crc(algorithm, bytes, cut, bytes.length - cut),
                                    bytes.length - cut);
            assertThat(combined)
                    .as("%s of %d bytes cut at %d", algorithm, bytes.length, cut)
                    .isEqualTo(crc(algorithm, bytes, 0, bytes.length));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void combiningIsAssociativeForLengthsOfTerabytes(DigestAlgorithm algorithm) {
        CrcCombination combination = CrcCombination.of(algorithm);
        byte[] a = crc(algorithm, new byte[] {1}, 0, 1);
        byte[] b = crc(algorithm, new byte[] {2}, 0, 1);
        byte[] c = crc(algorithm, new byte[] {3}, 0, 1);
        long lengthB = 5L << 40;
        long lengthC = (3L << 39) + 12_345;
        assertThat(combination.combine(combination.combine(a, b, lengthB), c, lengthC))
                .isEqualTo(
                        combination.combine(
                                a, combination.combine(b, c, lengthC), lengthB + lengthC));
    }

    @Test
    void aDigestThatIsNoCrcIsRefused() {
        assertThatThrownBy(() -> CrcCombination.of(DigestAlgorithm.SHA256))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] crc(DigestAlgorithm algorithm, byte[] bytes, int from, int length) {
        DigestSet digests = new DigestSet(Set.of(algorithm));
        digests.update(ByteBuffer.wrap(bytes, from, length));
        return digests.finish().get(algorithm);
    }
}
