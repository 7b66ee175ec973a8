package io.lilio.simulation;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Many runs, one seed after the other: what failed, and which fault met what. */
final class Simulations {

    /** When so many have failed the rest tells nothing new. */
    private static final int ENOUGH = 5;

    private final Coverage coverage = new Coverage();
    private final List<String> failures = new ArrayList<>();
    private final PrintStream report = System.out;
    private long steps;

    /** Runs these seeds, while the engine's logs go nowhere. */
    void run(long first, long count) {
        PrintStream logs = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false));
        try {
            for (long seed = first; seed < first + count && failures.size() < ENOUGH; seed++) {
                run(seed);
            }
        } finally {
            System.setErr(logs);
        }
    }

    private void run(long seed) {
        Simulation simulation = new Simulation(seed);
        Optional<String> wrong = simulation.run();
        coverage.add(simulation.coverage());
        steps += simulation.steps();
        if (wrong.isPresent()) {
            String failure =
                    "seed %d fails: %s%n%s%nTo see it again: make simulate SEED=%d"
                            .formatted(seed, wrong.get(), simulation.summary(), seed);
            report.println(failure);
            failures.add(failure);
        }
    }

    List<String> failures() {
        return failures;
    }

    Coverage coverage() {
        return coverage;
    }

    /** Steps of all runs together. */
    long steps() {
        return steps;
    }

    /**
     * Runs seeds, and says which was the first to fail.
     *
     * @param args first and last seed
     */
    public static void main(String[] args) {
        long first = Long.parseLong(args[0]);
        long last = Long.parseLong(args[1]);
        var simulations = new Simulations();
        for (long seed = first; seed <= last; seed++) {
            simulations.run(seed, 1);
            if (!simulations.failures().isEmpty()) {
                System.out.println("fell at seed " + seed);
                return;
            }
        }
        System.out.println("stands after seed " + last);
    }
}
