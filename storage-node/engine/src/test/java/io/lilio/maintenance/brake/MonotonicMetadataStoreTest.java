package io.lilio.maintenance.brake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.ring.RingCache;
import io.lilio.catalog.ring.RingStore;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.RunnerParts;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.ForwardingMetadataStore;
import io.lilio.metadata.MetadataBehindException;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Progress;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.metadata.session.Sessions;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.time.SystemTime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MonotonicMetadataStoreTest {

    private static final Bytes KEY = Bytes.ofUtf8("x");

    private final SystemTime time = new SystemTime();
    private final MemoryMetadataStore newer = cluster(100);
    private final MemoryMetadataStore older = cluster(10);
    private final Exchangeable below = new Exchangeable(newer);
    private final MonotonicMetadataStore store = new MonotonicMetadataStore(below);

    /** A store in whose place another one is put. */
    private static final class Exchangeable extends ForwardingMetadataStore {
        private volatile MetadataStore now;

        Exchangeable(MetadataStore first) {
            super(first);
            this.now = first;
        }

        @Override
        public ReadResult read(List<Bytes> keys) {
            return now.read(keys);
        }

        @Override
        public ReadView view() {
            return now.view();
        }

        @Override
        public long revision() {
            return now.revision();
        }

        @Override
        public CommitResult commit(Txn txn) {
            return now.commit(txn);
        }
    }

    @BeforeEach
    void seen() {
        assertThat(store.revision()).isEqualTo(newer.revision());
        below.now = older;
    }

    @AfterEach
    void close() {
        newer.close();
        older.close();
        time.close();
    }

    @Test
    void nothingIsAnsweredFromOlderMetadataUntilTheNewerAreBack() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(store::revision).isInstanceOf(MetadataBehindException.class);
            assertThatThrownBy(() -> store.read(List.of(KEY)))
                    .isInstanceOf(MetadataBehindException.class);
            assertThatThrownBy(store::view).isInstanceOf(MetadataBehindException.class);
            assertThatThrownBy(() -> store.grantLease(Duration.ofSeconds(5)))
                    .isInstanceOf(MetadataBehindException.class);
        }
        below.now = newer;
        assertThat(store.read(List.of(KEY)).revision()).isEqualTo(newer.revision());
        assertThat(store.commit(put("after"))).isInstanceOf(CommitResult.Committed.class);
    }

    @Test
    void beatsDoNotMakeUpForARevisionThatIsLess() {
        assertThat(brake(older).beat()).isTrue();
        assertThatThrownBy(store::revision).isInstanceOf(MetadataBehindException.class);
    }

    @Test
    void whatAddsDataIsCountedAndNothingElse() {
        below.now = newer;
        store.commit(put("a"));
        store.commit(Txn.upkeep().delete(KEY).build());
        long _ = store.revision();
        assertThat(store.grown()).isOne();
    }

    @Test
    void aTransactionThatOlderMetadataTookIsUnknownAndNoOtherIsSentToThem() {
        assertThat(store.commit(put("lost"))).isInstanceOf(CommitResult.Unknown.class);
        long revision = older.revision();
        assertThatThrownBy(() -> store.commit(put("another")))
                .isInstanceOf(MetadataBehindException.class);
        assertThat(older.revision()).isEqualTo(revision);
    }

    @Test
    void onceTheLossIsAcknowledgedAnywhereTheOlderOnesAreServed() {
        assertThatThrownBy(store::revision).isInstanceOf(MetadataBehindException.class);
        DeletionBrake elsewhere = brake(older);
        elsewhere.mark().raise(new Progress(0, 0, newer.revision()));
        assertThat(elsewhere.reason()).isPresent();
        assertThat(elsewhere.acknowledge(elsewhere.engagement().orElseThrow().token())).isTrue();
        assertThat(store.revision()).isEqualTo(older.revision());
        assertThat(store.commit(put("goes on"))).isInstanceOf(CommitResult.Committed.class);
    }

    @Test
    void aSessionEndsAndAnotherBeginsOnceTheLossIsAcknowledged() throws Exception {
        below.now = newer;
        SessionSettings settings = SessionSettings.of("node", "");
        try (Sessions sessions =
                new Sessions(
                        store,
                        new SessionSettings(
                                settings.node(),
                                settings.address(),
                                List.of(),
                                Duration.ofSeconds(3),
                                Duration.ofMillis(10)),
                        List.of(),
                        time,
                        new Random(1))) {
            long first = sessions.current().incarnation();
            below.now = older;
            while (!sessions.current().isEnded()) {
                Thread.sleep(5);
            }
            below.now = newer;
            while (sessions.current().isEnded()) {
                Thread.sleep(5);
            }
            assertThat(sessions.current().incarnation()).isGreaterThan(first);
        }
    }

    @Test
    void theRingOfAcknowledgedOlderMetadataReplacesTheNewerOneThatIsLost() {
        below.now = newer;
        try (RingCache ring = RingCache.open(store, time)) {
            Ring lost = ring.current().ring();
            newer.commit(put("lost"));
            assertThat(new RingStore(newer).replace(lost, lost.withSameTables(members("lost"))))
                    .isPresent();
            assertThat(ring.refresh().ring().members().getFirst().name()).isEqualTo("lost");
            below.now = older;
            assertThatThrownBy(ring::refresh).isInstanceOf(MetadataBehindException.class);
            DeletionBrake brake = brake(older);
            brake.mark().raise(new Progress(0, 0, newer.revision()));
            brake.begin();
            assertThat(brake.acknowledge(brake.engagement().orElseThrow().token())).isTrue();
            assertThat(ring.refresh().ring().members().getFirst().name()).isEqualTo("b");
            assertThatCode(() -> ring.knowing(1)).doesNotThrowAnyException();
        }
    }

    private DeletionBrake brake(MetadataStore metadata) {
        return DeletionBrake.remembering(
                List.of(),
                metadata,
                new RunnerParts(metadata, time, new Random(1), "n", MaintenanceListener.NONE),
                BrakeSettings.DEFAULTS);
    }

    private static Txn put(String value) {
        return Txn.grow().put(KEY, Bytes.ofUtf8(value)).build();
    }

    private static List<Member> members(String name) {
        return List.of(
                new Member(
                        new MemberId(new UUID(1, 1)), name, "n", "h", "", 1, MemberState.ACTIVE));
    }

    private MemoryMetadataStore cluster(int revisions) {
        var metadata = new MemoryMetadataStore(time);
        var replication = new Replication(1, 1, 1, Replication.Spread.HOST, false);
        new RingStore(metadata)
                .create(new UUID(9, 1), Ring.create(Partitioning.of(1), replication, members("b")));
        for (int i = 0; i < revisions; i++) {
            metadata.commit(put("" + i));
        }
        return metadata;
    }
}
