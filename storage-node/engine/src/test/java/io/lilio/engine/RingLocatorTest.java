package io.lilio.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.ring.MemberPlace;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RingLocatorTest {

    @Test
    void aZoneThatIsGivenAtAdmissionCountsAtOnceOnEveryNode() {
        try (TestCluster cluster = TestCluster.of(3, 16)) {
            cluster.start(4);
            cluster.refreshAll();
            RingLocator ofTheFirst = locator(cluster.node(1));
            RingLocator ofTheFourth = locator(cluster.node(4));
            assertThat(near(ofTheFirst)).as("nobody has a zone").containsExactly(1, 2, 3, 4);
            cluster.commands()
                    .admit(
                            cluster.intent(),
                            List.of(
                                    new MemberPlace(
                                            TestNode.memberId(4),
                                            Optional.empty(),
                                            Optional.of("west"))));
            cluster.refreshAll();
            assertThat(near(ofTheFirst)).containsExactly(1, 2, 3);
            assertThat(near(ofTheFourth)).containsExactly(4);
        }
    }

    private static RingLocator locator(TestNode node) {
        return new RingLocator(node.engine().ring(), node.engine().members());
    }

    private static List<Integer> near(RingLocator locator) {
        return List.of(1, 2, 3, 4).stream()
                .filter(number -> locator.inOwnZone(TestNode.memberId(number)))
                .toList();
    }
}
