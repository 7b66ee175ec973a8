package io.lilio.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form: a few seeds. {@link LongSimulationTest} has the many. */
@Tag("simulation")
@Timeout(600)
class SimulationTest {

    private static final int SEEDS = 80;

    @Test
    void whateverGoesWrongClientsSeeOneHistoryAndNothingIsLostOrLeftBehind() {
        var simulations = new Simulations();
        simulations.run(1, SEEDS);
        assertThat(simulations.failures()).isEmpty();
        assertThat(simulations.coverage().absent()).as("faults that never happened").isEmpty();
    }

    @Test
    void theSameSeedTakesTheSameStepsInTheSameOrder() {
        List<Long> traces = new ArrayList<>();
        for (long seed : List.of(3L, 8L, 3L, 8L)) {
            var simulation = new Simulation(seed);
            assertThat(simulation.run()).isEmpty();
            traces.add(simulation.trace());
        }
        assertThat(traces.subList(2, 4)).isEqualTo(traces.subList(0, 2));
        assertThat(traces.get(0)).isNotEqualTo(traces.get(1));
    }
}
