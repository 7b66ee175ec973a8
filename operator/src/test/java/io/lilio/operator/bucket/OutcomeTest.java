package io.lilio.operator.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.crd.bucket.BucketReason;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutcomeTest {

    @Test
    void manyBucketsDoNotLookAgainAtOnce() {
        Set<Duration> times =
                IntStream.range(0, 500)
                        .mapToObj(i -> Outcome.idle(new UUID(i, i).toString()).again())
                        .collect(Collectors.toSet());
        assertThat(times).hasSizeGreaterThan(400);
        assertThat(times)
                .allMatch(time -> time.compareTo(Duration.ofSeconds(60)) >= 0)
                .allMatch(time -> time.compareTo(Duration.ofSeconds(90)) < 0);
        Duration held = Outcome.held(BucketReason.CLUSTER_NOT_READY, "uid").again();
        assertThat(held).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(45));
    }
}
