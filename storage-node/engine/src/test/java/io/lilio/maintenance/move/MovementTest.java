package io.lilio.maintenance.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.lilio.catalog.object.Attributes;
import io.lilio.chunk.FaultyChunkStore.Operation;
import io.lilio.engine.TestCluster;
import io.lilio.engine.TestNode;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunCancelledException;
import io.lilio.object.ArraySource;
import io.lilio.object.ObjectAddress;
import io.lilio.object.PutRequest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What moves when a fifth member joins four, and that it moves once. */
@Timeout(300)
class MovementTest {

    private static final int OBJECTS = 1_500;

    private final Random random = new Random(5);
    private final TestCluster cluster = TestCluster.of(4, 256);

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aFifthMemberTakesAFifthAndNothingElseMoves() {
        fill();
        long before = cluster.bytes();
        long puts = puts();
        cluster.start(5);
        cluster.admit(5);
        Run run = cluster.node(2).rebalance();
        assertThat(cluster.ring().operation()).isEmpty();
        assertThat(puts() - puts).isEqualTo(cluster.node(5).held().size());
        assertThat(run.counted(Counter.BYTES)).isEqualTo(cluster.node(5).bytes());
        assertThat(run.counted(Counter.PARTITIONS)).isEqualTo(256);
        assertThat(run.counted(Counter.PARTITIONS_TOTAL)).isEqualTo(256);
        assertThat((double) run.counted(Counter.BYTES_TOTAL))
                .isBetween(0.8 * cluster.node(5).bytes(), 1.2 * cluster.node(5).bytes());
        cluster.tidy();
        assertThat(cluster.bytes()).isEqualTo(before);
        double share = (double) cluster.node(5).bytes() / cluster.bytes();
        assertThat(share).isCloseTo(0.2, offset(0.03));
    }

    @Test
    void aMoverThatIsKilledAgainAndAgainCopiesHardlyMore() {
        fill();
        cluster.start(5);
        long puts = puts();
        cluster.admit(5);
        int killed = 0;
        while (cluster.ring().operation().isPresent()) {
            TestNode node = cluster.node(1 + random.nextInt(4));
            if (killed % 3 == 2) { // what it has copied last, it does not know
                cluster.node(5).store().loseAnswers(Operation.PUT);
            }
            killed += runFor(node, 1 + random.nextInt(120)) ? 0 : 1;
            cluster.node(5).store().heal();
        }
        // While its answers were lost, member 5 was away to the mover.
        TestCluster.eventually(
                "member 5 is brought level",
                () -> cluster.node(1).repair().counted(Counter.CHUNKS_UNREPAIRED) == 0);
        cluster.tidy();
        assertThat(killed).isGreaterThan(5);
        assertThat((double) (puts() - puts))
                .as("copies made in %d runs that were broken off", killed)
                .isLessThanOrEqualTo(1.1 * cluster.node(5).held().size());
    }

    @Test
    void twoMoversAtOnceDoNoHarm() throws Exception {
        fill();
        cluster.start(5);
        cluster.admit(5);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Run>> movers =
                    List.of(
                            threads.submit(() -> cluster.node(1).rebalance()),
                            threads.submit(() -> cluster.node(2).rebalance()));
            long settled = 0;
            for (Future<Run> mover : movers) {
                settled += mover.get().counted(Counter.PARTITIONS);
            }
            assertThat(settled).as("each partition is settled once").isEqualTo(256);
        }
        assertThat(cluster.ring().operation()).isEmpty();
        cluster.tidy();
    }

    @Test
    void whileAMemberIsAwayTheOthersGetTheirCopiesAndItsOwnAreLeftToRepair() {
        fill();
        cluster.start(5);
        cluster.node(3).cut(true);
        cluster.admit(5);
        cluster.moveUntilDone(1);
        assertThat(cluster.amiss()).as("what member 3 holds too much is there yet").isNotEmpty();
        cluster.node(3).cut(false);
        TestCluster.eventually(
                "member 3 is asked again",
                () -> cluster.node(1).repair().counted(Counter.PARTITIONS_INCOMPLETE) == 0);
        cluster.tidy();
    }

    /**
     * Ends a mover in the midst of its work.
     *
     * @param steps lists and copies before that
     * @return whether it came to its end earlier
     */
    private static boolean runFor(TestNode node, int steps) {
        Run run = node.newRun(node.newRebalance(), new AtomicInteger(steps)::decrementAndGet);
        try {
            node.newRebalance().run(run);
            return true;
        } catch (RunCancelledException e) {
            return false;
        }
    }

    private void fill() {
        for (int i = 0; i < OBJECTS; i++) {
            byte[] bytes = new byte[4_000];
            random.nextBytes(bytes);
            cluster.node(1 + i % 4)
                    .engine()
                    .objects()
                    .put()
                    .put(
                            PutRequest.of(
                                    new ObjectAddress(TestCluster.BUCKET, "key-" + i),
                                    Attributes.none()),
                            new ArraySource(bytes));
        }
        cluster.tidy();
    }

    private long puts() {
        return cluster.nodes().stream().mapToLong(node -> node.store().calls(Operation.PUT)).sum();
    }
}
