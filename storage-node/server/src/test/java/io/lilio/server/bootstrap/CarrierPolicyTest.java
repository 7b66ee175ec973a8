package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CarrierPolicyTest {

    private static final int USUAL = 4;
    private static final int MOST = 256;

    private final CarrierPolicy policy = new CarrierPolicy(USUAL, MOST);
    private int carriers = USUAL;

    @Test
    void lateHeartbeatsOfIdleProcessorsGetMoreCarriersUpToABound() {
        late(false);
        assertThat(carriers).isEqualTo(2 * USUAL);
        for (int i = 0; i < 10; i++) {
            late(false);
        }
        assertThat(carriers).isEqualTo(MOST);
    }

    @Test
    void busyProcessorsGetNoMore() {
        for (int i = 0; i < 10; i++) {
            late(true);
        }
        assertThat(carriers).isEqualTo(USUAL);
    }

    @Test
    void underSteadyLoadThereAreFewerAgainThoughAllAreInUse() {
        late(false);
        late(false);
        punctual(2 * CarrierPolicy.CALM, true, carriers);
        assertThat(carriers).isEqualTo(USUAL);
    }

    @Test
    void carriersThatHungCallsHoldAreLeft() {
        late(false);
        late(false);
        punctual(10 * CarrierPolicy.CALM, false, 3 * USUAL);
        assertThat(carriers).isEqualTo(4 * USUAL);
        punctual(2 * CarrierPolicy.CALM, false, 1);
        assertThat(carriers).isEqualTo(USUAL);
    }

    @Test
    void whatProvedTooFewIsTriedAgainLater() {
        late(false);
        punctual(CarrierPolicy.CALM, true, carriers);
        assertThat(carriers).isEqualTo(USUAL);
        late(false);
        punctual(CarrierPolicy.CALM, true, carriers);
        assertThat(carriers).isEqualTo(2 * USUAL);
        punctual(CarrierPolicy.CALM, true, carriers);
        assertThat(carriers).isEqualTo(USUAL);
    }

    private void late(boolean busy) {
        carriers = policy.next(false, busy, carriers, carriers);
    }

    private void punctual(int times, boolean busy, int mounted) {
        for (int i = 0; i < times; i++) {
            carriers = policy.next(true, busy, mounted, carriers);
        }
    }
}
