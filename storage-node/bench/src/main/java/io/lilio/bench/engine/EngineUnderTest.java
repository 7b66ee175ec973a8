package io.lilio.bench.engine;

import io.lilio.catalog.object.Attributes;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkStore;
import io.lilio.engine.Backend;
import io.lilio.engine.Engine;
import io.lilio.engine.EngineParts;
import io.lilio.engine.EngineSettings;
import io.lilio.object.Environment;
import io.lilio.object.ObjectAddress;
import io.lilio.object.OpenObject;
import io.lilio.object.PutRequest;
import io.lilio.object.ReadRequest;
import io.lilio.placement.MemberId;
import io.lilio.placement.Partitioning;
import io.lilio.replication.ReplicationListener;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A whole engine with one bucket. Thread-safe. */
final class EngineUnderTest implements AutoCloseable {

    static final int DEFAULT_CHUNK = 1 << 20;

    private static final String BUCKET = "bench";

    private final Ground ground;
    private final Engine engine;

    EngineUnderTest(Ground ground, int chunkSize, UnaryOperator<EngineSettings> change) {
        this.ground = ground;
        List<Backend> backends = new ArrayList<>();
        for (ChunkStore store : ground.stores()) {
            int number = backends.size();
            backends.add(Backend.of(new MemberId(new UUID(0, number)), "backend-" + number, store));
        }
        engine =
                Engine.open(
                        change.apply(EngineSettings.defaults(new UUID(7, 7), "bench")),
                        EngineParts.alone(ground.metadata(), backends, ReplicationListener.NONE),
                        new Environment(
                                ground.time(), new SecureRandom(), Thread.ofVirtual().factory()));
        engine.objects().buckets().create(BUCKET, "bench", chunkSize);
    }

    void put(String key, long bytes) {
        engine.objects()
                .put()
                .put(
                        PutRequest.of(new ObjectAddress(BUCKET, key), Attributes.none()),
                        new PatternSource(bytes));
    }

    /** Takes all bytes and looks at none. */
    void get(String key) {
        try (OpenObject object =
                engine.objects().get().open(ReadRequest.of(new ObjectAddress(BUCKET, key)))) {
            object.transferTo((_, release) -> release.run());
        }
    }

    /** Removes every chunk, so that the next run finds room; records stay and are read no more. */
    void forgetChunks() {
        awaitStragglers();
        for (ChunkStore store : ground.stores()) {
            for (int partition = 0; partition < Partitioning.DEFAULT_PARTITIONS; partition++) {
                List<ChunkHeader> found = store.list(partition, null, 10_000);
                if (!found.isEmpty()) {
                    store.delete(found.stream().map(ChunkHeader::id).toList());
                }
            }
        }
    }

    /** Replicas beyond the quorum are written after the answer. */
    private void awaitStragglers() {
        while (engine.buffers().outstandingCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        awaitStragglers();
        engine.close();
        ground.close();
    }
}
