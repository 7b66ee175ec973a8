package io.lilio.simulation;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

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
     * Runs seeds until one fails, and says which.
     *
     * @param args first and last seed, and, to spare time, what a run has to have: faults, an
     *     ending, what becomes of versions
     */
    public static void main(String[] args) {
        long last = Long.parseLong(args[1]);
        List<String> wanted = List.of(args).subList(2, args.length);
        var simulations = new Simulations();
        int runs = 0;
        for (long seed = Long.parseLong(args[0]); seed <= last; seed++) {
            if (!Profile.of(new Random(seed)).has(wanted)) {
                continue;
            }
            runs++;
            simulations.run(seed, 1);
            if (!simulations.failures().isEmpty()) {
                System.out.printf("fell at seed %d, run %d%n", seed, runs);
                return;
            }
        }
        System.out.printf("stands after seed %d, %d runs%n", last, runs);
    }
}
