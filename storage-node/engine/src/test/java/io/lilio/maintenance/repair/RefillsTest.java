package io.lilio.maintenance.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.content.BlobRef;
import io.lilio.chunk.BackendException;
import io.lilio.chunk.FaultyChunkStore;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.maintenance.Fixture;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunResult;
import io.lilio.metadata.session.InFlight;
import io.lilio.placement.MemberId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of which members a repair says that they have again what they had lost. */
@Timeout(120)
class RefillsTest {

    private static final long LOSS = 7;

    private final Fixture f = new Fixture(3);
    private final PartitionRepair repair =
            new PartitionRepair(f.heal, f.time, Duration.ofMillis(500));
    private final MemberId lost = f.member(1);
    private final FaultyChunkStore store = f.store(lost);

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void aRepairThatSawEverythingEndsTheLossesThatWereThereWhenItBegan() {
        f.put("cat.jpg", 20);
        store.lose(LOSS);
        f.store(f.member(2)).fail(BackendException.Reason.IO, Operation.LIST);
        assertThat(leftWork(f.run(repair))).isTrue();
        assertThat(loss()).as("one did not answer").isEqualTo(LOSS);
        f.store(f.member(2)).heal();
        repairUntilLevel();
        assertThat(loss()).isZero();
    }

    /** Rule REFILL_WAITS_FOR_MARKS: what a request has not committed yet is not copied. */
    @Test
    void aLossStaysAsLongAsARequestMayOwnWhatWasAcknowledgedBeforeIt() {
        try (InFlight upload = f.sessions.begin()) {
            BlobRef blob = f.write(upload, "cat.jpg", 5);
            Fixture.chunksOf(blob).forEach(chunk -> f.inner(lost).delete(List.of(chunk)));
            store.lose(LOSS);

            Run early = f.run(repair);

            assertThat(early.counted(Counter.CHUNKS_COPIED)).as("it has no owner").isZero();
            assertThat(loss()).isEqualTo(LOSS);
            assertThat(leftWork(early)).as("it is to be done soon").isTrue();
            f.commit(upload, "cat.jpg", blob);
        }

        Run late = f.run(repair);

        assertThat(late.counted(Counter.CHUNKS_COPIED)).isEqualTo(5);
        assertThat(loss()).isZero();
        assertThat(leftWork(late)).isFalse();
    }

    @Test
    void aLossThatComesWhileItIsRepairedStays() {
        BlobRef blob = f.put("cat.jpg", 3);
        Fixture.chunksOf(blob).forEach(chunk -> f.inner(lost).delete(List.of(chunk)));
        store.lose(LOSS);
        store.delay(Duration.ofMillis(300), Operation.PUT);
        f.time.schedule(Duration.ofMillis(150), () -> store.lose(8));

        Run run = f.run(repair);

        assertThat(run.counted(Counter.CHUNKS_COPIED)).isEqualTo(3);
        assertThat(loss()).isEqualTo(8);
        assertThat(leftWork(run)).isTrue();
    }

    private long loss() {
        return store.usage().loss();
    }

    private boolean leftWork(Run run) {
        return repair.leftWork(
                        new RunResult(RunResult.Outcome.SUCCEEDED, run.counts(), ""))
                .isPresent();
    }

    private void repairUntilLevel() {
        boolean left = true;
        while (left) { // the breaker closes after a while
            left = leftWork(f.run(repair));
        }
    }
}
