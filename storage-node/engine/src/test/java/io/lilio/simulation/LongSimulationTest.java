package io.lilio.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The long form: {@code make simulate}, or one seed that failed: {@code make simulate SEED=n}. */
@Tag("simulation")
@Tag("simulate")
class LongSimulationTest {

    private static final String ONE = "lilio.simulation.seed";
    private static final String ANY = ".+";

    @Test
    @DisabledIfSystemProperty(named = ONE, matches = ANY)
    void everyFaultMeetsEveryPhaseAndNothingComesOfIt() {
        long seeds = Long.getLong("lilio.simulation.seeds", 2_000);
        var simulations = new Simulations();
        simulations.run(Long.getLong("lilio.simulation.first", 1), seeds);
        System.out.printf(
                "%d seeds, %d steps; how often each fault met each phase:%n%s%n",
                seeds, simulations.steps(), simulations.coverage().table());
        assertThat(simulations.failures()).isEmpty();
        assertThat(simulations.coverage().gaps()).as("what never met").isEmpty();
    }

    @Test
    @EnabledIfSystemProperty(named = ONE, matches = ANY)
    void oneSeedIsReplayed() {
        long seed = Long.getLong(ONE, 0);
        var simulation = new Simulation(seed);
        var wrong = simulation.run();
        System.out.printf(
                "seed %d: %s, trace %x%n", seed, simulation.summary(), simulation.trace());
        assertThat(wrong).isEmpty();
    }
}
