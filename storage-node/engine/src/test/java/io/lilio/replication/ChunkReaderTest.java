package io.lilio.replication;

import static io.lilio.replication.TestRing.assertSame;
import static io.lilio.replication.TestRing.assertUnavailable;
import static io.lilio.replication.TestRing.eventually;
import static io.lilio.replication.TestRing.sample;
import static io.lilio.replication.TestRing.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.placement.MemberId;
import io.lilio.placement.Replication;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChunkReaderTest {

    private TestRing ring = new TestRing(3, 2, 2);

    @AfterEach
    void everyBufferIsBack() {
        ring.close();
    }

    @Test
    void oneReplicaDeliversAndAnotherIsAskedWhetherItHasIt() {
        SampleChunk chunk = ring.stored(1, 300_000);
        ring.assertReads(chunk);
        eventually("it is counted", () -> ring.listener.count("read true 2 2") == 1);
        assertThat(ring.calls(Operation.READ)).isEqualTo(1);
        assertThat(ring.calls(Operation.STAT)).isEqualTo(1);
    }

    @Test
    void everyRangeDeliversExactlyWhatWasAskedFor() {
        int block = ChunkHeader.BLOCK_BYTES;
        int length = 3 * block + 1_000;
        SampleChunk chunk = ring.stored(1, length);
        int[] edges = {0, 1, block - 1, block, block + 1, 2 * block, 3 * block, length - 1, length};
        for (int from : edges) {
            for (int to : edges) {
                if (to > from) {
                    assertReadsRange(chunk, from, to - from);
                }
            }
        }
    }

    private void assertReadsRange(SampleChunk chunk, int offset, int length) {
        ChunkRange range = new ChunkRange(chunk.id(), 7, chunk.header().length(), offset, length);
        try (ChunkRead read = ring.reader.read(range);
                VerifiedBytes bytes = read.await()) {
            assertThat(bytes.bytes()).isEqualByComparingTo(chunk.payload().slice(offset, length));
            int blocks =
                    (offset + length - 1) / ChunkHeader.BLOCK_BYTES
                            - offset / ChunkHeader.BLOCK_BYTES
                            + 1;
            assertThat(bytes.buffer().size())
                    .as("only the blocks that are touched are read")
                    .isLessThanOrEqualTo(blocks * ChunkHeader.BLOCK_BYTES);
        }
    }

    @Test
    void oneFailingCorruptOrMissingReplicaIsInvisible() {
        int seed = 0;
        for (Reason reason : Reason.values()) {
            seed++;
            SampleChunk chunk = ring.stored(seed, 5_000);
            for (FaultyChunkStore store : ring.stores) {
                store.fail(reason);
                ring.assertReads(chunk);
                store.heal();
            }
        }
        SampleChunk chunk = ring.stored(50, 5_000);
        ring.store(0).flipBit(chunk.id());
        ring.assertReads(chunk);
        SampleChunk other = ring.stored(51, 5_000);
        ring.store(0).delete(List.of(other.id()));
        ring.assertReads(other);
        SampleChunk lost = ring.stored(52, 5_000);
        ring.store(0).loseFile(lost.id());
        ring.assertReads(lost);
        assertThat(ring.listener.count("corrupt a")).isEqualTo(1);
    }

    @Test
    void membersThatKeepFailingAreNotAskedAndTheFailureIsImmediate() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.stores.forEach(store -> store.fail(Reason.IO));
        for (int attempt = 0; attempt < 6; attempt++) {
            try (ChunkRead read = ring.reader.read(whole(chunk))) {
                assertUnavailable(read);
            }
        }
        long reads = ring.calls(Operation.READ);
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            assertUnavailable(read);
        }
        assertThat(ring.calls(Operation.READ)).isEqualTo(reads);
        ring.stores.forEach(FaultyChunkStore::heal);
        ring.time.advance(Duration.ofSeconds(1));
        ring.assertReads(chunk);
    }

    @Test
    void aMemberThatIsWellAgainIsFoundOutByReadsThatDoNotNeedIt() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.store(0).fail(Reason.IO);
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThatThrownBy(() -> ring.client(0).stat(chunk.id())).hasMessageContaining("STAT");
        }
        assertThat(ring.client(0).readState()).isEqualTo(BreakerState.OPEN);
        ring.assertReads(chunk);
        ring.store(0).heal();
        ring.time.advance(Duration.ofSeconds(1));
        ring.assertReads(chunk);
        eventually("a is asked", () -> ring.client(0).readState() == BreakerState.CLOSED);
    }

    @Test
    void aLocatorThatFailsCostsNoBuffer() {
        ring.locator.failing = true;
        ring.locator.slotsFail = true;
        assertThatThrownBy(() -> ring.reader.read(whole(sample(1, 5_000))))
                .hasMessageContaining("injected");
        assertThat(ring.pool.outstandingCount()).isZero();
    }

    /** Each member has the chunk, lacks it, holds a corrupt copy or cannot tell: all of them. */
    @Test
    void oneVerifiedCopyIsEnoughAndNothingElseIs() {
        for (int n = 1; n <= 4; n++) {
            for (int r = 1; r <= n; r++) {
                checkAllCombinations(n, r, false);
            }
        }
    }

    @Test
    void strictReadsWantAsManyAnswersAsTheReadQuorumBesides() {
        for (int n = 1; n <= 4; n++) {
            for (int r = 1; r <= n; r++) {
                checkAllCombinations(n, r, true);
            }
        }
    }

    private static void checkAllCombinations(int n, int r, boolean strict) {
        Replication replication = new Replication(n, n, r, Replication.Spread.HOST, strict);
        try (TestRing ring = new TestRing(replication, TestRing.settings())) {
            for (int combination = 0; combination < 1 << 2 * n; combination++) {
                SampleChunk chunk = sample(combination, 100);
                int present = 0;
                int missing = 0;
                for (int number = 0; number < n; number++) {
                    FaultyChunkStore store = ring.store(number);
                    chunk.putInto(store);
                    switch (combination >> 2 * number & 3) {
                        case 0 -> present++;
                        case 1 -> {
                            missing++;
                            store.delete(List.of(chunk.id()));
                        }
                        case 2 -> store.flipBit(chunk.id());
                        default -> store.fail(Reason.OVERLOADED);
                    }
                }
                boolean served = present > 0 && (!strict || enough(ring, chunk, r));
                try (ChunkRead read = ring.reader.read(whole(chunk))) {
                    if (served) {
                        try (VerifiedBytes bytes = read.await()) {
                            assertSame(chunk, bytes);
                        }
                    } else {
                        assertUnavailable(read);
                    }
                }
                ring.stores.forEach(FaultyChunkStore::heal);
                ring.stores.forEach(store -> store.delete(List.of(chunk.id())));
            }
        }
    }

    /**
     * Members that can say for certain whether they have it; a flipped bit does not show in that.
     */
    private static boolean enough(TestRing ring, SampleChunk chunk, int r) {
        int answers = 0;
        for (FaultyChunkStore store : ring.stores) {
            try {
                store.stat(chunk.id());
                answers++;
            } catch (RuntimeException e) {
                assertThat(e).hasMessageContaining("injected");
            }
        }
        return answers >= r;
    }

    @Test
    void whatIsNotWhereItShouldBeIsLookedUpOnceMore() {
        SampleChunk chunk = sample(1, 5_000);
        MemberId moved = ring.addMember(3);
        chunk.putInto(ring.store(3));
        ring.locator.anew = List.of(moved);
        ring.assertReads(chunk);
        assertThat(ring.locator.lookUps()).isEqualTo(1);
    }

    @Test
    void whatCannotBeFoundIsUnavailableNeverMissing() {
        SampleChunk chunk = sample(1, 5_000);
        try (ChunkRead read = ring.reader.read(whole(chunk))) {
            assertUnavailable(read);
        }
        assertThat(ring.locator.lookUps()).isEqualTo(1);
        assertThat(ring.listener.count("read false 3 0")).isEqualTo(1);
    }

    @Test
    void aLookUpThatFailsLeavesItUnavailable() {
        ring.locator.failing = true;
        try (ChunkRead read = ring.reader.read(whole(sample(1, 5_000)))) {
            assertUnavailable(read);
        }
    }

    @Test
    void aCopyOfAnotherLengthThanTheRecordSaysIsCorrupt() {
        SampleChunk chunk = ring.stored(1, 70_000);
        ChunkRange range = new ChunkRange(chunk.id(), 7, 80_000, 0, 10);
        try (ChunkRead read = ring.reader.read(range)) {
            assertUnavailable(read);
        }
        assertThat(ring.listener.count("corrupt a")).isEqualTo(1);
    }

    @Test
    void theReplicaThatWasSlowOfLateIsReadLess() {
        SampleChunk chunk = ring.stored(1, 5_000);
        ring.client(0).readLatency().measured(50_000_000, ring.time.nanos());
        ring.assertReads(chunk);
        assertThat(ring.store(0).calls(Operation.READ)).isZero();
        ring.time.advance(Duration.ofMinutes(5));
        ring.assertReads(chunk);
        assertThat(ring.store(0).calls(Operation.READ)).as("forgiven").isEqualTo(1);
    }
}
