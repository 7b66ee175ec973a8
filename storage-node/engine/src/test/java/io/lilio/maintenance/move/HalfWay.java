package io.lilio.maintenance.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.ring.RingStore;
import io.lilio.engine.TestNode;
import io.lilio.maintenance.run.Run;
import io.lilio.placement.RingView;
import java.util.List;
import java.util.stream.IntStream;

/** A mover that stops after some partitions. */
final class HalfWay {

    private final TestNode node;

    HalfWay(TestNode node) {
        this.node = node;
    }

    /** Closes older epochs and settles so many partitions that are not settled. */
    void move(int count) {
        RingView view = node.engine().ring().refresh();
        RingStore store = node.rings();
        Run run = node.newRun(node.newRebalance());
        store.openEpochs().headSet(view.epoch()).forEach(store::closeEpoch);
        List<Integer> some =
                IntStream.range(0, view.partitions())
                        .filter(partition -> view.settled().epoch(partition) < view.epoch())
                        .limit(count)
                        .boxed()
                        .toList();
        assertThat(some).hasSize(count);
        assertThat(new GroupMove(node.heal(), store, view, run).carryOut(some, () -> {})).isTrue();
    }
}
