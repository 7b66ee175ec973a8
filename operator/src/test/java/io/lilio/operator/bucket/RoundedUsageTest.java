package io.lilio.operator.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundedUsageTest {

    @Test
    void smallFiguresAreExact() {
        assertThat(RoundedUsage.of(null, 0)).isZero();
        assertThat(RoundedUsage.of(50L, 51)).isEqualTo(51);
        assertThat(RoundedUsage.of(1_000L, 99)).isEqualTo(99);
    }

    @Test
    void largeFiguresHaveTwoDigits() {
        assertThat(RoundedUsage.of(null, 100)).isEqualTo(100);
        assertThat(RoundedUsage.of(null, 1_249)).isEqualTo(1_200);
        assertThat(RoundedUsage.of(null, 1_250)).isEqualTo(1_300);
        assertThat(RoundedUsage.of(null, 9_960)).isEqualTo(10_000);
        assertThat(RoundedUsage.of(null, Long.MAX_VALUE)).isEqualTo(9_200_000_000_000_000_000L);
    }

    @Test
    void aFigureStaysUntilItIsWrongByMoreThanATenth() {
        assertThat(RoundedUsage.of(1_000L, 1_100)).isEqualTo(1_000);
        assertThat(RoundedUsage.of(1_000L, 1_101)).isEqualTo(1_100);
        assertThat(RoundedUsage.of(1_000L, 900)).isEqualTo(1_000);
        assertThat(RoundedUsage.of(1_000L, 899)).isEqualTo(900);
    }
}
