package io.lilio.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.MemberStatus;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.replication.MemberStore;
import io.lilio.replication.Members;
import io.lilio.replication.ReplicationListener;
import io.lilio.replication.ReplicationSettings;
import io.lilio.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemberProbeTest {

    private static final Member MEMBER =
            new Member(
                    new MemberId(new UUID(1, 1)),
                    "disk1",
                    "node-1",
                    "host-1",
                    "",
                    1,
                    MemberState.ACTIVE);

    private final ManualTime time = new ManualTime();
    private final FaultyChunkStore store =
            new FaultyChunkStore(
                    new MemoryChunkStore(new MemoryChunkStoreSettings("disk1", 16, 16 << 20), time),
                    time);
    private final Members members =
            new Members(
                    ReplicationSettings.defaults(),
                    time,
                    Thread.ofVirtual().factory(),
                    ReplicationListener.NONE);

    MemberProbeTest() {
        members.add(new MemberStore(MEMBER.id(), MEMBER.name(), MEMBER.node(), true, store));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private MemberStatus.Usage usage() {
        MemberStatus status =
                new MemberProbe(Thread.ofVirtual().factory())
                        .ask(List.of(MEMBER), members)
                        .getFirst();
        assertThat(status.answered()).isTrue();
        return Objects.requireNonNull(status.usage());
    }

    @Test
    void theAgeOfTheOldestUnconfirmedChunkIsTold() {
        assertThat(usage().unconfirmedSince()).isNull();
        SampleChunk first = SampleChunk.of(1, 5_000).putInto(store);
        Instant since = time.now();
        time.advance(Duration.ofMinutes(1));
        SampleChunk second = SampleChunk.of(2, 5_000).putInto(store);
        Instant later = time.now();
        assertThat(usage().unconfirmedSince()).isEqualTo(since);
        store.confirm(List.of(first.id()), SampleChunk.EPOCH);
        assertThat(usage().unconfirmedSince()).isEqualTo(later);
        store.confirm(List.of(second.id()), SampleChunk.EPOCH);
        assertThat(usage().unconfirmed()).isZero();
        assertThat(usage().unconfirmedSince()).isNull();
    }

    @Test
    void whoCannotTellTheAgeTellsTheRest() {
        SampleChunk.of(1, 5_000).putInto(store);
        store.fail(Reason.IO, Operation.UNCONFIRMED);
        assertThat(usage().unconfirmed()).isOne();
        assertThat(usage().unconfirmedSince()).as("unknown").isNull();
    }

    @Test
    void whoLostChunksIsSaidToLackThemUntilARepairHasFilledIt() {
        assertThat(usage().lacking()).isFalse();
        store.lose(9);
        assertThat(usage().lacking()).isTrue();
        store.refilled(9);
        assertThat(usage().lacking()).isFalse();
    }
}
