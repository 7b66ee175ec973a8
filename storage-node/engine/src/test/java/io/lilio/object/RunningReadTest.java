package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.maintenance.Maintenance;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.session.Session;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A read under way ends with the bytes that it began with, whole. */
class RunningReadTest extends ObjectTest {

    /** Rule TRASH_WAITS_FOR_MARKS. */
    @Test
    void overwriteAndDeleteNeverBreakARunningRead() {
        byte[] old = bytes(12 * CHUNK, 1);
        put("key", old);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        AtomicBoolean changed = new AtomicBoolean();
        try (OpenObject object = lilio.objects().get().open(ReadRequest.of(at("key")))) {
            object.transferTo(
                    (data, release) -> {
                        append(read, data);
                        release.run();
                        if (changed.compareAndSet(false, true)) {
                            removeAndSweep();
                        }
                    });
        }
        assertThat(changed).isTrue();
        assertThat(read.toByteArray()).isEqualTo(old);
        assertFails(Kind.NO_SUCH_KEY, () -> get("key"));
        awaitMark(lilio.engine().sessions().current());
        sweep();
        lilio.assertNothingStays();
    }

    /** Rule REGISTER_BEFORE_READ. */
    @Test
    void whatAReadHasFoundItCanReadWhateverHappensBetweenTwoOfItsLooks() {
        byte[] bytes = bytes(6 * CHUNK, 1);
        List<Runnable> writes = List.of(() -> put("key", bytes), () -> putInParts("key", bytes));
        for (Runnable write : writes) {
            boolean over = false;
            for (int looks = 1; !over; looks++) {
                write.run();
                lilio.interrupted().afterReads(looks, this::removeAndSweep);
                assertThat(get("key")).as("removed after look %d", looks).isEqualTo(bytes);
                over = lilio.interrupted().stillWaits();
                assertThat(over && looks == 1).as("nothing was looked up").isFalse();
            }
        }
    }

    private void removeAndSweep() {
        put("key", bytes(5 * CHUNK, 2));
        lilio.objects().delete().delete(DeleteRequest.of(at("key")));
        sweep();
    }

    /** Marks pass as far as they can, and what they have passed goes. */
    private void sweep() {
        lilio.engine().sessions().current().publishNow();
        try (Maintenance maintenance = lilio.maintenance(Duration.ofMillis(1))) {
            for (TaskKind kind : List.of(TaskKind.TRASH, TaskKind.ORPHANS)) {
                RunResult result = maintenance.runNow(kind);
                assertThat(result.outcome())
                        .as("%s", result)
                        .isEqualTo(RunResult.Outcome.SUCCEEDED);
            }
        }
    }

    @Test
    void itsSessionsMarkStaysUntilTheReadHasEnded() {
        put("key", bytes(3 * CHUNK, 1));
        Session session = lilio.engine().sessions().current();
        OpenObject object = lilio.objects().get().open(ReadRequest.of(at("key")));
        assertThat(session.inFlight()).isEqualTo(1);
        put("key", bytes(3 * CHUNK, 2));
        long overwritten = session.lastRevisionSeen();
        session.publishNow();
        assertThat(session.mark()).isLessThan(overwritten);
        object.close();
        assertThat(session.inFlight()).isZero();
        awaitMark(session);
        assertThat(session.mark()).isGreaterThan(overwritten);
    }

    /**
     * Waits until the mark has passed everything so far: calls to backends that nobody waits for
     * any more keep it back until they return.
     */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void awaitMark(Session session) {
        long target = session.lastRevisionSeen();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        session.publishNow();
        while (session.mark() <= target && System.nanoTime() < end) {
            Thread.yield();
            session.publishNow();
        }
        assertThat(session.mark()).as("the mark, past revision %d", target).isGreaterThan(target);
    }

    @Test
    void aReadThatIsGivenUpReturnsItsBuffers() {
        put("key", bytes(20 * CHUNK, 1));
        try (OpenObject object = lilio.objects().get().open(ReadRequest.of(at("key")))) {
            assertThat(object.range().length()).isEqualTo(20L * CHUNK);
        }
        lilio.awaitBuffers();
        assertFails(
                Kind.INTERNAL,
                () -> {
                    try (OpenObject object =
                            lilio.objects().get().open(ReadRequest.of(at("key")))) {
                        object.transferTo(
                                (data, release) -> {
                                    release.run();
                                    throw new ObjectStoreException(
                                            Kind.INTERNAL, "the client went away");
                                });
                    }
                });
        lilio.awaitBuffers();
    }

    @Test
    void aSinkMayKeepBuffersLongerThanTheReadLasts() {
        byte[] bytes = bytes(3 * CHUNK, 1);
        put("key", bytes);
        List<ByteBuffer> kept = new ArrayList<>();
        List<Runnable> releases = new ArrayList<>();
        try (OpenObject object = lilio.objects().get().open(ReadRequest.of(at("key")))) {
            object.transferTo(
                    (data, release) -> {
                        kept.add(data);
                        releases.add(release);
                    });
        }
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        kept.forEach(data -> append(read, data));
        releases.forEach(Runnable::run);
        assertThat(read.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void whatCannotBeReadFailsBeforeTheAnswerBegins() {
        put("key", bytes(3 * CHUNK, 1));
        for (int i = 0; i < 3; i++) {
            lilio.store(i).fail(Reason.IO, Operation.READ, Operation.STAT);
        }
        assertFails(Kind.UNAVAILABLE, () -> lilio.objects().get().open(ReadRequest.of(at("key"))));
        assertThat(lilio.engine().sessions().current().inFlight()).isZero();
    }

    @Test
    void whatWasReadAheadOfAnUnreadableChunkIsReleased() {
        put("key", bytes(3 * CHUNK, 1));
        lilio.awaitBuffers();
        ChunkId first = lilio.inventory().iterator().next();
        for (int i = 0; i < 3; i++) {
            lilio.store(i).loseFile(first);
        }
        assertFails(Kind.UNAVAILABLE, () -> get("key"));
        lilio.awaitBuffers();
        try (OpenObject second =
                lilio.objects()
                        .get()
                        .open(
                                ReadRequest.of(
                                        at("key"),
                                        new ReadRange.FromTo(CHUNK, OptionalLong.empty())))) {
            assertThat(readAll(second)).hasSize(2 * CHUNK);
        }
    }

    @Test
    void flippedBitsAreNeverServed() {
        byte[] bytes = bytes(6 * CHUNK, 5);
        put("key", bytes);
        lilio.awaitBuffers();
        int store = 0;
        for (ChunkId chunk : lilio.inventory()) {
            lilio.store(store % 3).flipBit(chunk);
            store++;
        }
        assertThat(get("key")).isEqualTo(bytes);
    }
}
