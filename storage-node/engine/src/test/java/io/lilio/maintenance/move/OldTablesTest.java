package io.lilio.maintenance.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.object.Attributes;
import io.lilio.engine.TestCluster;
import io.lilio.engine.TestNode;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.object.ArraySource;
import io.lilio.object.DeleteRequest;
import io.lilio.object.ObjectAddress;
import io.lilio.object.PutRequest;
import io.lilio.placement.PlacementTable;
import io.lilio.placement.RingView;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long the ring keeps the tables by which nobody reads any more. */
@Timeout(120)
class OldTablesTest {

    private static final int OBJECTS = 40;

    private final TestCluster cluster = TestCluster.of(3, 8);

    @BeforeEach
    void fill() {
        for (int i = 0; i < OBJECTS; i++) {
            put(key(i));
        }
        cluster.tidy();
        cluster.start(4);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void whatIsSweptBeforeAnOldHolderHasDroppedItIsSweptThereToo() {
        cluster.admit(4);
        cluster.moveUntilDone(1);
        assertThat(cluster.view().unsettled()).isZero();
        for (int i = 0; i < OBJECTS; i++) {
            cluster.node(2).engine().objects().delete().delete(DeleteRequest.of(key(i)));
        }
        TestCluster.eventually("all is swept", this::sweep);
        assertThat(cluster.inventory()).isEmpty();
        cluster.drain(4); // the old holders get their partitions back
        cluster.moveUntilDone(1);
        cluster.tidy();
    }

    @Test
    void aTableIsForgottenWhenItsMembersHaveDroppedWhatItGaveThem() {
        cluster.admit(4);
        cluster.moveUntilDone(1);
        cluster.node(1).rebalance();
        assertThat(cluster.ring().tables()).as("nobody has dropped").containsOnlyKeys(1L, 2L);
        cluster.tidy();
        cluster.node(1).rebalance();
        assertThat(cluster.ring().tables()).containsOnlyKeys(2L);
        assertThat(cluster.ring().oldestEpoch()).isEqualTo(2);
    }

    @Test
    void aMemberThatIsAwayMayHoldAnything() {
        cluster.admit(4);
        cluster.moveUntilDone(1);
        cluster.tidy();
        cluster.nodes().stream().filter(node -> node.number() != 4).forEach(n -> n.cut(true));
        cluster.node(4).rebalance();
        assertThat(cluster.ring().tables()).containsOnlyKeys(1L, 2L);
        cluster.nodes().forEach(node -> node.cut(false));
        TestCluster.eventually(
                "the table is forgotten",
                () -> {
                    cluster.node(4).rebalance();
                    return cluster.ring().tables().size() == 1;
                });
    }

    @Test
    void noMoreThanSixteenAreKeptWhoeverHasNotDropped() {
        cluster.admit(4);
        cluster.moveUntilDone(1);
        int most = 0;
        for (int change = 0; cluster.ring().epoch() < OldHolders.MOST_TABLES + 6; change++) {
            int weight = change % 2 == 0 ? 8 : 1;
            cluster.commands().reweigh(cluster.intent(), TestNode.memberId(4), weight);
            cluster.moveUntilDone(1);
            most = Math.max(most, cluster.ring().tables().size());
        }
        assertThat(most).as("beside the one in use").isEqualTo(OldHolders.MOST_TABLES + 1);
        cluster.tidy();
    }

    @Test
    void whatThereIsToBeMovedIsToldByATableThatIsInUse() {
        cluster.admit(4);
        cluster.moveUntilDone(1);
        cluster.drain(1);
        RingView view = cluster.node(2).engine().ring().refresh();
        assertThat(view.ring().oldestEpoch()).as("kept, and not in use").isEqualTo(1);
        Run run = cluster.node(2).newRun(cluster.node(2).newRebalance());
        new MoveTotals(cluster.node(2).engine().members()).count(view, run);
        PlacementTable inUse = view.ring().table(2).orElseThrow();
        double bytesPerReplica = cluster.bytes() / (3 * 8.0);
        assertThat(run.counted(Counter.BYTES_TOTAL))
                .as("what the members of epoch 2 hold, on average")
                .isEqualTo((long) (inUse.partitionsOf(TestNode.memberId(1)) * bytesPerReplica));
        cluster.moveUntilDone(2);
    }

    private boolean sweep() {
        TestNode one = cluster.node(1);
        cluster.nodes().forEach(node -> node.engine().sessions().current().publishNow());
        one.sweep();
        return one.engine().catalog().trash().count() == 0;
    }

    private static ObjectAddress key(int number) {
        return new ObjectAddress(TestCluster.BUCKET, "key-" + number);
    }

    private void put(ObjectAddress key) {
        byte[] bytes = new byte[2_000];
        new Random(key.hashCode()).nextBytes(bytes);
        cluster.node(1)
                .engine()
                .objects()
                .put()
                .put(PutRequest.of(key, Attributes.none()), new ArraySource(bytes));
    }
}
