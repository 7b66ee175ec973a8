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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else has filled etcd up to its quota. */
@Timeout(60)
class EtcdFullTest {

    private static final Bytes ONE = Bytes.ofUtf8("one");
    private static final Bytes TWO = Bytes.ofUtf8("two");

    @TempDir private Path directory;

    @Test
    void whatIsThereCanBeReadAndItsStateSaysWhy() throws Exception {
        try (EtcdProcess etcd =
                        EtcdProcess.start(directory, "--quota-backend-bytes=" + (16 << 20));
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
