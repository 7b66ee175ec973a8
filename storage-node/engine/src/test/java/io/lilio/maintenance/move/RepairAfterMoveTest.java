package io.lilio.maintenance.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.engine.TestCluster;
import io.lilio.engine.TestNode;
import io.lilio.maintenance.Maintenance;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.object.ArraySource;
import io.lilio.object.ObjectAddress;
import io.lilio.object.PutRequest;
import io.lilio.placement.RingView;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a rebalance settles although a full member lacks copies is left to a repair for good. */
@Timeout(120)
class RepairAfterMoveTest {

    private static final String ASKED = "repair-after-rebalance-1";

    private final TestCluster cluster = TestCluster.of(3, 8);

    @BeforeEach
    void aFourthIsAdmittedWhoseDiskIsFull() {
        for (int i = 0; i < 24; i++) {
            cluster.node(1)
                    .engine()
                    .objects()
                    .put()
                    .put(
                            PutRequest.of(
                                    new ObjectAddress(TestCluster.BUCKET, "key-" + i),
                                    Attributes.none()),
                            new ArraySource(new byte[2_000]));
        }
        cluster.tidy();
        cluster.start(4);
        cluster.admit(4);
        cluster.refreshAll();
        cluster.node(4).store().fillDisk();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aJobAsksForItInTheMetadataAndBeginsNothingByItself() throws Exception {
        try (Maintenance job = cluster.node(1).newMaintenance("job")) {
            job.requested().request("move", TaskKind.REBALANCE, 0);
            Operation moved = job.requested().carryOut("move", 0);
            assertThat(moved.state()).as(moved.message()).isEqualTo(OperationState.SUCCEEDED);
            assertThat(moved.counts())
                    .containsKeys(
                            "partitions_short", "partitions_total", "objects_total", "bytes_total");
            Thread.sleep(300); // longer than what is due at once takes to begin
            assertThat(job.requested().all().stream().map(Operation::id))
                    .containsExactlyInAnyOrder("move", ASKED);
            Operation repair = job.requested().find(ASKED).orElseThrow();
            assertThat(repair.kind()).isEqualTo("repair");
            assertThat(repair.state()).isEqualTo(OperationState.REQUESTED);
        }
        cluster.node(4).store().heal();
        cluster.refreshAll();
        try (Maintenance node = cluster.node(2).newMaintenance("node")) {
            node.start();
            TestCluster.eventually(
                    "a node takes it up",
                    () -> node.requested().find(ASKED).orElseThrow().state().ended());
            assertThat(node.requested().find(ASKED).orElseThrow().runner().name())
                    .isEqualTo("node");
        }
    }

    /** Else whoever is killed in between leaves what nobody knows of. */
    @Test
    void itIsAskedForBeforeAnythingIsSettledShort() {
        TestNode mover = cluster.node(1);
        Rebalance rebalance =
                mover.newRebalance(
                        () -> {
                            throw new MetadataUnavailableException("not now", null);
                        });
        assertThatThrownBy(() -> mover.run(rebalance))
                .isInstanceOf(MetadataUnavailableException.class);
        RingView view = cluster.view();
        List<Integer> held = cluster.node(1).held().stream().map(h -> h.id().partition(8)).toList();
        assertThat(held)
                .filteredOn(p -> view.ring().table().places(p, TestNode.memberId(4)))
                .isNotEmpty()
                .allSatisfy(p -> assertThat(view.settled().epoch(p)).isEqualTo(1));
    }
}
