package io.lilio.bench.cluster;

import io.lilio.bench.http.LoadGenerator;
import io.lilio.bench.http.Measured;
import io.lilio.bench.http.Row;
import io.lilio.bench.http.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Runs a workload against several targets by turns, so that whatever else the machine does
 * meanwhile meets them all, and takes each one's median.
 */
final class Rounds {

    private final List<LoadGenerator> loads;
    private final int rounds;

    /**
     * @param rounds counted runs, after one that is not counted
     */
    Rounds(List<LoadGenerator> loads, int rounds) {
        this.loads = List.copyOf(loads);
        this.rounds = rounds;
    }

    /** What the workload needs to be there is made first. One median for each target, in order. */
    List<Measured> medians(Row row, Workload workload) throws IOException, InterruptedException {
        Workload preparation = workload.preparation();
        List<List<Measured>> runs = new ArrayList<>();
        for (LoadGenerator load : loads) {
            if (preparation != null) {
                load.run(preparation);
            }
            load.run(workload);
            runs.add(new ArrayList<>());
        }
        for (int i = 0; i < rounds; i++) {
            for (int target = 0; target < loads.size(); target++) {
                runs.get(target).add(loads.get(target).run(workload));
            }
        }
        List<Measured> medians = new ArrayList<>();
        for (List<Measured> each : runs) {
            each.sort(Comparator.comparingDouble(row::figure));
            medians.add(each.get(each.size() / 2));
        }
        return medians;
    }

    /** As rows are named. */
    static String name(Workload workload) {
        String clients = workload.clients() == 1 ? ", 1 client" : ", %d clients";
        return workload.name() + clients.formatted(workload.clients());
    }

    /** A figure for people. */
    static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
    }

    /** How many times as much; empty when there is nothing to compare with. */
    static String ratio(double figure, double other) {
        return other == 0 ? "" : String.format(Locale.ROOT, "%.2f", figure / other);
    }

    /** A latency. */
    static String micros(double micros) {
        return micros < 10_000 ? number(micros) + " µs" : number(micros / 1_000) + " ms";
    }
}
