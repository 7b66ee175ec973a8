package io.lilio.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NamesTest {

    private final Names longest = new Names("a".repeat(40), "n".repeat(63));

    @Test
    void theLongestFitIntoWhatKubernetesTakes() {
        assertThat(longest.etcdMembersService()).hasSizeLessThanOrEqualTo(63);
        assertThat(longest.nodesService()).hasSizeLessThanOrEqualTo(63);
        // StatefulSets leave room for a revision, CronJobs for a minute.
        assertThat(longest.etcd()).hasSizeLessThanOrEqualTo(52);
        assertThat(Arrays.asList(MaintenanceKind.values()))
                .allSatisfy(
                        kind -> {
                            assertThat(longest.schedule(kind)).hasSizeLessThanOrEqualTo(52);
                            assertThat(longest.run(kind, "x".repeat(64)))
                                    .hasSizeLessThanOrEqualTo(63);
                        });
    }

    @Test
    void runsOfDifferentIdsHaveDifferentJobs() {
        assertThat(longest.run(MaintenanceKind.GC, "one"))
                .isEqualTo(longest.run(MaintenanceKind.GC, "one"))
                .isNotEqualTo(longest.run(MaintenanceKind.GC, "two"))
                .isNotEqualTo(longest.run(MaintenanceKind.REPAIR, "one"));
    }

    @Test
    void foundersAreAsManyAsCopies() {
        Names names = new Names("demo", "shop");
        assertThat(names.founders(3)).containsExactly("demo-0", "demo-1", "demo-2");
        assertThat(names.address("demo-0", names.nodesService()))
                .isEqualTo("demo-0.demo-nodes.shop.svc");
    }
}
