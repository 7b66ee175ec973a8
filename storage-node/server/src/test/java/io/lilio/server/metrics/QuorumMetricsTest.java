package io.lilio.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.placement.MemberId;
import io.lilio.replication.BreakerState;
import io.lilio.replication.MemberStore;
import io.lilio.replication.Members;
import io.lilio.replication.ReplicationSettings;
import io.lilio.time.SystemTime;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // Quarkus 3.33 still exports through this registry.
class QuorumMetricsTest {

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final QuorumMetrics metrics = new QuorumMetrics(registry);

    @Test
    void theBreakersOfAMemberAreShownUntilAnotherTakesItsPlace() {
        try (SystemTime time = new SystemTime();
                MemoryChunkStore store =
                        new MemoryChunkStore(
                                new MemoryChunkStoreSettings("disk1", 16, 1 << 20), time)) {
            var member =
                    new MemberStore(
                            new MemberId(new UUID(1, 1)), "node-2/disk1", "node-2", false, store);
            var members =
                    new Members(
                            ReplicationSettings.defaults(),
                            time,
                            Thread.ofVirtual().factory(),
                            metrics);
            members.add(member);
            metrics.breakerChanged(member, true, BreakerState.OPEN);
            metrics.breakerChanged(member, false, BreakerState.HALF_OPEN);
            assertThat(registry.scrape())
                    .contains("lilio_member_breaker{calls=\"writes\",node=\"node-2/disk1\",} 2.0")
                    .contains("lilio_member_breaker{calls=\"reads\",node=\"node-2/disk1\",} 1.0");
            members.add(member);
            assertThat(registry.scrape())
                    .contains("lilio_member_breaker{calls=\"writes\",node=\"node-2/disk1\",} 0.0")
                    .contains("lilio_member_breaker{calls=\"reads\",node=\"node-2/disk1\",} 0.0");
        }
    }
}
