package io.lilio.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Watches. */
@SuppressWarnings("try") // a watch is closed, not asked
public abstract class WatchContract extends MetadataStoreContract {

    private final BlockingQueue<MetadataStore.Change> told = new LinkedBlockingQueue<>();
    private final CountDownLatch lost = new CountDownLatch(1);

    @Test
    void everyChangeOfTheRangeIsToldInOrder() throws InterruptedException {
        try (MetadataStore.Watch watch = watch("b", "d", store.revision())) {
            put("a", "1");
            long first = put("b", "1");
            put("d", "1");
            long second = put("b", "2");
            long third = delete("b");
            long fourth =
                    committed(
                            Txn.grow()
                                    .put(bytes("c"), bytes("3"))
                                    .put(bytes("e"), bytes("3"))
                                    .build());

            assertThat(next()).satisfies(change -> is(change, first, "b", "1"));
            assertThat(next()).satisfies(change -> is(change, second, "b", "2"));
            assertThat(next()).satisfies(change -> is(change, third, "b", "nothing"));
            assertThat(next()).satisfies(change -> is(change, fourth, "c", "3"));
        }
    }

    @Test
    void aWatchBeginsAfterTheRevisionThatWasRead() throws InterruptedException {
        put("b", "seen");
        long read = store.revision();
        long missed = put("b", "missed");
        try (MetadataStore.Watch watch = watch("a", "z", read)) {
            assertThat(next()).satisfies(change -> is(change, missed, "b", "missed"));
            long later = put("c", "later");
            assertThat(next()).satisfies(change -> is(change, later, "c", "later"));
        }
    }

    @Test
    void keysThatVanishWithTheirLeaseAreTold() throws InterruptedException {
        LeaseId lease = store.grantLease(ttl());
        committed(Txn.grow().put(bytes("a"), bytes("1"), lease).build());
        long before = store.revision();
        try (MetadataStore.Watch watch = watch("a", "z", before)) {
            pass(ttl().multipliedBy(11).dividedBy(10));
            assertThat(next()).satisfies(change -> is(change, before + 1, "a", "nothing"));
        }
    }

    @Test
    void aWatchThatAsksForAPastThatIsGoneIsLost() throws Exception {
        long old = store.revision();
        for (int i = 0; i < 5_000; i += 100) {
            Txn.Builder txn = Txn.grow();
            for (int j = 0; j < 100; j++) {
                txn.put(bytes("key" + i + j), bytes("1"));
            }
            committed(txn.build());
        }
        forgetThePast();
        watch("a", "z", old);
        assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(told).isEmpty();
    }

    /** What a store does not do by itself after 5,000 changes. */
    protected void forgetThePast() throws Exception {}

    @Test
    void aListenerThatFallsBehindLosesItsWatchAndNobodyElseNotices() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch slowLost = new CountDownLatch(1);
        store.watch(
                range("a", "z"),
                store.revision(),
                change -> awaitQuietly(release),
                slowLost::countDown);
        int changes = 0;
        try (MetadataStore.Watch watch = watch("a", "z", store.revision())) {
            for (int i = 0; i < 50; i++) {
                Txn.Builder txn = Txn.grow();
                for (int j = 0; j < 100; j++) {
                    txn.put(bytes("key" + i + "-" + j), bytes("1"));
                }
                committed(txn.build());
                for (int j = 0; j < 100; j++) {
                    assertThat(next()).isNotNull();
                    changes++;
                }
            }
        }
        assertThat(changes).isEqualTo(5_000);
        release.countDown();
        assertThat(slowLost.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aListenerThatThrowsLosesItsWatch() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        store.watch(
                range("a", "z"),
                store.revision(),
                change -> {
                    calls.incrementAndGet();
                    throw new IllegalStateException("a listener that fails on purpose");
                },
                lost::countDown);
        put("a", "1");
        assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
        put("a", "2");
        assertThat(calls).hasValue(1);
    }

    @Test
    void closingTheStoreLosesTheWatch() throws InterruptedException {
        watch("a", "z", store.revision());
        put("a", "1");
        assertThat(next()).isNotNull();
        store.close();
        assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void aClosedWatchIsToldNothing() throws InterruptedException {
        MetadataStore.Watch watch = watch("a", "z", store.revision());
        watch.close();
        watch.close();
        put("a", "1");
        try (MetadataStore.Watch other =
                store.watch(range("a", "z"), store.revision() - 1, told::add, lost::countDown)) {
            assertThat(next()).isNotNull();
        }
        store.close();
        assertThat(told).isEmpty();
        assertThat(lost.getCount()).isEqualTo(1);
    }

    private MetadataStore.Watch watch(String from, String to, long afterRevision) {
        return store.watch(range(from, to), afterRevision, told::add, lost::countDown);
    }

    private MetadataStore.Change next() throws InterruptedException {
        MetadataStore.Change change = told.poll(30, TimeUnit.SECONDS);
        assertThat(change).as("a change that the watch should have told").isNotNull();
        return change;
    }

    private static void is(MetadataStore.Change change, long revision, String key, String value) {
        assertThat(change.revision()).isEqualTo(revision);
        assertThat(change.key()).isEqualTo(bytes(key));
        assertThat(change.value().map(MetadataStoreContract::text).orElse("nothing"))
                .isEqualTo(value);
        change.value().ifPresent(found -> assertThat(found.modRevision()).isEqualTo(revision));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
