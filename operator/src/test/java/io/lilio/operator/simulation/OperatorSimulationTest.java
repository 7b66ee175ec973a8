package io.lilio.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seeds of the operator's simulation. {@code -Dlilio.operator.seeds=N} runs that many, {@code
 * -Dlilio.operator.first=N} begins there, {@code -Dlilio.operator.seed=N} runs that one and tells
 * what happened in it.
 */
@Timeout(600)
class OperatorSimulationTest {

    private static final int SEEDS = 50;

    private static final int MANY = 200;

    /** From here on so many are enough for all that is rare to happen. */
    private static final int FIRST = 51;

    @Test
    void whateverGoesWrongTheOperatorDoesNoHarmAndGetsThere() {
        Simulations simulations = new Simulations();
        Long one = Long.getLong("lilio.operator.seed");
        if (one != null) {
            simulations.run(one, 1);
            System.out.println(simulations.trace());
            assertThat(simulations.failures()).isEmpty();
            return;
        }
        int seeds = Integer.getInteger("lilio.operator.seeds", SEEDS);
        simulations.run(Integer.getInteger("lilio.operator.first", FIRST), seeds);
        System.out.println(simulations.coverage());
        assertThat(simulations.failures()).isEmpty();
        if (seeds >= SEEDS) {
            assertThat(simulations.coverage().absent(Occurrences.wanted()))
                    .as("what never happened")
                    .isEmpty();
        }
        if (seeds >= MANY) {
            assertThat(simulations.coverage().absent(Occurrences.wantedOfMany()))
                    .as("what never happened in many seeds")
                    .isEmpty();
        }
    }

    @Test
    void theSameSeedTakesTheSameSteps() {
        List<Long> digests = new ArrayList<>();
        for (long seed : List.of(3L, 4L, 3L)) {
            Simulations simulations = new Simulations();
            simulations.run(seed, 1);
            digests.add(simulations.digest());
        }
        assertThat(digests.get(2)).isEqualTo(digests.get(0)).isNotEqualTo(digests.get(1));
    }
}
