package io.lilio.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * What an operator costs: memory, processor time and writes, with one cluster and with many, whose
 * usage changes all the time. Prints a table, and leaves it in {@code target/apiserver/figures.md}.
 */
@Tag("kubernetes")
@TestInstance(Lifecycle.PER_CLASS)
class ManyClustersTest {

    private static final Duration SPAN =
            Duration.ofMinutes(Integer.getInteger("lilio.figures.minutes", 5));

    private static final Duration BOUND = Duration.ofMinutes(30);
    private static final Duration SETTLING = Duration.ofMinutes(3);

    /** The chart's limit of memory, of which half is heap (scripts/lilio-operator). */
    private static final long LIMIT = 512L << 20;

    /**
     * What was measured.
     *
     * @param ready from the first resource made until all are as they should be
     * @param resident the most that was seen
     * @param processor time of processors
     * @param calls to storage nodes
     */
    private record Figures(
            int clusters,
            int buckets,
            Duration ready,
            long resident,
            Duration processor,
            long calls,
            WriteCounts writes) {}

    private final List<Figures> all = new ArrayList<>();
    private final Opened opened = new Opened();
    private Testbed testbed;

    @BeforeAll
    void open() {
        testbed = opened.add(Testbed.open());
    }

    @AfterAll
    void close() throws IOException {
        opened.close();
        List<String> table = table();
        Path target = Files.createDirectories(Path.of("target", "apiserver"));
        Files.write(target.resolve("figures.md"), table);
        System.out.println(String.join("\n", table));
    }

    @Test
    void oneClusterAndOneBucket() {
        assertBounds(measure(1, 1));
    }

    @Test
    void fiftyClustersAndFiveHundredBuckets() {
        assertBounds(measure(50, 10));
    }

    private void assertBounds(Figures figures) {
        assertThat(figures.resident()).as("memory, in bytes").isLessThan(LIMIT);
        assertThat(figures.writes().of("lilioclusters/status"))
                .as("writes of usage, once a minute at most: %s", figures.writes())
                .isBetween(1L, figures.clusters() * (SPAN.toMinutes() + 1));
        assertThat(figures.writes().of("liliobuckets/status"))
                .as("writes of usage, once a minute at most: %s", figures.writes())
                .isBetween(1L, figures.buckets() * (SPAN.toMinutes() + 1));
        assertThat(figures.writes().byResource().keySet())
                .as("what else is written: %s", figures.writes())
                .containsExactlyInAnyOrder("lilioclusters/status", "liliobuckets/status");
    }

    private Figures measure(int clusters, int bucketsEach) {
        List<String> names = IntStream.range(0, clusters).mapToObj(i -> "c" + i).toList();
        Chart chart = Chart.render("figures-" + clusters);
        try (Site site = new Site(testbed, chart, names);
                OperatorRun operator =
                        site.operator(
                                "operator-0",
                                Optional.empty(),
                                Map.of("LILIO_JAVA_OPTS", "-XX:MaxRAM=" + LIMIT))) {
            operator.awaitReady();
            long begun = System.nanoTime();
            make(site, names, bucketsEach);
            Duration ready = Duration.ofNanos(System.nanoTime() - begun);
            List<FakeStore> stores = names.stream().map(site::store).toList();
            stores.forEach(store -> store.fill(100_000, 10L << 30));
            try (Usage _ = new Usage(stores, Usage::growing)) {
                Await.pause(SETTLING);
                Figures figures = observe(site, operator, clusters, clusters * bucketsEach, ready);
                all.add(figures);
                return figures;
            }
        }
    }

    private static void make(Site site, List<String> names, int bucketsEach) {
        for (String name : names) {
            site.makeCluster(name);
            for (int i = 0; i < bucketsEach; i++) {
                site.makeBucket("%s-b%d".formatted(name, i), name);
            }
        }
        for (String name : names) {
            site.awaitSettled(name, 3, BOUND);
            for (int i = 0; i < bucketsEach; i++) {
                site.awaitBucket("%s-b%d".formatted(name, i), BOUND);
            }
        }
    }

    private Figures observe(
            Site site, OperatorRun operator, int clusters, int buckets, Duration ready) {
        WriteCounts writes = writes(site);
        Duration processor = operator.processorTime();
        long calls = testbed.nodes().calls();
        long resident = 0;
        long end = System.nanoTime() + SPAN.toNanos();
        while (System.nanoTime() < end) {
            resident = Math.max(resident, operator.residentBytes());
            Await.pause(Duration.ofSeconds(1));
        }
        return new Figures(
                clusters,
                buckets,
                ready,
                resident,
                operator.processorTime().minus(processor),
                testbed.nodes().calls() - calls,
                writes(site).since(writes));
    }

    private static WriteCounts writes(Site site) {
        return WriteCounts.parse(site.client().raw("/metrics"));
    }

    private List<String> table() {
        List<String> table = new ArrayList<>();
        table.add(
                "| | "
                        + row(
                                each ->
                                        each.clusters()
                                                + " clusters, "
                                                + each.buckets()
                                                + " buckets"));
        table.add("|---|" + "---|".repeat(all.size()));
        table.add("| all ready after | " + row(each -> each.ready().toSeconds() + " s"));
        table.add("| memory, at most | " + row(each -> (each.resident() >> 20) + " MiB"));
        table.add(
                "| processors | "
                        + row(
                                each ->
                                        "%.1f %% of one"
                                                .formatted(
                                                        100.0
                                                                * each.processor().toMillis()
                                                                / SPAN.toMillis())));
        table.add("| calls to storage nodes a minute | " + row(each -> aMinute(each.calls())));
        TreeSet<String> resources = new TreeSet<>();
        all.forEach(each -> resources.addAll(each.writes().byResource().keySet()));
        for (String resource : resources) {
            table.add(
                    "| writes of %s a minute | ".formatted(resource)
                            + row(each -> aMinute(each.writes().of(resource))));
        }
        return table;
    }

    private interface Cell {
        String of(Figures figures);
    }

    private String row(Cell cell) {
        StringBuilder row = new StringBuilder();
        all.forEach(each -> row.append(cell.of(each)).append(" | "));
        return row.toString().stripTrailing();
    }

    private static String aMinute(long count) {
        return "%.1f".formatted(count / (double) SPAN.toMinutes());
    }
}
