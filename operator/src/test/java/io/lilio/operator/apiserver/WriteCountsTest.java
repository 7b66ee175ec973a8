package io.lilio.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Writes as the API server's metrics tell them. */
class WriteCountsTest {

    private static String line(String resource, String part, String verb, String value) {
        return """
        apiserver_request_total{code="200",component="apiserver",dry_run="",group="g",\
        resource="%s",scope="resource",subresource="%s",verb="%s",version="v1"} %s
        """
                .formatted(resource, part, verb, value);
    }

    @Test
    void writesOfWhatAnOperatorWritesAreAddedUp() {
        WriteCounts counts =
                WriteCounts.parse(
                        "# HELP apiserver_request_total Counter\n"
                                + line("liliobuckets", "status", "PUT", "7")
                                + line("liliobuckets", "status", "PATCH", "1.2e+01")
                                + line("liliobuckets", "status", "GET", "100")
                                + line("secrets", "", "APPLY", "2")
                                + line("statefulsets", "status", "PUT", "50")
                                + line("pods", "", "DELETE", "50"));
        assertThat(counts.byResource())
                .isEqualTo(Map.of("liliobuckets/status", 19L, "secrets", 2L));
    }

    @Test
    void whatHasComeSinceIsTheDifference() {
        WriteCounts before = new WriteCounts(Map.of("secrets", 2L, "jobs", 1L));
        WriteCounts now = new WriteCounts(Map.of("secrets", 5L, "jobs", 1L, "services", 1L));
        assertThat(now.since(before).byResource()).isEqualTo(Map.of("secrets", 3L, "services", 1L));
    }
}
