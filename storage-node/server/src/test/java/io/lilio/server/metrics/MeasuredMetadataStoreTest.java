package io.lilio.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.ForwardingMetadataStore;
import io.lilio.metadata.Txn;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.time.SystemTime;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // Quarkus 3.33 still exports through this registry.
class MeasuredMetadataStoreTest {

    private static final Bytes KEY = Bytes.ofUtf8("key");
    private static final Txn GROW = Txn.grow().put(KEY, Bytes.empty()).build();

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void transactionsAreCountedWhileTheirAnswerIsAwaitedAndWhenItIsLost() {
        try (SystemTime time = new SystemTime();
                MemoryMetadataStore memory = new MemoryMetadataStore(time)) {
            MeasuredMetadataStore lossy =
                    new MeasuredMetadataStore(
                            new ForwardingMetadataStore(memory) {
                                @Override
                                public CommitResult commit(Txn txn) {
                                    assertThat(registry.scrape()).contains(active("grow", 1));
                                    super.commit(txn);
                                    return new CommitResult.Unknown(new Exception("lost"));
                                }
                            },
                            registry);
            assertThat(lossy.commit(GROW)).isInstanceOf(CommitResult.Unknown.class);
            assertThat(registry.scrape())
                    .contains(active("grow", 0), active("upkeep", 0))
                    .contains(lost("grow", 1), lost("upkeep", 0));
        }
    }

    @Test
    void anAnswerThatCameIsNotLost() {
        try (SystemTime time = new SystemTime();
                MemoryMetadataStore memory = new MemoryMetadataStore(time)) {
            MeasuredMetadataStore store = new MeasuredMetadataStore(memory, registry);
            assertThat(store.commit(GROW)).isInstanceOf(CommitResult.Committed.class);
            assertThat(registry.scrape()).contains(active("grow", 0), lost("grow", 0));
        }
    }

    private static String active(String purpose, int transactions) {
        return "lilio_metadata_commits_active{purpose=\"%s\",} %d.0"
                .formatted(purpose, transactions);
    }

    private static String lost(String purpose, int transactions) {
        return "lilio_metadata_commits_unknown_total{purpose=\"%s\",} %d.0"
                .formatted(purpose, transactions);
    }
}
