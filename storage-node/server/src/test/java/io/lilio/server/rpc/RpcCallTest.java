package io.lilio.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BackendHealth.State;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkDeletedException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkOwner;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.ForwardingChunkStore;
import io.lilio.chunk.MarkedChunk;
import io.lilio.chunk.SampleChunk;
import io.lilio.metadata.Progress;
import io.lilio.placement.MemberId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What travels with a call and its answer. */
class RpcCallTest {

    private static final SampleChunk DELETED = SampleChunk.of(9, 10);

    private final TwoNodes nodes = new TwoNodes();
    private final ChunkStore memory = nodes.memoryStore(4, nodes.time);
    private final FaultyChunkStore faulty = new FaultyChunkStore(memory, nodes.time);
    private final AtomicLong decided = new AtomicLong();
    private ChunkStore remote;

    @BeforeEach
    void connect() throws Exception {
        ChunkStore told =
                new ForwardingChunkStore(faulty) {
                    @Override
                    public void confirm(Collection<ChunkId> ids, long epoch) {
                        decided.set(epoch);
                        super.confirm(ids, epoch);
                    }

                    @Override
                    public void put(ChunkHeader header, ByteBuffer payload) {
                        if (header.id().equals(DELETED.id())) {
                            throw new ChunkDeletedException(header.id(), "it was deleted");
                        }
                        super.put(header, payload);
                    }
                };
        remote = nodes.hosting(told).connect();
    }

    @AfterEach
    void stop() throws Exception {
        nodes.close();
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void whyABackendFailsIsToldWithItsSentence(Reason reason) {
        faulty.fail(reason);

        assertThatThrownBy(() -> remote.stat(SampleChunk.of(1, 10).id()))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> {
                            assertThat(e.reason()).isEqualTo(reason);
                            assertThat(e)
                                    .hasMessageStartingWith("node server at 127.0.0.1:")
                                    .hasMessageEndingWith("STAT failed (injected)");
                        });
    }

    @Test
    void thatAChunkWasDeletedIsTold() {
        assertThatThrownBy(() -> DELETED.putInto(remote))
                .isInstanceOfSatisfying(
                        ChunkDeletedException.class,
                        e -> assertThat(e.id()).isEqualTo(DELETED.id()))
                .hasMessage("chunk " + DELETED.id() + ": it was deleted");
    }

