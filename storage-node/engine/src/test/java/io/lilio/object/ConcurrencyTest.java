package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.owner.OwnerWalk;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Many clients on few keys. */
class ConcurrencyTest extends ObjectTest {

    private static final int CLIENTS = 12;
    private static final int KEYS = 3;
    private static final int ROUNDS = 40;

    @Test
    void everyReadIsSomethingWholeThatWasWrittenAndEveryChunkHasAnOwner() throws Exception {
        AtomicLong seeds = new AtomicLong(1);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                Random random = new Random(client);
                running.add(
                        clients.submit(
                                () -> {
                                    for (int round = 0; round < ROUNDS; round++) {
                                        act(random, seeds);
                                    }
                                }));
            }
            for (Future<?> future : running) {
                join(future);
            }
        }
        lilio.awaitBuffers();
        assertThat(blobsHeld()).isEqualTo(blobsOwned());
        assertThat(lilio.engine().sessions().current().inFlight()).isZero();
    }

    private void act(Random random, AtomicLong seeds) {
        String key = "key-" + random.nextInt(KEYS);
        switch (random.nextInt(6)) {
            case 0, 1 -> put(key, sealed(random, seeds.incrementAndGet()));
            case 2 -> lilio.objects().delete().delete(DeleteRequest.of(at(key)));
            case 3 -> breakOff(key, random);
            default -> readWhole(key);
        }
    }

    private void breakOff(String key, Random random) {
        byte[] bytes = bytes(4 * CHUNK, 1);
        ArraySource source =
                new ArraySource(bytes)
                        .inPiecesOf(10_000)
                        .breakingAfter(1 + random.nextInt(bytes.length - 1));
        assertFails(Kind.INCOMPLETE_BODY, () -> put(key, source));
    }

    private void readWhole(String key) {
        try {
            byte[] read = get(key);
            ByteBuffer header = ByteBuffer.wrap(read);
            int length = header.getInt();
            long seed = header.getLong();
            assertThat(read).hasSize(length).isEqualTo(sealed(length, seed));
        } catch (ObjectStoreException e) {
            assertThat(e.kind()).isEqualTo(Kind.NO_SUCH_KEY);
        }
    }

    /** Bytes that tell themselves what they have to be. */
    private static byte[] sealed(Random random, long seed) {
        return sealed(12 + random.nextInt(random.nextBoolean() ? 2_000 : 5 * CHUNK), seed);
    }

    private static byte[] sealed(int length, long seed) {
        byte[] bytes = bytes(length, seed);
        ByteBuffer.wrap(bytes).putInt(length).putLong(seed);
        return bytes;
    }

    private Set<BlobId> blobsHeld() {
        Set<BlobId> blobs = new TreeSet<>();
        lilio.inventory().stream().map(ChunkId::blob).forEach(blobs::add);
        return blobs;
    }

    private Set<BlobId> blobsOwned() {
        Set<BlobId> blobs = new TreeSet<>();
        Optional<OwnerWalk.Cursor> next = Optional.empty();
        do {
            OwnerWalk.Page page =
                    lilio.engine().catalog().ownerWalk().next(next.orElse(null), 1_000);
            page.blobs().forEach(owned -> blobs.add(owned.blob().id()));
            next = page.next();
        } while (next.isPresent());
        return blobs;
    }

    private static void join(Future<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw new AssertionError("a client failed", e.getCause());
        }
    }
}
