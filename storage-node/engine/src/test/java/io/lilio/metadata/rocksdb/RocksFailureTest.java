package io.lilio.metadata.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataFullException;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import io.lilio.metadata.ViewExpiredException;
import io.lilio.rocks.RocksMemory;
import io.lilio.time.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** Disks that fill up, fail and hang; stores that are opened again. */
class RocksFailureTest {

    @TempDir Path directory;

    private final RocksMemory memory = new RocksMemory(16 << 20, 4 << 20);
    private final ManualTime time = new ManualTime();
    private final AtomicLong freeMiB = new AtomicLong(10_000);

    @AfterEach
    void closeMemory() {
        memory.close();
    }

    @Test
    void whatWasCommittedIsThereAfterOpeningAgainAndTheRevisionGoesOn() {
        long revision;
        try (RocksMetadataStore store = open(Database::write)) {
            revision = put(store, "a", "1");
            put(store, "gone", "1");
            revision = Math.max(revision, delete(store, "gone"));
        }
        try (RocksMetadataStore store = open(Database::write)) {
            assertThat(store.revision()).isEqualTo(revision);
            assertThat(value(store, "a")).isEqualTo("1");
            assertThat(value(store, "gone")).isEqualTo("nothing");
            assertThat(put(store, "a", "2")).isEqualTo(revision + 1);
        }
    }

    @Test
    void leasesEndWithTheStoreAndTheirNamesAreNotUsedAgain() {
        LeaseId old;
        long revision;
        try (RocksMetadataStore store = open(Database::write)) {
            old = store.grantLease(Duration.ofSeconds(10));
            store.commit(
                    Txn.grow()
                            .put(bytes("leased"), bytes("1"), old)
                            .put(bytes("free"), bytes("1"))
                            .build());
            revision = store.revision();
        }
        try (RocksMetadataStore store = open(Database::write)) {
            assertThat(value(store, "leased")).isEqualTo("nothing");
            assertThat(value(store, "free")).isEqualTo("1");
            assertThat(store.revision()).isEqualTo(revision + 1);
            assertThat(store.keepAlive(old)).isFalse();
            assertThat(store.grantLease(Duration.ofSeconds(10))).isNotEqualTo(old);
        }
    }

    @Test
    void aDirectoryIsOpenedOnce() {
        try (RocksMetadataStore store = open(Database::write)) {
            assertThatThrownBy(() -> open(Database::write))
                    .isInstanceOf(MetadataUnavailableException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("in use");
            put(store, "a", "1");
        }
    }

    @Test
    void aDiskThatIsNearlyFullTakesUpkeepButNoNewData() {
        try (RocksMetadataStore store = open(Database::write)) {
            put(store, "a", "1");
            freeMiB.set(90);
            time.advance(Duration.ofSeconds(2));

            assertThatThrownBy(() -> put(store, "b", "1"))
                    .isInstanceOf(MetadataFullException.class)
                    .hasMessageContaining("90 MiB");
            assertThat(value(store, "b")).isEqualTo("nothing");
            delete(store, "a");

            freeMiB.set(10);
            time.advance(Duration.ofSeconds(2));
            assertThat(delete(store, "a")).as("a full store can be emptied").isPositive();

            freeMiB.set(2);
            time.advance(Duration.ofSeconds(2));
            assertThatThrownBy(() -> delete(store, "a"))
                    .isInstanceOf(MetadataFullException.class)
                    .hasMessageContaining("even deletes need 3 MiB");

            freeMiB.set(10_000);
            time.advance(Duration.ofSeconds(2));
            put(store, "b", "1");
        }
    }

    @Test
    void aFailedWriteIsUnknownAndTheStoreOpensItselfAgain() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        try (RocksMetadataStore store =
                open(
                        (database, batch) -> {
                            if (broken.get()) {
                                throw new RocksDBException("the disk is broken on purpose");
                            }
                            database.write(batch);
                        })) {
            long revision = put(store, "a", "1");
            LeaseId lease = store.grantLease(Duration.ofSeconds(60));
            LeaseId expiring = store.grantLease(Duration.ofMillis(500));
            store.commit(Txn.grow().put(bytes("leased"), bytes("1"), lease).build());
            store.commit(Txn.grow().put(bytes("expiring"), bytes("1"), expiring).build());
            CountDownLatch lost = new CountDownLatch(1);
            store.watch(
                    new KeyRange(bytes("a"), bytes("z")),
                    store.revision(),
                    change -> {},
                    lost::countDown);
            ReadView view = store.view();

            broken.set(true);
            assertThat(store.commit(Txn.grow().put(bytes("a"), bytes("2")).build()))
                    .isInstanceOf(CommitResult.Unknown.class);
            assertThatThrownBy(() -> put(store, "b", "1"))
                    .isInstanceOf(MetadataUnavailableException.class)
                    .hasMessageContaining("broken on purpose");
            assertThat(value(store, "a")).as("reads go on").isEqualTo("1");

            broken.set(false);
            try (ExecutorService clock = Executors.newSingleThreadExecutor()) {
                AtomicBoolean done = new AtomicBoolean();
                Future<?> moving =
                        clock.submit(
                                () -> {
                                    while (!done.get()) {
                                        time.advance(Duration.ofMillis(100));
                                        Thread.sleep(5);
                                    }
                                    return null;
                                });
                assertThat(lost.await(60, TimeUnit.SECONDS)).isTrue();
                long next = retryingPut(store, "b", "1");
                assertThat(next).isGreaterThan(revision);
                awaitGone(store, "expiring");
                done.set(true);
                moving.get();
            }
            assertThat(value(store, "a")).isEqualTo("1");
            assertThat(value(store, "leased")).isEqualTo("1");
            assertThatThrownBy(() -> view.read(List.of(bytes("a"))))
                    .isInstanceOf(ViewExpiredException.class);
            view.close();
            store.revokeLease(lease);
            assertThat(value(store, "leased")).isEqualTo("nothing");
        }
    }

