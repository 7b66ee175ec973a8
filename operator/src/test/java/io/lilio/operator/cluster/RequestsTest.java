package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.plan.Desired;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestsTest {

    private static final UUID ONE = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);

    private static LilioCluster annotated(Map<String, String> annotations) {
        LilioCluster cluster = Stage.made().cluster();
        cluster.getMetadata().setAnnotations(annotations);
        return cluster;
    }

    @Test
    void aLossIsAcceptedOnlyWhereEveryLostMemberIsNamedTwice() {
        assertThat(accepts(ONE + "", ONE + "")).isTrue();
        assertThat(accepts(ONE + ", " + OTHER, ONE + "")).isFalse();
        assertThat(accepts(ONE + "," + OTHER, OTHER + "," + ONE)).isTrue();
        assertThat(accepts("", ONE + "")).isFalse();
    }

    private static boolean accepts(String lost, String accepted) {
        LilioCluster cluster =
                annotated(
                        Map.of(
                                Requests.ACKNOWLEDGE_LOST,
                                lost,
                                Requests.ACCEPT_DATA_LOSS,
                                accepted));
        Desired desired = Requests.of(cluster).desired(cluster, false);
        return desired.acceptsDataLoss();
    }

    @Test
    void whatIsNoMemberIsToldAndDoesNothing() {
        Requests requests =
                Requests.of(annotated(Map.of(Requests.ACKNOWLEDGE_LOST, "demo-1," + ONE)));
        assertThat(requests.lost()).containsExactly(ONE);
        assertThat(requests.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains("demo-1"));
    }

    @Test
    void oneIsReplacedAtATime() {
        Requests requests = Requests.of(annotated(Map.of(Requests.REPLACE, OTHER + "," + ONE)));
        assertThat(requests.replace()).contains(OTHER);
        assertThat(requests.faults()).hasSize(1);
    }
}
