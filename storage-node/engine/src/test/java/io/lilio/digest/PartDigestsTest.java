package io.lilio.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartDigestsTest {

    private final List<byte[]> parts = parts();

    @Test
    void theEtagIsTheMd5OfTheMd5sAndTheirNumber() {
        PartDigests digests = PartDigests.withoutChecksum();
        byte[] joined = new byte[3 * 16];
        for (int i = 0; i < parts.size(); i++) {
            byte[] md5 = digest(DigestAlgorithm.MD5, parts.get(i));
            System.arraycopy(md5, 0, joined, i * 16, 16);
            digests.add(md5, parts.get(i).length, null);
        }
        PartDigests.Result result = digests.finish();
        assertThat(result.etag())
                .isEqualTo(HexFormat.of().formatHex(digest(DigestAlgorithm.MD5, joined)) + "-3");
        assertThat(result.checksum()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void aFullObjectChecksumIsThatOfTheJoinedParts(DigestAlgorithm algorithm) {
        Checksum checksum =
                over(PartDigests.withChecksum(algorithm, Checksum.Type.FULL_OBJECT), algorithm);
        assertThat(checksum).isEqualTo(Checksum.ofBytes(algorithm, digest(algorithm, joined())));
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "SHA1", "SHA256"})
    void aCompositeChecksumIsThatOfTheChecksums(DigestAlgorithm algorithm) {
        Checksum checksum =
                over(PartDigests.withChecksum(algorithm, Checksum.Type.COMPOSITE), algorithm);
        int length = algorithm.lengthBytes();
        byte[] values = new byte[3 * length];
        for (int i = 0; i < 3; i++) {
            System.arraycopy(digest(algorithm, parts.get(i)), 0, values, i * length, length);
        }
        assertThat(checksum.value())
                .isEqualTo(Base64.getEncoder().encodeToString(digest(algorithm, values)) + "-3");
        assertThat(checksum.bytes()).isEqualTo(digest(algorithm, values));
    }

    @Test
    void aPartWithoutTheChecksumIsRefused() {
        PartDigests digests =
                PartDigests.withChecksum(DigestAlgorithm.CRC32, Checksum.Type.COMPOSITE);
        assertThatThrownBy(() -> digests.add(new byte[16], 1, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("part 1 has no CRC32");
        assertThatThrownBy(
                        () ->
                                PartDigests.withChecksum(
                                        DigestAlgorithm.SHA1, Checksum.Type.FULL_OBJECT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Checksum over(PartDigests digests, DigestAlgorithm algorithm) {
        for (byte[] part : parts) {
            digests.add(
                    digest(DigestAlgorithm.MD5, part),
                    part.length,
                    Checksum.ofBytes(algorithm, digest(algorithm, part)));
        }
        return digests.finish().checksum().orElseThrow();
    }

    private byte[] joined() {
        ByteBuffer joined = ByteBuffer.allocate(parts.stream().mapToInt(p -> p.length).sum());
        parts.forEach(joined::put);
        return joined.array();
    }

    private static byte[] digest(DigestAlgorithm algorithm, byte[] bytes) {
        DigestSet digests = new DigestSet(Set.of(algorithm));
        digests.update(ByteBuffer.wrap(bytes));
        return digests.finish().get(algorithm);
    }

    private static List<byte[]> parts() {
        Random random = new Random(11);
        List<byte[]> parts = new ArrayList<>();
        for (int length : new int[] {5_000, 7_777, 1}) {
            byte[] part = new byte[length];
            random.nextBytes(part);
            parts.add(part);
        }
        return parts;
    }
}
