package io.lilio.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.object.Attributes;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.object.Environment;
import io.lilio.object.ObjectAddress;
import io.lilio.object.OpenObject;
import io.lilio.object.PutRequest;
import io.lilio.object.ReadRequest;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Ring;
import io.lilio.replication.ReplicationListener;
import io.lilio.time.SystemTime;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {

    private static final UUID CLUSTER = new UUID(1, 1);
    private static final ObjectAddress KEY = new ObjectAddress("bucket", "key");

    private final SystemTime time = new SystemTime();
    private final MemoryMetadataStore metadata = new MemoryMetadataStore(time);
    private final List<Backend> backends = new ArrayList<>();

    EngineTest() {
        for (int i = 1; i <= 3; i++) {
            backends.add(backend(new UUID(0, i), "backend-" + i));
        }
    }

    @AfterEach
    void close() {
        backends.stream().map(Backend::store).forEach(ChunkStore::close);
        metadata.close();
        time.close();
    }

    @Test
    void theFirstStartFoundsTheClusterAndTheNextFindsItsObjects() {
        try (Engine first = open(settings(), backends)) {
            first.objects().buckets().create("bucket", "me", 64 * 1024);
            put(first, 200_000);
            assertThat(first.ring().current().epoch()).isEqualTo(Ring.FIRST_EPOCH);
        }
        try (Engine second = open(settings(), backends)) {
            assertThat(size(second)).isEqualTo(200_000);
        }
    }

    @Test
    void aBackendThatIsMissingIsDoneWithout() {
        try (Engine first = open(settings(), backends)) {
            first.objects().buckets().create("bucket", "me", 64 * 1024);
            put(first, 200_000);
        }
        try (Engine second = open(settings(), backends.subList(0, 2))) {
            assertThat(size(second)).isEqualTo(200_000);
            put(second, 300_000);
            assertThat(size(second)).isEqualTo(300_000);
        }
    }

    @Test
    void metadataOfAnotherClusterAreRefused() {
        open(settings(), backends).close();
        EngineSettings other = EngineSettings.defaults(new UUID(2, 2), "node");
        assertThatThrownBy(() -> open(other, backends))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("belong to cluster " + CLUSTER);
    }

    @Test
    void aBackendThatLostItsIdentityIsRefused() {
        open(settings(), backends).close();
        Backend wiped = backend(new UUID(0, 9), "backend-3");
        backends.add(wiped);
        assertThatThrownBy(() -> open(settings(), List.of(wiped)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is the right medium mounted?");
    }

    @Test
    void aBackendThatTheClusterDoesNotKnowIsAnnounced() {
        open(settings(), backends).close();
        backends.add(backend(new UUID(0, 10), "backend-4"));
        try (Engine engine = open(settings(), backends)) {
            assertThat(engine.ring().current().ring().member(backends.get(3).id()))
                    .map(Member::state)
                    .contains(MemberState.JOINING);
        }
    }

    @Test
    void tooFewBackendsForTheWriteQuorumAreRefused() {
        assertThatThrownBy(() -> open(settings(), backends.subList(0, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be founded");
    }

    private Engine open(EngineSettings settings, List<Backend> some) {
        return Engine.open(
                settings,
                EngineParts.alone(metadata, some, ReplicationListener.NONE),
                new Environment(time, new SecureRandom(), Thread.ofVirtual().factory()));
    }

    private static EngineSettings settings() {
        return EngineSettings.defaults(CLUSTER, "node")
                .withBuffers(BufferPoolSettings.ofCapacity(8 << 20));
    }

    private Backend backend(UUID id, String name) {
        MemoryChunkStoreSettings settings =
                new MemoryChunkStoreSettings(name, Partitioning.DEFAULT_PARTITIONS, 8 << 20);
        return Backend.of(new MemberId(id), name, new MemoryChunkStore(settings, time));
    }

    private static void put(Engine engine, int size) {
        engine.objects().put().put(PutRequest.of(KEY, Attributes.none()), new Zeros(size));
    }

    private static long size(Engine engine) {
        long[] size = new long[1];
        try (OpenObject object = engine.objects().get().open(ReadRequest.of(KEY))) {
            object.transferTo(
                    (data, release) -> {
                        size[0] += data.remaining();
                        release.run();
                    });
        }
        return size[0];
    }
}
