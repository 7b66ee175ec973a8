package io.lilio.metadata.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.MetadataFullException;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import io.lilio.time.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lilio itself fills etcd as far as it may, or somebody else does so up to its quota. */
@Timeout(120)
class EtcdFullTest {

    private static final int QUOTA = 24 << 20;
    private static final Bytes ONE = Bytes.ofUtf8("one");
    private static final Bytes TWO = Bytes.ofUtf8("two");

    @TempDir private Path directory;

    @Test
    void whatIsThereCanBeReadAndItsStateSaysWhy() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(directory, "--quota-backend-bytes=" + QUOTA);
                SystemTime time = new SystemTime();
                EtcdMetadataStore store =
                        new EtcdMetadataStore(
                                etcd.settings("/ours/"), time, Thread.ofVirtual().factory())) {
            Txn both = Txn.grow().put(ONE, Bytes.empty()).put(TWO, Bytes.empty()).build();
            assertThat(store.commit(both)).isInstanceOf(CommitResult.Committed.class);
            fill(etcd);

            assertThat(store.commit(both))
                    .as("etcd says no also to what it has applied")
                    .isInstanceOf(CommitResult.Unknown.class);
            assertThatThrownBy(() -> store.commit(both)).isInstanceOf(MetadataFullException.class);
            assertThatThrownBy(() -> store.grantLease(Duration.ofMinutes(1)))
                    .isInstanceOf(MetadataFullException.class);
            assertThat(store.read(List.of(ONE, TWO)).values()).hasSize(2);
            try (ReadView view = store.view()) {
                assertThat(view.read(List.of(ONE, TWO)).get(1)).isPresent();
            }
            while (store.status().troubles().isEmpty()) {
                Thread.sleep(50);
            }
            assertThat(store.status().troubles().getFirst()).contains("NOSPACE");
            assertThat(store.status().nearlyFull()).isTrue();
            assertThat(store.status().away()).isEmpty();
        }
    }

    /** A machine that is very busy lets a file so small grow faster than it is looked at. */
    @Test
    @Tag("faults")
    void newDataStopBeforeEtcdIsFullAndDeletingMakesRoom() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(directory, "--quota-backend-bytes=" + QUOTA);
                SystemTime time = new SystemTime();
                EtcdMetadataStore store =
                        new EtcdMetadataStore(limited(etcd), time, Thread.ofVirtual().factory())) {
            Bytes value = Bytes.wrap(new byte[16 * 1024]);
            int stored = 0;
            while (grows(store, "big" + stored, value)) {
                stored++;
                if (stored % 8 == 0) {
                    awaitSeen(store, stored * 16L * 1024);
                }
            }
            assertThat(store.status().nearlyFull()).isTrue();
            assertThat(store.status().usedBytes())
                    .as("from 80 % on, and not before")
                    .isBetween(QUOTA * 8L / 10, QUOTA - 1L);
            assertThat(store.status().troubles()).as("etcd itself has noticed nothing").isEmpty();
            Txn small = Txn.upkeep().put(ONE, Bytes.ofUtf8("trash")).build();
            assertThat(store.commit(small))
                    .as("what empties it goes on")
                    .isInstanceOf(CommitResult.Committed.class);
            for (int i = 0; i < stored; i++) {
                assertThat(store.commit(Txn.upkeep().delete(Bytes.ofUtf8("big" + i)).build()))
                        .isInstanceOf(CommitResult.Committed.class);
            }
            etcd.compact();
            while (!grows(store, "again", value)) {
                Thread.sleep(50);
            }
            assertThat(store.status().nearlyFull()).isFalse();
        }
    }

    /** One so small would be full before it is looked at again; a little is never looked at. */
    private static void awaitSeen(EtcdMetadataStore store, long writtenBytes) throws Exception {
        while (store.status().usedBytes() < writtenBytes - QUOTA / 50) {
            Thread.sleep(20);
        }
    }

    private static EtcdSettings limited(EtcdProcess etcd) {
        EtcdSettings usual = etcd.settings("/ours/");
        return new EtcdSettings(
                usual.endpoints(),
                usual.prefix(),
                usual.login(),
                usual.tls(),
                new EtcdSettings.Limits(usual.limits().timeout(), QUOTA));
    }

    private static boolean grows(EtcdMetadataStore store, String key, Bytes value) {
        try {
            Txn txn = Txn.grow().put(Bytes.ofUtf8(key), value).build();
            assertThat(store.commit(txn)).isInstanceOf(CommitResult.Committed.class);
            return true;
        } catch (MetadataFullException e) {
            return false;
        }
    }

    private static void fill(EtcdProcess etcd) {
        ManagedChannel channel =
                Grpc.newChannelBuilder(etcd.endpoint(), InsecureChannelCredentials.create())
                        .build();
        KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(channel);
        ByteString large = ByteString.copyFrom(new byte[1 << 20]);
        try {
            for (int i = 0; i < 100; i++) {
                kv.put(
                        PutRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8("/theirs/" + i))
                                .setValue(large)
                                .build());
            }
            throw new AssertionError("etcd has taken 100 MiB");
        } catch (StatusRuntimeException e) {
            assertThat(e.getMessage()).contains("space exceeded");
        } finally {
            channel.shutdownNow();
        }
    }
}
