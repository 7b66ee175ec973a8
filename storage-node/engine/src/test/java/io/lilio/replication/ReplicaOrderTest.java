package io.lilio.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicaOrderTest {

    private final TestRing ring = new TestRing(3, 2, 2);

    @AfterEach
    void everyBufferIsBack() {
        ring.close();
    }

    @Test
    void nothingIsKnown() {
        assertThat(order()).isEqualTo("abc");
    }

    /** What is read ahead must not send the next read elsewhere: each place would cache it. */
    @Test
    void aFewCallsUnderWayChangeNothingAndManyDo() {
        Lane lane = ring.client(0).reads();
        for (int calls = 1; calls <= 4; calls++) {
            lane.enter(Lane.Load.PAYLOAD);
            assertThat(order()).as("%d calls under way", calls).isEqualTo("abc");
        }
        for (int calls = 5; calls <= 12; calls++) {
            lane.enter(Lane.Load.PAYLOAD);
        }
        assertThat(order()).isEqualTo("bca");
        for (int calls = 1; calls <= 12; calls++) {
            lane.withdraw(false);
        }
        assertThat(order()).isEqualTo("abc");
    }

    /** Wherever the figures lie: 131,072 is a power of two. */
    @Test
    void whatIsNearlyAsFastStaysInItsPlace() {
        for (int nanos = 10_000; nanos < 4_000_000; nanos += nanos / 10) {
            TestRing fresh = new TestRing(3, 2, 2);
            fresh.client(0).readLatency().measured(nanos + nanos / 2, fresh.time.nanos());
            fresh.client(1).readLatency().measured(nanos, fresh.time.nanos());
            fresh.client(2).readLatency().measured(nanos + nanos / 3, fresh.time.nanos());
            assertThat(order(fresh)).as("about %d ns", nanos).isEqualTo("abc");
            fresh.close();
        }
    }

    @Test
    void theSlowComesLastAndIsTriedAgainInTime() {
        ring.client(0).readLatency().measured(5_000_000, ring.time.nanos());
        ring.client(1).readLatency().measured(300_000, ring.time.nanos());
        ring.client(2).readLatency().measured(1_200_000, ring.time.nanos());
        assertThat(order()).isEqualTo("bca");
        ring.time.advance(Duration.ofMinutes(2));
        assertThat(order()).isEqualTo("abc");
    }

    @Test
    void aMemberThatKeepsFailingIsTheLastResort() {
        ring.client(1).readLatency().measured(50_000_000, ring.time.nanos());
        ring.client(2).readLatency().measured(50_000_000, ring.time.nanos());
        for (int i = 0; i < ring.members.settings().breaker().failures(); i++) {
            Exception broken = new IllegalStateException("broken");
            ring.client(0).reads().judge(broken, Lane.Load.PAYLOAD, false);
        }
        assertThat(ring.client(0).readState()).isEqualTo(BreakerState.OPEN);
        assertThat(order()).isEqualTo("bca");
    }

    @Test
    void ofThoseOnOtherNodesTheNearComesFirst() {
        ring.slots.forEach(ring::moveAway);
        assertThat(order()).isEqualTo("abc");
        ring.locator.inOwnZone = List.of(ring.slots.getLast());
        assertThat(order()).isEqualTo("cab");
    }

    private String order() {
        return order(ring);
    }

    private static String order(TestRing ring) {
        return new ReplicaOrder(ring.members, ring.locator)
                .of(ring.slots).stream()
                        .map(replica -> replica.client)
                        .filter(client -> client != null)
                        .map(client -> client.member().name())
                        .collect(Collectors.joining());
    }
}