    @Test
    void aFailedPutLeavesTheConnectionAsItWas() {
        faulty.fail(Reason.FULL, Operation.PUT);
        SampleChunk chunk = SampleChunk.of(1, 1 << 20);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> chunk.putInto(remote)).isInstanceOf(BackendException.class);
            assertThat(remote.stat(chunk.id())).isEmpty();
        }
        assertThat(nodes.heard.clientConnectionsEver).hasValue(1);
    }

    @Test
    void aNodeThatIsBehindLoadsTheSendersRingBeforeItServes() {
        nodes.clientEpoch = 9;

        SampleChunk.of(1, 100).putInto(remote);

        assertThat(nodes.serverRing.current()).isEqualTo(9);
    }

    @Test
    void whatNeedsARingThatCannotBeLoadedIsNotDone() {
        nodes.serverRing.loadableUpTo(8);
        nodes.clientEpoch = 9;
        SampleChunk chunk = SampleChunk.of(1, 100_000);

        assertIo(() -> chunk.putInto(remote), "ring epoch 9 cannot be loaded");
        assertIo(() -> remote.stat(chunk.id()), "ring epoch 9 cannot be loaded");
        assertIo(() -> remote.list(0, null, 10), "ring epoch 9 cannot be loaded");
        assertThat(memory.usage().chunks()).isZero();

        nodes.serverRing.loadableUpTo(9);
        chunk.putInto(remote);
        assertThat(memory.stat(chunk.id())).contains(chunk.header());
    }

    @Test
    void aConfirmationSaysUnderWhichRingItWasDecided() {
        SampleChunk chunk = SampleChunk.of(1, 100).putInto(remote);
        nodes.clientEpoch = 12;

        remote.confirm(List.of(chunk.id()), 11);

        assertThat(decided).hasValue(11);
        assertThat(memory.usage().unconfirmed()).isZero();
    }

    @Test
    void aLossIsToldAndEndsWhenItWasMadeGood() throws Exception {
        ChunkStore lossy =
                nodes.hosting(new FaultyChunkStore(memory, nodes.time).lose(-7)).connect();
        assertThat(lossy.usage().loss()).isEqualTo(-7);
        lossy.refilled(5);
        assertThat(lossy.usage().loss()).as("another one").isEqualTo(-7);
        lossy.refilled(-7);
        assertThat(lossy.usage().loss()).isZero();
    }

    @Test
    void aSenderThatIsBehindLearnsTheRing() {
        nodes.serverRing.set(12);

        remote.usage();

        assertThat(nodes.heard.newestEpoch).hasValue(12);
    }

    @Test
    void eachSideLearnsHowFarTheOtherHasSeenTheMetadata() {
        nodes.clientMark.raise(new Progress(2, 6, 700));
        remote.usage();
        assertThat(nodes.serverMark.get()).isEqualTo(new Progress(2, 6, 700));

        nodes.serverMark.raise(new Progress(3, 1, 50));
        nodes.serverRing.loadableUpTo(8);
        nodes.clientEpoch = 9;
        assertIo(remote::usage, "ring epoch 9 cannot be loaded");
        assertThat(nodes.heard.metadata.get())
                .as("a failure tells it too")
                .isEqualTo(new Progress(3, 1, 50));
    }

    @Test
    void aNodeWhoseDeletionBrakeIsEngagedDeletesForNobody() {
        SampleChunk chunk = SampleChunk.of(1, 100);
        chunk.putInto(remote);
        nodes.deletionStopped = true;

        assertThatThrownBy(() -> remote.delete(List.of(chunk.id())))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.READ_ONLY))
                .hasMessageContaining("the deletion brake is engaged here");
        assertThat(memory.stat(chunk.id())).isPresent();

        nodes.deletionStopped = false;
        remote.delete(List.of(chunk.id()));
        assertThat(memory.stat(chunk.id())).isEmpty();
    }

    @Test
    void aMemberThatTheNodeDoesNotHostIsRefusedAndToldApart() throws Exception {
        MemberId other = new MemberId(new UUID(2, 2));
        ChunkStore stray = nodes.connect(other, TwoNodes.PROCESS);

        assertIo(stray::usage, "it does not host member " + other);
        assertThat(nodes.heard.moved).hasSize(1);
        assertThat(nodes.heard.calls).contains("CLIENT usage not-hosted");
    }

    @Test
    void aProcessThatWasStartedAgainIsNotTakenForTheOneBefore() throws Exception {
        ChunkStore old = nodes.connect(TwoNodes.MEMBER, TwoNodes.PROCESS - 1);
        SampleChunk chunk = SampleChunk.of(1, 100_000);

        assertIo(() -> chunk.putInto(old), "it was started again");
        assertThat(memory.usage().chunks()).isZero();
        assertThat(nodes.heard.moved)
                .containsExactly(
                        new PeerAddress(
                                "server",
                                "127.0.0.1",
                                nodes.server().port(),
                                TwoNodes.PROCESS - 1));

        ChunkStore whoever = nodes.connect(TwoNodes.MEMBER, 0);
        chunk.putInto(whoever);
        assertThat(memory.usage().chunks()).isEqualTo(1);
    }

    @Test
    void longListsAreFetchedInPagesThatTheCallerDoesNotSee() {
        Random random = new Random(5);
        var owner = new ChunkOwner.OfObject(new UUID(1, 2), "k".repeat(1024));
        List<ChunkHeader> stored = new ArrayList<>();
        for (int i = 0; stored.size() < 2_500; i++) {
            ChunkId id = new ChunkId(BlobId.random(random), 0, 0);
            if (id.partition(4) == 2) {
                stored.add(SampleChunk.of(id, owner, i, 10).putInto(memory).header());
            }
        }
        stored.sort((a, b) -> a.id().compareTo(b.id()));

        assertThat(remote.list(2, null, 10_000)).isEqualTo(stored);
        assertThat(remote.list(2, stored.get(9).id(), 1_700)).isEqualTo(stored.subList(10, 1_710));
        assertThat(remote.unconfirmed(Duration.ZERO, null, 10_000))
                .extracting(MarkedChunk::header)
                .containsExactlyInAnyOrderElementsOf(stored);
        assertThat(remote.digest(2)).isEqualTo(memory.digest(2));
        assertThat(remote.digest(3)).isEqualTo(memory.digest(3));
        assertThat(remote.digest(3)).isNotEqualTo(remote.digest(2));

        remote.confirm(stored.stream().map(ChunkHeader::id).toList(), SampleChunk.EPOCH);
        assertThat(memory.usage().unconfirmed()).isZero();
        remote.delete(stored.stream().map(ChunkHeader::id).toList());
        assertThat(memory.usage().chunks()).isZero();
    }

    @Test
    void aDigestListsNothingToTheCaller() {
        remote.digest(1);

        assertThat(nodes.heard.calls).contains("CLIENT digest ok").doesNotContain("CLIENT list ok");
    }

    @Test
    @Timeout(60)
    void aNodeThatIsAwayHasFailedHealth() throws Exception {
        assertThat(remote.health().state()).isEqualTo(State.UP);
        faulty.comeBackEmpty();
        eventually(() -> remote.health().timesEmptied() == 1);

        nodes.server().close();

        eventually(() -> remote.health().state() == State.FAILED);
        assertThat(remote.health().detail()).startsWith("node server at 127.0.0.1:");
        assertThat(remote.health().timesEmptied())
                .as("not taken for one that was never emptied")
                .isEqualTo(1);
    }

    /** What is told is what was heard last; the test's time-out ends it when it does not come. */
    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(20);
        }
    }

    private static void assertIo(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO))
                .hasMessageContaining(message);
    }
}
