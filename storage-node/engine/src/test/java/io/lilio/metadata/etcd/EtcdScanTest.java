package io.lilio.metadata.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import io.lilio.metadata.Txn;
import io.lilio.metadata.ViewExpiredException;
import io.lilio.time.SystemTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scans of an etcd that counts all keys up to a range's end: what they cost is what is counted, so
 * that is what is looked at, by a server in front of etcd that adds it up.
 */
@Timeout(120)
class EtcdScanTest {

    private static final int KEYS = 40_000;
    private static final KeyRange BUCKET = KeyRange.ofPrefix(Bytes.ofUtf8("bucket/"));

    private static EtcdProcess etcd;

    private final SystemTime time = new SystemTime();
    private final AtomicLong counted = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private ManagedChannel behind;
    private Server front;
    private EtcdMetadataStore store;

    /** Passes reads and transactions on to etcd. */
    private final class Front extends KVGrpc.KVImplBase {
        @Override
        public void range(RangeRequest request, StreamObserver<RangeResponse> answer) {
            answer(
                    answer,
                    () -> {
                        RangeResponse response = KVGrpc.newBlockingStub(behind).range(request);
                        if (!request.getRangeEnd().isEmpty()) {
                            counted.addAndGet(response.getCount());
                            calls.incrementAndGet();
                        }
                        return response;
                    });
        }

        @Override
        public void txn(TxnRequest request, StreamObserver<TxnResponse> answer) {
            answer(answer, () -> KVGrpc.newBlockingStub(behind).txn(request));
        }

        private static <A> void answer(StreamObserver<A> observer, Supplier<A> answer) {
            try {
                observer.onNext(answer.get());
                observer.onCompleted();
            } catch (StatusRuntimeException e) {
                observer.onError(e);
            }
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        etcd = EtcdProcess.start(directory);
        try (SystemTime time = new SystemTime();
                EtcdMetadataStore store =
                        new EtcdMetadataStore(
                                etcd.settings("/scan/"), time, Thread.ofVirtual().factory())) {
            for (int i = 0; i < KEYS; i += Txn.MAX_OPERATIONS) {
                Txn.Builder txn = Txn.grow();
                for (int j = i; j < Math.min(KEYS, i + Txn.MAX_OPERATIONS); j++) {
                    txn.put(key(j), Bytes.empty());
                }
                store.commit(txn.build());
            }
            store.commit(Txn.grow().put(Bytes.ofUtf8("bucket/zz"), Bytes.empty()).build());
        }
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    @BeforeEach
    void open() throws Exception {
        behind =
                Grpc.newChannelBuilder(etcd.endpoint(), InsecureChannelCredentials.create())
                        .maxInboundMessageSize(64 << 20)
                        .build();
        front =
                Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                        .addService(new Front())
                        .build()
                        .start();
        store =
                new EtcdMetadataStore(
                        EtcdSettings.of(List.of("127.0.0.1:" + front.getPort()), "/scan/"),
                        time,
                        Thread.ofVirtual().factory());
    }

    @AfterEach
    void close() {
        store.close();
        front.shutdownNow();
        behind.shutdownNow();
        time.close();
    }

    private static Bytes key(int number) {
        return Bytes.ofUtf8("bucket/photos/%07d.jpg".formatted(number * 3));
    }

    @Test
    void aPageOfAFullRangeCountsLittleMoreThanItFinds() {
        try (ReadView view = store.view()) {
            view.scan(BUCKET, 100); // learns that it is full
            counted.set(0);
            calls.set(0);
            Bytes from = key(20_000);
            ScanPage page = view.scan(new KeyRange(from, BUCKET.to()), 1_000);
            assertThat(page.entries()).hasSize(1_000);
            assertThat(page.entries().getFirst().key()).isEqualTo(from);
            assertThat(counted.get()).as("of 20,000 keys behind").isLessThan(8_000);
            assertThat(calls.get()).isLessThan(20);
        }
    }

    @Test
    void aFewKeysOutOfMany() {
        try (ReadView view = store.view()) {
            view.scan(BUCKET, 1);
            counted.set(0);
            for (int i = 0; i < 20; i++) {
                Bytes from = key(i * 1_000);
                assertThat(view.scan(new KeyRange(from, BUCKET.to()), 1).entries())
                        .extracting(KeyValue::key)
                        .containsExactly(from);
            }
            assertThat(counted.get()).isLessThan(20 * 200);
        }
    }

    @Test
    void pagesOfAnySizeTogetherAreTheRange() {
        Random random = new Random(3);
        List<Bytes> found = new ArrayList<>();
        try (ReadView view = store.view()) {
            KeyRange rest = BUCKET;
            ScanPage page;
            do {
                page = view.scan(rest, 1 + random.nextInt(9_000));
                page.entries().forEach(entry -> found.add(entry.key()));
                rest = new KeyRange(found.getLast().next(), BUCKET.to());
            } while (!page.complete());
        }
        assertThat(found).hasSize(KEYS + 1).isSorted();
        assertThat(new TreeSet<>(found)).hasSize(KEYS + 1);
        assertThat(counted.get())
                .as("twice what is there, and the first look")
                .isLessThan(6L * KEYS);
    }

    @Test
    void aScanFindsWhatComesAfterAWideGap() {
        try (ReadView view = store.view()) {
            view.scan(BUCKET, 100);
            KeyRange rest = new KeyRange(key(KEYS), BUCKET.to());
            calls.set(0);
            ScanPage page = view.scan(rest, 10);
            assertThat(page.entries())
                    .extracting(KeyValue::key)
                    .containsExactly(Bytes.ofUtf8("bucket/zz"));
            assertThat(page.complete()).isTrue();
            assertThat(calls.get()).isLessThan(40);
        }
    }

    @Test
    void aViewWhoseRevisionIsCompactedSaysThatItHasExpired() {
        try (ReadView view = store.view()) {
            store.commit(Txn.grow().put(Bytes.ofUtf8("other"), Bytes.ofUtf8("1")).build());
            store.commit(Txn.grow().put(Bytes.ofUtf8("other"), Bytes.ofUtf8("2")).build());
            etcd.compact();
            assertThatThrownBy(() -> view.scan(BUCKET, 10))
                    .isInstanceOf(ViewExpiredException.class);
            assertThatThrownBy(() -> view.read(List.of(key(1))))
                    .isInstanceOf(ViewExpiredException.class);
            assertThatThrownBy(() -> view.read(List.of(key(1), key(2))))
                    .isInstanceOf(ViewExpiredException.class);
        }
    }
}
