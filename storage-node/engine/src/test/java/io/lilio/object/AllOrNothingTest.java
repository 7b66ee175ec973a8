package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.object.Attributes;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.FaultyChunkStore.Fault;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.engine.TestEngine;
import io.lilio.maintenance.Maintenance;
import io.lilio.maintenance.run.TaskKind;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What failed leaves nothing behind; what may have happened is left to garbage collection. */
class AllOrNothingTest extends ObjectTest {

    @ParameterizedTest
    @ValueSource(ints = {1, INLINE, CHUNK, 2 * CHUNK, 9 * CHUNK})
    void aClientThatVanishesLeavesNothing(int after) {
        byte[] before = bytes(10, 1);
        put("key", before);
        ArraySource broken =
                new ArraySource(bytes(10 * CHUNK, 2)).inPiecesOf(5_000).breakingAfter(after);
        assertFails(Kind.INCOMPLETE_BODY, () -> put("key", broken));
        assertFails(Kind.INCOMPLETE_BODY, () -> put("new", broken));
        lilio.assertNothingStays();
        assertThat(get("key")).isEqualTo(before);
        assertFails(Kind.NO_SUCH_KEY, () -> get("new"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, CHUNK, 5 * CHUNK})
    void aWrongChecksumLeavesNothing(int size) {
        byte[] bytes = bytes(size, 3);
        ArraySource source =
                new ArraySource(bytes)
                        .claiming(PutAndGetTest.checksum(DigestAlgorithm.SHA1, bytes(9, 4)));
        assertFails(Kind.BAD_DIGEST, () -> put("key", source));
        lilio.assertNothingStays();
        assertFails(Kind.NO_SUCH_KEY, () -> get("key"));
    }

    @Test
    void fewerBytesThanAnnouncedLeaveNothing() {
        ArraySource source =
                new ArraySource(bytes(4 * CHUNK, 3)).announcing(OptionalLong.of(4 * CHUNK + 1));
        assertFails(Kind.INCOMPLETE_BODY, () -> put("key", source));
        lilio.assertNothingStays();
    }

    @Test
    void belowTheQuorumNothingIsVisibleAndNothingStays() {
        lilio.store(0).fail(Reason.IO, Operation.PUT);
        lilio.store(1).fail(Reason.IO, Operation.PUT);
        assertFails(Kind.UNAVAILABLE, () -> put("key", bytes(5 * CHUNK, 1)));
        assertThat(lilio.store(0).hits(Fault.ERROR)).isPositive();
        lilio.store(0).heal();
        lilio.store(1).heal();
        lilio.assertNothingStays();
        assertFails(Kind.NO_SUCH_KEY, () -> get("key"));
    }

    @Test
    void oneSickBackendIsInvisible() {
        byte[] bytes = bytes(5 * CHUNK + 3, 1);
        lilio.store(2).fail(Reason.IO);
        put("key", bytes);
        assertThat(get("key")).isEqualTo(bytes);
        assertThat(lilio.store(2).hits(Fault.ERROR)).isPositive();
    }

    @Test
    void oneSlowBackendIsNotWaitedFor() {
        lilio.store(1).delay(Duration.ofSeconds(2), Operation.PUT);
        byte[] bytes = bytes(CHUNK, 1);
        put("key", bytes);
        assertThat(lilio.store(1).usage().chunks())
                .as("the put returned before the slow backend had its chunk")
                .isZero();
        assertThat(get("key")).isEqualTo(bytes);
    }

    @Test
    void aCommitThatWasAppliedButNotAnsweredKeepsTheChunks() {
        byte[] bytes = bytes(3 * CHUNK, 8);
        ArraySource source = new ArraySource(bytes).atHalf(() -> lilio.metadata().applyAndVanish());
        assertFails(Kind.UNKNOWN_OUTCOME, () -> put("key", source));
        assertThat(lilio.metadata().lostAnswers()).isEqualTo(1);
        assertThat(lilio.engine().sessions().current().inFlight())
                .as("the request holds its session's mark until the fence is bumped")
                .isEqualTo(1);
        lilio.metadata().heal();
        assertThat(lilio.inventory()).hasSize(3);
        assertThat(get("key")).isEqualTo(bytes);
        lilio.engine().sessions().current().bumpFence();
        assertThat(lilio.engine().sessions().current().inFlight()).isZero();
    }

    @Test
    void aCommitWhoseFateIsUnknownDeletesNothing() {
        ArraySource source =
                new ArraySource(bytes(3 * CHUNK, 8)).atHalf(() -> lilio.metadata().dropAndVanish());
        assertFails(Kind.UNKNOWN_OUTCOME, () -> put("key", source));
        lilio.metadata().heal();
        assertThat(lilio.inventory()).hasSize(3);
        assertThat(IntStream.range(0, 3).mapToObj(lilio::store))
                .as("two members acknowledged chunks, which they look up by themselves")
                .anyMatch(store -> !store.unconfirmed(Duration.ZERO, null, 10).isEmpty());
        assertFails(Kind.NO_SUCH_KEY, () -> get("key"));
    }

    /**
     * Who refuses it may be older metadata that were put back in between, and the newer ones, once
     * they are back, name the chunks: what deletes them has to ask the deletion brake.
     */
    @Test
    void aRefusalAfterALostAnswerLeavesTheChunksToTheCollection() {
        put("key", bytes(10, 1));
        Runnable afterItsFateWasFound =
                () -> {
                    calls().delete("key");
                    lilio.objects().buckets().delete(BUCKET);
                };
        lilio.metadata().dropOne(() -> lilio.interrupted().afterReads(1, afterItsFateWasFound));
        assertFails(Kind.NO_SUCH_BUCKET, () -> put("key", bytes(3 * CHUNK, 8)));
        assertThat(lilio.metadata().lostAnswers()).isEqualTo(1);
        lilio.awaitBuffers();
        assertThat(lilio.inventory()).hasSize(3);
        try (Maintenance maintenance = lilio.maintenance(Duration.ZERO)) {
            maintenance.runNow(TaskKind.ORPHANS);
        }
        lilio.assertNothingStays();
    }

    @Test
    void withoutMetadataNothingIsServed() {
        put("key", bytes(10, 1));
        lilio.metadata().goAway();
        assertFails(Kind.UNAVAILABLE, () -> get("key"));
        assertFails(Kind.UNAVAILABLE, () -> put("key", bytes(CHUNK, 1)));
        assertFails(Kind.UNAVAILABLE, () -> lilio.objects().head().head(ReadRequest.of(at("key"))));
        assertFails(
                Kind.UNAVAILABLE,
                () -> lilio.objects().delete().delete(DeleteRequest.of(at("key"))));
        lilio.metadata().heal();
        lilio.assertNothingStays();
    }

    @Test
    void metadataThatVanishDuringTheBodyLeaveNothing() {
        ArraySource source =
                new ArraySource(bytes(3 * CHUNK, 8)).atHalf(() -> lilio.metadata().goAway());
        assertFails(Kind.UNAVAILABLE, () -> put("key", source));
        lilio.metadata().heal();
        lilio.assertNothingStays();
    }

    @Test
    void aBucketThatWentAwayMeanwhileTakesNothing() {
        ArraySource source =
                new ArraySource(bytes(3 * CHUNK, 8))
                        .atHalf(() -> lilio.objects().buckets().delete(BUCKET));
        assertFails(Kind.NO_SUCH_BUCKET, () -> put("key", source));
        lilio.assertNothingStays();
    }

    @Test
    void withoutBuffersClientsAreAskedToSlowDown() {
        lilio.close();
        ObjectSettings impatient =
                new ObjectSettings(
                        INLINE,
                        CHUNK,
                        CHUNK,
                        Duration.ofMillis(50),
                        settings().pace(),
                        EtagMode.MD5);
        lilio = TestEngine.openWith(impatient);
        createBucket();
        var buffers = lilio.engine().buffers();
        var taken = buffers.acquire((int) TestEngine.POOL_BYTES, Duration.ZERO);
        assertFails(Kind.SLOW_DOWN, () -> put("key", bytes(CHUNK, 1)));
        put("small", bytes(10, 1));
        taken.release();
        put("key", bytes(CHUNK, 1));
    }

    @Test
    void whatIsTooSlowEnds() {
        lilio.close();
        ObjectSettings hasty =
                new ObjectSettings(
                        INLINE,
                        CHUNK,
                        CHUNK,
                        settings().bufferWait(),
                        new ObjectSettings.Pace(Duration.ofHours(1), 1L << 50, Duration.ZERO),
                        EtagMode.MD5);
        lilio = TestEngine.openWith(hasty);
        createBucket();
        assertFails(
                Kind.REQUEST_TIMEOUT,
                () ->
                        lilio.objects()
                                .put()
                                .put(
                                        PutRequest.of(at("key"), Attributes.none()),
                                        new ArraySource(bytes(2 * CHUNK, 1))));
        lilio.assertNothingStays();
        assertThat(lilio.engine().sessions().current().inFlight()).isZero();
    }
}
