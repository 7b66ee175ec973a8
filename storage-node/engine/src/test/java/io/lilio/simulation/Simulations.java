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
     * Runs seeds until one fails, and says which, and how.
     *
     * @param wanted what a run has to have to be tried
     */
    static String hunt(long first, long last, List<String> wanted) {
        int runs = 0;
        for (long seed = first; seed <= last; seed++) {
            if (!Profile.of(seed).has(wanted)) {
                continue;
            }
            runs++;
            Optional<String> wrong = new Simulation(seed).run();
            if (wrong.isPresent()) {
                return "%d | %s".formatted(seed, inBrief(wrong.get()));
            }
        }
        return "not in %d runs up to %d |".formatted(runs, last);
    }

    /** Its first line, without what is another one in every run. */
    private static String inBrief(String wrong) {
        String first = wrong.lines().findFirst().orElse("");
        String what =
                first.startsWith("java.lang.AssertionError: ") ? first.split(": ", 2)[1] : first;
        String brief = what.split("[:,\\[(]", 2)[0];
        return brief.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "a member").strip();
    }
}
