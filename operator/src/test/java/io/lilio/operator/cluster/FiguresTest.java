package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    @Test
    void usageIsToldInHundredthsOfAllThereIs() {
        long gib = 1L << 30;
        assertThat(ClusterReport.capacity(100 * gib, 7 * gib).used().toString())
                .isEqualTo("7168Mi");
        assertThat(ClusterReport.capacity(100 * gib, 7 * gib + (300L << 20)).used().toString())
                .isEqualTo("7168Mi");
        assertThat(ClusterReport.capacity(100 * gib, 0).used().toString()).isEqualTo("0");
        assertThat(ClusterReport.capacity(10L << 20, 3L << 20).used().toString()).isEqualTo("3Mi");
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
        assertThat(VersionWindow.check(nodes, operator).isEmpty()).isEqualTo(understood);
    }
}
