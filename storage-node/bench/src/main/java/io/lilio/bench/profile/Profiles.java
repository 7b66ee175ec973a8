package io.lilio.bench.profile;

import io.lilio.bench.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The profiles of one benchmark: of each row that missed its goal, or of every row when {@code
 * PROFILE} is in the environment. A row is run again for it, so that no figure was measured under a
 * profiler. Not thread-safe.
 */
public final class Profiles {

    private static final boolean ALL = System.getenv().containsKey("PROFILE");
    private static final int LEADING = 3;

    /** So many threads, and waiting for the disk is told first. */
    private static final double SOME = 0.5;

    private record Profile(double busyCores, Profiler.Seen seen) {

        Shares shares() {
            return seen.shares();
        }

        String bottleneck() {
            String busy =
                    String.format(
                            Locale.ROOT,
                            "%s of %.1f busy cores",
                            shares().leading(LEADING),
                            busyCores);
            return seen.waitingForDisk() < SOME
                    ? busy
                    : String.format(
                            Locale.ROOT,
                            "%.1f threads wait for the disk; %s",
                            seen.waitingForDisk(),
                            busy);
        }
    }

    private final Profiler profiler;
    private final String explained;
    private final Map<String, Profile> rows = new LinkedHashMap<>();

    /**
     * @param repository below which files are laid down
     * @param explained the place in docs/performance.md that says what the profiles mean
     */
    public Profiles(Path repository, String explained) {
        this.profiler = new Profiler(repository.resolve("bench-data"));
        this.explained = explained;
    }

    /**
     * What limits a row, for its last cell.
     *
     * @param missed whether it missed a goal
     * @param pid the JVM to look at
     * @param busyCores processors that the measured runs kept busy, of all processes that share
     *     them
     * @param work the row once more
     * @return empty when no goal was missed
     */
    public String bottleneck(
            String row, boolean missed, long pid, double busyCores, Profiler.Work work)
            throws IOException, InterruptedException {
        if (!missed && !ALL) {
            return "";
        }
        Profile profile = new Profile(busyCores, profiler.watch(pid, row, work));
        rows.put(row, profile);
        return missed ? profile.bottleneck() : "";
    }

    /** Writes a table of them after the one whose rows they are of; nothing when there are none. */
    public void write(Report report) {
        if (rows.isEmpty()) {
            return;
        }
        report.text(
                """
                Where processor time goes in rows that missed a goal, by async-profiler in a run of its own after the \
                measured ones, the JIT compiler left out of the shares; and how many threads waited for the disk, on average. %s says what follows from it.\
                """
                        .formatted(explained));
        List<String> head = new ArrayList<>(List.of("share of processor time"));
        head.addAll(rows.keySet());
        report.table(head);
        List<String> groups =
                rows.values().stream()
                        .flatMap(profile -> profile.shares().samples().keySet().stream())
                        .distinct()
                        .sorted(Comparator.comparingDouble(this::weight).reversed())
                        .toList();
        for (String group : groups) {
            line(report, group, profile -> profile.shares().percent(group));
        }
        line(
                report,
                "busy cores, clients included",
                profile -> String.format(Locale.ROOT, "%.2f", profile.busyCores));
        line(
                report,
                "threads that wait for the disk",
                profile -> String.format(Locale.ROOT, "%.2f", profile.seen.waitingForDisk()));
    }

    private double weight(String group) {
        return rows.values().stream().mapToDouble(profile -> profile.shares().share(group)).sum();
    }

    private void line(Report report, String name, Function<Profile, String> cell) {
        List<String> cells = new ArrayList<>(List.of(name));
        rows.values().forEach(profile -> cells.add(cell.apply(profile)));
        report.row(cells.toArray(String[]::new));
    }
}
