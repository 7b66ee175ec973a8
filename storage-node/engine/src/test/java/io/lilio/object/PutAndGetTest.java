package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.digest.Checksum;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.digest.DigestSet;
import io.lilio.engine.TestEngine;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PutAndGetTest extends ObjectTest {

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                INLINE - 1,
                INLINE,
                INLINE + 1,
                CHUNK - 1,
                CHUNK,
                CHUNK + 1,
                2 * CHUNK,
                3 * CHUNK,
                3 * CHUNK + 1,
                4 * CHUNK,
                7 * CHUNK - 1,
                20 * CHUNK + 17
            })
    void whatWasPutComesBack(int size) throws Exception {
        byte[] bytes = bytes(size, size);
        String md5 = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        for (ArraySource source :
                List.of(
                        new ArraySource(bytes),
                        new ArraySource(bytes).withoutLength(),
                        new ArraySource(bytes).inPiecesOf(1 + size / 5),
                        new ArraySource(bytes).inPiecesOf(1 + size / 7).withoutLength())) {
            PutResult result = put("key", source);
            assertThat(result.etag()).isEqualTo(md5);
            assertThat(result.size()).isEqualTo(size);
            assertThat(get("key")).isEqualTo(bytes);
        }
        int chunks = size <= INLINE ? 0 : (size + CHUNK - 1) / CHUNK;
        assertThat(lilio.inventory())
                .as("chunks of four objects, three of them overwritten and not swept yet")
                .hasSize(4 * chunks);
    }

    @ParameterizedTest
    @ValueSource(ints = {INLINE + 1, CHUNK - 1, CHUNK})
    void whatTheSourceKnowsOfItsOnlyChunkIsNotComputedAgain(int size) {
        byte[] known = bytes(32, 7);
        for (ArraySource source :
                List.of(
                        new ArraySource(bytes(size, size)),
                        new ArraySource(bytes(size, size)).inPiecesOf(1 + size / 5))) {
            put("key", source.knowing(known));
        }
        assertThat(lilio.headers())
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(header -> assertThat(header.sha256()).isEqualTo(known));
    }

    @Test
    void whatTheSourceKnowsOfAllIsNotTakenForThatOfOneChunk() throws Exception {
        byte[] bytes = bytes(CHUNK + 1, 3);
        put("key", new ArraySource(bytes).knowing(bytes(32, 7)));
        assertThat(lilio.headers())
                .hasSizeGreaterThanOrEqualTo(4)
                .extracting(header -> HexFormat.of().formatHex(header.sha256()))
                .containsOnly(
                        sha256(Arrays.copyOf(bytes, CHUNK)),
                        sha256(Arrays.copyOfRange(bytes, CHUNK, CHUNK + 1)));
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void everyRangeIsWhatTheArrayHoldsThere() {
        int size = 5 * CHUNK + 4_321;
        byte[] bytes = bytes(size, 42);
        put("key", bytes);
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            int first = random.nextInt(size);
            int last = first + random.nextInt(size);
            int end = Math.min(last + 1, size);
            assertThat(get(range(first, last)))
                    .as("bytes=%d-%d", first, last)
                    .isEqualTo(Arrays.copyOfRange(bytes, first, end));
        }
        assertThat(get(ReadRequest.of(at("key"), new ReadRange.Suffix(10))))
                .isEqualTo(Arrays.copyOfRange(bytes, size - 10, size));
        assertThat(
                        get(
                                ReadRequest.of(
                                        at("key"),
                                        new ReadRange.FromTo(size - 1, OptionalLong.empty()))))
                .isEqualTo(Arrays.copyOfRange(bytes, size - 1, size));
    }

    @Test
    void aRangeBehindTheEndTellsTheSize() {
        put("key", bytes(100, 1));
        var failure = assertFails(Kind.INVALID_RANGE, () -> get(range(100, 200)));
        assertThat(failure.about().orElseThrow().sizeBytes()).isEqualTo(100);
    }

    @Test
    void attributesAndChecksumComeBackWithTheObject() {
        byte[] bytes = bytes(3 * CHUNK, 9);
        Checksum checksum = checksum(DigestAlgorithm.SHA256, bytes);
        Attributes attributes = TestEngine.attributes("text/x-lilio");
        PutRequest request =
                new PutRequest(
                        at("key"),
                        attributes,
                        Conditions.none(),
                        Optional.of(DigestAlgorithm.SHA256));
        PutResult result =
                lilio.objects().put().put(request, new ArraySource(bytes).claiming(checksum));
        assertThat(result.checksum()).contains(checksum);
        ObjectInfo info = head("key");
        assertThat(info.attributes()).isEqualTo(attributes);
        assertThat(info.checksum()).contains(checksum);
        assertThat(info.versionId()).isEmpty();
        assertThat(info.parts()).isZero();
    }

    @Test
    void withoutMd5TheEtagIsOpaqueAndNeverTheSame() {
        lilio.close();
        ObjectSettings opaque =
                new ObjectSettings(
                        INLINE,
                        CHUNK,
                        CHUNK,
                        settings().bufferWait(),
                        settings().pace(),
                        EtagMode.OPAQUE);
        lilio = TestEngine.openWith(opaque);
        createBucket();
        String first = put("key", bytes(10, 1)).etag();
        String second = put("key", bytes(10, 1)).etag();
        assertThat(first).matches("[0-9a-f]{32}-1").isNotEqualTo(second);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, CHUNK - 1, CHUNK, CHUNK + 1, CHUNK + 2, 2 * CHUNK + 1})
    void aWholeChunkMayRideInTheRecord(int size) {
        lilio.close();
        ObjectSettings inline =
                new ObjectSettings(
                        CHUNK,
                        CHUNK,
                        CHUNK,
                        settings().bufferWait(),
                        settings().pace(),
                        EtagMode.MD5);
        lilio = TestEngine.openWith(inline);
        createBucket();
        byte[] bytes = bytes(size, size);
        for (ArraySource source :
                List.of(new ArraySource(bytes), new ArraySource(bytes).withoutLength())) {
            put("key", source);
            assertThat(get("key")).isEqualTo(bytes);
        }
    }

    @Test
    void whatIsNotThereIsToldApart() {
        assertFails(Kind.NO_SUCH_KEY, () -> get("nothing"));
        assertFails(
                Kind.NO_SUCH_BUCKET, () -> get(ReadRequest.of(new ObjectAddress("other", "key"))));
        assertFails(
                Kind.NO_SUCH_BUCKET,
                () ->
                        lilio.objects()
                                .put()
                                .put(
                                        PutRequest.of(
                                                new ObjectAddress("other", "key"),
                                                Attributes.none()),
                                        new ArraySource(new byte[1])));
        assertFails(Kind.KEY_TOO_LONG, () -> at("k".repeat(1_025)));
        assertFails(Kind.INVALID_ARGUMENT, () -> at(""));
    }

    private static ReadRequest range(long first, long last) {
        return ReadRequest.of(at("key"), new ReadRange.FromTo(first, OptionalLong.of(last)));
    }

    static Checksum checksum(DigestAlgorithm algorithm, byte[] bytes) {
        DigestSet digests = new DigestSet(Set.of(algorithm));
        digests.update(ByteBuffer.wrap(bytes));
        return digests.finish().checksum(algorithm).orElseThrow();
    }
}
