package io.lilio.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.rpc.RpcListener.Breach;
import io.lilio.server.rpc.RpcListener.Side;
import io.lilio.server.rpc.RpcOperation;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // Quarkus 3.33 still exports through this registry.
class RpcMetricsTest {

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RpcMetrics metrics = new RpcMetrics(registry);

    @Test
    void whatNodesAskOfEachOtherIsExported() {
        metrics.called(Side.CLIENT, RpcOperation.PUT, "ok", 2_000_000_000L);
        metrics.called(Side.CLIENT, RpcOperation.PUT, "ok", 1_000_000_000L);
        metrics.called(Side.SERVER, RpcOperation.MARK_ALL_UNCONFIRMED, "not-hosted", 5);
        metrics.moved(Side.SERVER, 100, 20);
        metrics.connections(Side.CLIENT, 1);
        metrics.connections(Side.CLIENT, 1);
        metrics.connections(Side.CLIENT, -1);
        metrics.broken(Side.SERVER, Breach.BAD_FRAME);

        String put = "{operation=\"put\",outcome=\"ok\",side=\"client\",}";
        assertThat(registry.scrape())
                .contains("lilio_rpc_calls_seconds_count" + put + " 2.0")
                .contains("lilio_rpc_calls_seconds_sum" + put + " 3.0")
                .contains("operation=\"mark-all-unconfirmed\",outcome=\"not-hosted\"")
                .contains("lilio_rpc_received_bytes_total{side=\"server\",} 100.0")
                .contains("lilio_rpc_sent_bytes_total{side=\"server\",} 20.0")
                .contains("lilio_rpc_connections{side=\"client\",} 1.0")
                .contains("lilio_rpc_broken_total{reason=\"bad-frame\",side=\"server\",} 1.0");
    }
}
