package io.lilio.server.s3.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.Keys;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.engine.Backend;
import io.lilio.engine.Engine;
import io.lilio.engine.EngineParts;
import io.lilio.engine.EngineSettings;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Txn;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.object.Environment;
import io.lilio.object.ObjectStore;
import io.lilio.placement.MemberId;
import io.lilio.placement.Partitioning;
import io.lilio.replication.ReplicationListener;
import io.lilio.time.SystemTime;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A whole engine over three chunk stores and a metadata store in memory. {@link #close} checks that
 * every buffer came back.
 */
public final class MemoryEngine implements AutoCloseable {

    private static final long STORE_BYTES = 192L << 20;
    private static final long BUFFER_BYTES = 16L << 20;

    private final SystemTime time = new SystemTime();
    private final MetadataStore metadata = new MemoryMetadataStore(time);
    private final List<ChunkStore> stores = new ArrayList<>();
    private final Engine engine;

    public MemoryEngine() {
        List<Backend> backends = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            String name = "backend-" + i;
            ChunkStore store =
                    new MemoryChunkStore(
                            new MemoryChunkStoreSettings(
                                    name, Partitioning.DEFAULT_PARTITIONS, STORE_BYTES),
                            time);
            stores.add(store);
            backends.add(Backend.of(new MemberId(new UUID(0, i)), name, store));
        }
        engine =
                Engine.open(
                        EngineSettings.defaults(new UUID(7, 7), "node")
                                .withBuffers(BufferPoolSettings.ofCapacity(BUFFER_BYTES).tracing()),
                        EngineParts.alone(metadata, backends, ReplicationListener.NONE),
                        new Environment(time, new SecureRandom(), Thread.ofVirtual().factory()));
    }

    public ObjectStore objects() {
        return engine.objects();
    }

    /** Makes keys that are what one key is, eight digits each, without a call for each. */
    void repeat(String bucket, String key, String prefix, int count) {
        UUID id = engine.catalog().buckets().get(bucket).id();
        Bytes head = metadata.read(List.of(Keys.head(id, key))).get(0).orElseThrow().value();
        for (int i = 0; i < count; ) {
            Txn.Builder txn = Txn.grow();
            for (int n = 0; n < 100 && i < count; n++, i++) {
                txn.put(Keys.head(id, prefix + "%08d".formatted(i)), head);
            }
            metadata.commit(txn.build());
        }
    }

    /** All chunks that some backend holds. */
    public Set<ChunkId> inventory() {
        Set<ChunkId> chunks = new TreeSet<>();
        for (ChunkStore store : stores) {
            for (int partition = 0; partition < Partitioning.DEFAULT_PARTITIONS; partition++) {
                store.list(partition, null, 10_000).stream()
                        .map(ChunkHeader::id)
                        .forEach(chunks::add);
            }
        }
        return chunks;
    }

    /** Memory of buffers that somebody holds now. */
    public long bufferBytesHeld() {
        return engine.buffers().inUseBytes();
    }

    /** Waits for replicas under way, then checks that every buffer came back to its pool. */
    public void awaitBuffers() {
        Patience.await(() -> engine.buffers().outstandingCount() == 0);
        assertThat(engine.buffers().leaks()).as("buffers that nobody released").isEmpty();
        assertThat(engine.buffers().inUseBytes()).isZero();
    }

    @Override
    public void close() {
        awaitBuffers();
        engine.close();
        stores.forEach(ChunkStore::close);
        metadata.close();
        time.close();
    }
}
