package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.crd.cluster.Capacity;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    @Test
    void usageIsToldInHundredthsOfAllThereIs() {
        long gib = 1L << 30;
        assertThat(used(100 * gib, 7 * gib)).isEqualTo("7168Mi");
        assertThat(used(100 * gib, 7 * gib + (300L << 20))).isEqualTo("7168Mi");
        assertThat(used(100 * gib, 0)).isEqualTo("0");
        assertThat(used(10L << 20, 3L << 20)).isEqualTo("3Mi");
    }

    private static String used(long total, long used) {
        return ClusterReport.capacity(Optional.empty(), total, used).used().toString();
    }

    @Test
    void usageThatGoesToAndFroAtAnEdgeIsNotToldAgain() {
        long gib = 1L << 30;
        long edge = 19 * gib + gib / 2;
        Capacity shown = ClusterReport.capacity(Optional.empty(), 100 * gib, edge);
        assertThat(shown.used().toString()).isEqualTo("20480Mi");
        for (long used : new long[] {edge - 1, edge - gib / 4, edge + gib, edge + 5 * gib / 4}) {
            assertThat(ClusterReport.capacity(Optional.of(shown), 100 * gib, used))
                    .isEqualTo(shown);
        }
        assertThat(
                        ClusterReport.capacity(Optional.of(shown), 100 * gib, edge - gib / 4 - 1)
                                .used()
                                .toString())
                .isEqualTo("19456Mi");
        Capacity none = ClusterReport.capacity(Optional.empty(), 100 * gib, 0);
        assertThat(ClusterReport.capacity(Optional.of(none), 100 * gib, gib).used().toString())
                .isEqualTo("1024Mi");
    }

    @Test
    void progressIsToldInStepsOfFivePercent() {
        assertThat(ClusterReport.percent(2_047, 4_096L)).contains(45);
        assertThat(ClusterReport.percent(4_096, 4_096L)).contains(100);
        assertThat(ClusterReport.percent(5, 0L)).isEmpty();
        assertThat(ClusterReport.percent(5, null)).isEmpty();
    }

    @Test
    void attemptsBecomeRarerUpToAPoint() {
        assertThat(RunJobs.pause(1)).isEqualTo(Duration.ofSeconds(10));
        assertThat(RunJobs.pause(4)).isEqualTo(Duration.ofSeconds(80));
        assertThat(RunJobs.pause(1_000_000)).isEqualTo(Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3,  1.2.9,  true",
        "1.1.0,  1.2.9,  true",
        "v1.3.0, 1.2.9,  true",
        "1.4.0,  1.2.9,  false",
        "1.0.7,  1.2.9,  false",
        "2.2.0,  1.2.9,  false",
        "abc123, 1.2.9,  true",
        "1.9.0,  latest, true"
    })
    void releasesOneMinorApartAreUnderstood(String nodes, String operator, boolean understood) {
        assertThat(VersionWindow.ofNodes(nodes, operator).isEmpty()).isEqualTo(understood);
        assertThat(VersionWindow.ofSpec(nodes, operator).isEmpty()).isEqualTo(understood);
    }
}
