package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkHeaderCodec;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkOrigin;
import io.lilio.chunk.ChunkOwner;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The stored form of a chunk is fixed for ever: these bytes are what older versions wrote. */
class ChunkFrameTest {

    private static final ChunkId ID = new ChunkId(new BlobId(0xA1L << 56, 2), 3, 0);
    private static final long SALT = 0x1122334455667788L;

    private static ChunkHeader header(ChunkOwner owner) {
        ByteBuffer payload =
                ByteBuffer.wrap("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return ChunkHeader.of(ID, new ChunkOrigin(4, 5, 6, owner), payload);
    }

    private static byte[] frame(ChunkHeader header, boolean copied) {
        ByteBuffer to = ByteBuffer.allocate(4096);
        ChunkFrame.write(header.id(), ChunkHeaderCodec.encode(header), copied, SALT, to);
        byte[] bytes = new byte[to.position()];
        to.flip().get(bytes);
        return bytes;
    }

    @Test
    void anObjectsChunkIsStoredAsEver() {
        byte[] bytes = frame(header(new ChunkOwner.OfObject(new UUID(7, 8), "k/ä")), false);

        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo(
                        "4c43484b01000000000000581122334455667788a100000000000000000000000000000200000003"
                                + "00000000010000000500000000000000040000000000000005000000000000000601000000000000"
                                + "0007000000000000000800046b2fc3a42cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e"
                                + "73043362938b98249a71bb4c75ad69e8");
    }

    @Test
    void aPartsChunkIsStoredAsEver() {
        ChunkOwner owner = new ChunkOwner.OfPart(new UUID(7, 8), "k", new UUID(9, 10), 10_000);

        assertThat(HexFormat.of().formatHex(frame(header(owner), true)))
                .isEqualTo(
                        "4c43484b01010000000000671122334455667788a100000000000000000000000000000200000003"
                                + "00000000010000000500000000000000040000000000000005000000000000000602000000000000"
                                + "0007000000000000000800016b0000000000000009000000000000000a27102cf24dba5fb0a30e26"
                                + "e83b2ac5b9e29e1b161e5c1fa7425e73043362938b98249a71bb4cc17f2165");
    }

    @Test
    void aFrameIsReadBackOnlyWholeAndWithItsSalt() {
        ChunkHeader header = header(new ChunkOwner.OfObject(new UUID(7, 8), "key"));
        byte[] bytes = frame(header, true);

        assertThat(ChunkFrame.read(ByteBuffer.wrap(bytes), SALT))
                .contains(new ChunkFrame(header, true, bytes.length));
        assertThat(ChunkFrame.read(ByteBuffer.wrap(bytes), SALT + 1)).isEmpty();
        for (int length = 0; length < bytes.length; length++) {
            assertThat(ChunkFrame.read(ByteBuffer.wrap(bytes, 0, length), SALT)).isEmpty();
        }
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(ChunkFrame.read(ByteBuffer.wrap(flipped), SALT)).as("bit %d", bit).isEmpty();
        }
    }

    @Test
    void aHeaderOfAnotherVersionIsNotGuessedAt() {
        byte[] encoded =
                ChunkHeaderCodec.encode(header(new ChunkOwner.OfObject(new UUID(7, 8), "k")));
        encoded[0] = 2;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChunkHeaderCodec.decode(ID, ByteBuffer.wrap(encoded)))
                .withMessageContaining("version 2");
    }

    @Test
    void theOrderOfStoredIdsIsThatOfIds() {
        ChunkId[] ids = {
            new ChunkId(new BlobId(1, -1), 0, 0),
            new ChunkId(new BlobId(2, 1), Integer.MAX_VALUE, 0),
            new ChunkId(new BlobId(2, 2), 0, 1),
            new ChunkId(new BlobId(-1, 0), 0, 0)
        };
        for (int i = 1; i < ids.length; i++) {
            assertThat(ids[i - 1]).isLessThan(ids[i]);
            assertThat(stored(ids[i - 1])).isLessThan(stored(ids[i]));
        }
    }

    /** Hexadecimal digits compare as the unsigned bytes they stand for. */
    private static String stored(ChunkId id) {
        ByteBuffer bytes = ByteBuffer.allocate(ChunkHeaderCodec.ID_BYTES);
        ChunkHeaderCodec.writeId(id, bytes);
        return HexFormat.of().formatHex(bytes.array());
    }

    @Test
    void aFilesNameTellsItsChunk() {
        ChunkFileName name = new ChunkFileName(ID, 17);

        assertThat(name).hasToString("a1000000000000000000000000000002.3.0-17");
        assertThat(ChunkFileName.parse(name.toString())).contains(name);
        assertThat(ChunkFileName.parse("lost+found")).isEmpty();
        assertThat(ChunkFileName.parse(name + ".tmp")).isEmpty();
    }
}
