package io.lilio.maintenance.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.engine.TestClients;
import io.lilio.engine.TestCluster;
import io.lilio.engine.TestNode;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rings that change while clients write: nobody notices, nothing is lost, nothing stays behind. */
@Timeout(300)
class RingChangeTest {

    @Test
    void theRingGrowsAndShrinksWhileClientsWriteAndNoneOfThemNotices() {
        try (TestCluster cluster = TestCluster.of(3, 64);
                TestClients clients = TestClients.start(cluster, 4)) {
            growAndShrink(cluster, clients);
            clients.stop();
            cluster.tidy();
            cluster.node(2).rebalance();
            clients.readEverything();
            assertIsWhereTwoThreeAndFiveAre(cluster);
            assertThat(clients.refusals()).isEmpty();
        }
    }

    @Test
    void maintenanceOfEveryKindGoesOnMeanwhileAndTakesNothingThatIsNeeded() throws Exception {
        try (TestCluster cluster = TestCluster.of(3, 16);
                TestClients clients = TestClients.start(cluster, 3)) {
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger rounds = new AtomicInteger();
            Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
            Thread upkeep =
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    while (!over.get()) {
                                        cluster.nodes().forEach(TestNode::maintain);
                                        cluster.anyNode().repair();
                                        cluster.anyNode().collect();
                                        rounds.incrementAndGet();
                                    }
                                } catch (Throwable e) {
                                    failures.add(e);
                                }
                            });
            growAndShrink(cluster, clients);
            int enough = rounds.get() + 2;
            TestCluster.eventually(
                    "maintenance goes on", () -> rounds.get() > enough || !failures.isEmpty());
            over.set(true);
            upkeep.join();
            assertThat(failures).isEmpty();
            clients.stop();
            cluster.tidy();
            clients.readEverything();
            assertIsWhereTwoThreeAndFiveAre(cluster);
            assertThat(clients.refusals()).isEmpty();
        }
    }

    private static void growAndShrink(TestCluster cluster, TestClients clients) {
        cluster.start(4);
        cluster.admit(4);
        clients.act(50);
        cluster.moveUntilDone(1);
        clients.act(50);
        cluster.start(5);
        cluster.admit(5);
        cluster.moveUntilDone(2);
        clients.act(50);
        cluster.drain(4);
        cluster.moveUntilDone(3);
        assertThat(cluster.stateOf(4)).isEqualTo(MemberState.REMOVED);
        clients.act(50);
        cluster.drain(1);
        cluster.moveUntilDone(5);
        clients.act(50);
    }

    private static void assertIsWhereTwoThreeAndFiveAre(TestCluster cluster) {
        Ring ring = cluster.ring();
        assertThat(ring.epoch()).isEqualTo(5);
        assertThat(ring.tables()).hasSize(1);
        assertThat(ring.table().members())
                .containsExactlyInAnyOrder(
                        TestNode.memberId(2), TestNode.memberId(3), TestNode.memberId(5));
        assertThat(cluster.node(1).held()).isEmpty();
        assertThat(cluster.node(4).held()).isEmpty();
    }
}
