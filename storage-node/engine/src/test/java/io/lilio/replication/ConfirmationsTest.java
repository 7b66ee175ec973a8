package io.lilio.replication;

import static io.lilio.replication.TestRing.eventually;
import static io.lilio.replication.TestRing.sample;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.chunk.SampleChunk;
import io.lilio.placement.Replication;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {

    private final TestRing ring =
            new TestRing(
                    new Replication(3, 2, 2, Replication.Spread.HOST, false),
                    withConfirmation(
                            new ReplicationSettings.Confirmation(
                                    40, 10, Duration.ofSeconds(1), Duration.ofSeconds(2))));

    private static ReplicationSettings withConfirmation(
            ReplicationSettings.Confirmation confirmation) {
        ReplicationSettings defaults = TestRing.settings();
        return new ReplicationSettings(
                defaults.putDeadline(),
                defaults.readDeadline(),
                defaults.controlDeadline(),
                defaults.maxInFlight(),
                defaults.breaker(),
                defaults.hedge(),
                confirmation,
                defaults.repair());
    }

    @AfterEach
    void everyBufferIsBack() {
        ring.close();
    }

    @Test
    void aFullBatchGoesAtOnceAndTheRestAfterAWhile() {
        add(0, 25);
        eventually("two batches are told", () -> ring.store(0).usage().unconfirmed() <= 15);
        ring.eventuallyInTime(
                "the rest too", Duration.ofSeconds(1), () -> ring.unconfirmed().isEmpty());
        assertThat(ring.store(0).calls(Operation.CONFIRM)).isLessThanOrEqualTo(4);
    }

    @Test
    void aMemberThatHangsHoldsUpNobodyElseAndOverflowIsDropped() {
        ring.store(1).delay(TestRing.LONG, Operation.CONFIRM);
        for (int round = 0; round < 10; round++) {
            add(round * 10, 10);
            eventually("a and c are told", () -> ring.unconfirmed().equals("b"));
        }
        assertThat(ring.store(1).calls(Operation.CONFIRM)).isEqualTo(1);
        assertThat(ring.confirmations.waitingCount()).isEqualTo(40);
        ring.time.advance(Duration.ofSeconds(1));
        assertThat(ring.listener.count("confirmations dropped 50")).isEqualTo(1);
    }

    @Test
    void whatAMemberDoesNotTakeIsDropped() {
        ring.store(2).fail(Reason.IO, Operation.CONFIRM);
        add(0, 3);
        ring.confirmations.flush();
        assertThat(ring.unconfirmed()).isEqualTo("c");
        ring.eventuallyInTime(
                "it is counted",
                Duration.ofSeconds(1),
                () -> ring.listener.count("confirmations dropped 3") == 1);
    }

    /** A member that was lost and readmitted meanwhile has marked them anew. */
    @Test
    void whatWasDecidedUnderAnOlderRingIsNotSent() {
        add(0, 3);
        ring.epoch = 8;
        add(3, 2);
        ring.confirmations.flush();
        assertThat(ring.unconfirmed()).isEqualTo("abc");
        assertThat(ring.confirmations.waitingCount()).isZero();
        ring.eventuallyInTime(
                "they are counted",
                Duration.ofSeconds(1),
                () -> ring.listener.count("confirmations dropped 15") == 1);
    }

    @Test
    void flushingNothingReturns() {
        ring.confirmations.flush();
        assertThat(ring.time.scheduledCount()).isZero();
    }

    private void add(int from, int count) {
        for (int seed = from; seed < from + count; seed++) {
            SampleChunk chunk = sample(seed, 10);
            ring.stores.forEach(chunk::putInto);
            ring.confirmations.admit(chunk.id(), chunk.header().epoch(), ring.slots);
        }
    }
}