    @Test
    void aDiskThatHangsLeavesTheBatchUnknownAndTheQueueUntouched() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean hang = new AtomicBoolean(true);
        try (RocksMetadataStore store =
                        open(
                                (database, batch) -> {
                                    if (hang.getAndSet(false)) {
                                        writing.countDown();
                                        awaitQuietly(release);
                                    }
                                    database.write(batch);
                                });
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CommitResult> inBatch =
                    callers.submit(
                            () -> store.commit(Txn.grow().put(bytes("a"), bytes("1")).build()));
            writing.await();
            Future<CommitResult> queued =
                    callers.submit(
                            () -> store.commit(Txn.grow().put(bytes("b"), bytes("1")).build()));
            while (store.stats().waiting() == 0) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 10; i++) {
                time.advance(Duration.ofSeconds(3));
            }
            assertThat(inBatch.get()).isInstanceOf(CommitResult.Unknown.class);
            assertThatThrownBy(queued::get).hasCauseInstanceOf(MetadataUnavailableException.class);

            release.countDown();
            put(store, "c", "1");
            assertThat(value(store, "a")).as("it happened after all").isEqualTo("1");
            assertThat(value(store, "b")).as("certainly not applied").isEqualTo("nothing");
        }
    }

    @Test
    void theKeysOfALeaseThatCouldNotBeRevokedInTimeGoAMomentLater() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean hang = new AtomicBoolean();
        try (RocksMetadataStore store =
                        open(
                                (database, batch) -> {
                                    if (hang.getAndSet(false)) {
                                        writing.countDown();
                                        awaitQuietly(release);
                                    }
                                    database.write(batch);
                                });
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            LeaseId lease = store.grantLease(Duration.ofMinutes(10));
            store.commit(Txn.grow().put(bytes("leased"), bytes("1"), lease).build());
            hang.set(true);
            Future<CommitResult> hanging =
                    callers.submit(
                            () -> store.commit(Txn.grow().put(bytes("a"), bytes("1")).build()));
            writing.await();
            Future<?> revoking = callers.submit(() -> store.revokeLease(lease));
            while (store.stats().waiting() == 0) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 10; i++) {
                time.advance(Duration.ofSeconds(3));
            }
            assertThatThrownBy(revoking::get)
                    .hasCauseInstanceOf(MetadataUnavailableException.class);
            assertThat(hanging.get()).isInstanceOf(CommitResult.Unknown.class);
            release.countDown();
            awaitGone(store, "leased");
        }
    }

    private long retryingPut(RocksMetadataStore store, String key, String value) {
        while (true) {
            try {
                return put(store, key, value);
            } catch (MetadataUnavailableException e) {
                assertThat(e).hasMessageContaining("metadata store");
            }
        }
    }

    private static void awaitGone(RocksMetadataStore store, String key) {
        while (!value(store, key).equals("nothing")) {
            Thread.onSpinWait();
        }
    }

    private RocksMetadataStore open(Committer.Journal journal) {
        return new RocksMetadataStore(
                new RocksMetadataSettings(directory, Duration.ofSeconds(10), 2, 100L << 20),
                new Storage(directory, memory),
                time,
                journal,
                () -> freeMiB.get() << 20);
    }

    private static long put(RocksMetadataStore store, String key, String value) {
        return committed(store.commit(Txn.grow().put(bytes(key), bytes(value)).build()));
    }

    private static long delete(RocksMetadataStore store, String key) {
        return committed(store.commit(Txn.upkeep().delete(bytes(key)).build()));
    }

    private static long committed(CommitResult result) {
        assertThat(result).isInstanceOf(CommitResult.Committed.class);
        return ((CommitResult.Committed) result).revision();
    }

    private static String value(RocksMetadataStore store, String key) {
        Optional<KeyValue> found = store.read(List.of(bytes(key))).get(0);
        return found.map(
                        entry ->
                                new String(
                                        entry.value().array(),
                                        java.nio.charset.StandardCharsets.UTF_8))
                .orElse("nothing");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Bytes bytes(String text) {
        return Bytes.ofUtf8(text);
    }
}
