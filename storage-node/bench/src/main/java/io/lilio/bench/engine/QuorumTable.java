package io.lilio.bench.engine;

import io.lilio.bench.Report;
import io.lilio.chunk.ChunkStore;
import io.lilio.placement.Replication;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.IntToLongFunction;

/** What waiting for fewer replicas buys when they are not equally fast. */
final class QuorumTable {

    private static final int BYTES = 1 << 20;

    /** How far away each replica is. */
    private record Delay(String text, IntToLongFunction nanosOfReplica) {}

    private static final List<Delay> DELAYS =
            List.of(
                    new Delay("no delay", _ -> 0),
                    new Delay(
                            "0 to 10 ms (5 ms on average) at random on each call",
                            _ -> ThreadLocalRandom.current().nextLong(10_000_000)),
                    new Delay("one replica 50 ms slow", replica -> replica == 0 ? 50_000_000 : 0));

    private final int rounds;
    private final double effort;

    QuorumTable(int rounds, double effort) {
        this.rounds = rounds;
        this.effort = effort;
    }

    void run(Report report) throws IOException, InterruptedException {
        report.section(
                "Quorums",
                "make bench ONLY=engine",
                """
                One client, objects of 1 MiB, backends in memory with a delay before every put, read and look. Median \
                latency; the runs of the three delays take turns, and the last row is the median over the turns. \
                "strict" waits for R members before the first byte.\
                """);
        report.table(
                List.of(
                        "replicas",
                        "PUT (3,2,2)",
                        "PUT (3,3,3)",
                        "GET (3,2,2)",
                        "GET (3,2,2) strict",
                        "GET (3,3,3) strict"));
        measure(new Replication(3, 2, 2, Replication.Spread.HOST, false), 1);
        Turns two = measure(new Replication(3, 2, 2, Replication.Spread.HOST, false), rounds);
        Turns strict = measure(new Replication(3, 2, 2, Replication.Spread.HOST, true), rounds);
        Turns all = measure(new Replication(3, 3, 3, Replication.Spread.HOST, true), rounds);
        List<List<List<Figures>>> columns =
                List.of(two.puts(), all.puts(), two.gets(), strict.gets(), all.gets());
        for (int delay = 0; delay < DELAYS.size(); delay++) {
            int which = delay;
            report.row(
                    cells(
                            DELAYS.get(delay).text(),
                            columns,
                            column -> Figures.median(column.get(which)).latency()));
        }
        report.row(
                cells(
                        "what the slow replica costs (goal of (3,2,2): less than 10 %)",
                        columns, column -> percent(cost(column.getFirst(), column.getLast()))));
    }

    private static String[] cells(
            String name,
            List<List<List<Figures>>> columns,
            Function<List<List<Figures>>, String> text) {
        List<String> cells = new ArrayList<>(List.of(name));
        columns.forEach(column -> cells.add(text.apply(column)));
        return cells.toArray(String[]::new);
    }

    /** The median over the turns of how much longer it took, as a share. */
    private static double cost(List<Figures> before, List<Figures> after) {
        double[] ratios = new double[before.size()];
        for (int turn = 0; turn < ratios.length; turn++) {
            ratios[turn] = after.get(turn).medianMicros() / before.get(turn).medianMicros();
        }
        Arrays.sort(ratios);
        return ratios[ratios.length / 2] - 1;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%+,.0f %%", 100 * share);
    }

    /** What was measured for each of the delays, turn by turn. */
    private record Turns(List<List<Figures>> puts, List<List<Figures>> gets) {

        static Turns none() {
            return new Turns(
                    DELAYS.stream().<List<Figures>>map(_ -> new ArrayList<>()).toList(),
                    DELAYS.stream().<List<Figures>>map(_ -> new ArrayList<>()).toList());
        }
    }

    private Turns measure(Replication replication, int turns) throws InterruptedException {
        Turns measured = Turns.none();
        List<EngineUnderTest> engines = new ArrayList<>();
        try {
            for (Delay delay : DELAYS) {
                engines.add(engine(delay, replication));
            }
            int operations = (int) Math.max(10, 100 * effort);
            Trial trial = new Trial(1, operations, BYTES);
            for (EngineUnderTest engine : engines) {
                trial.run(n -> engine.put("get-" + n, BYTES));
                trial.run(n -> engine.get("get-" + n));
            }
            for (int turn = 0; turn < turns; turn++) {
                for (int i = 0; i < engines.size(); i++) {
                    EngineUnderTest engine = engines.get(i);
                    measured.gets().get(i).add(trial.run(n -> engine.get("get-" + n)));
                }
            }
            for (int turn = 0; turn < turns; turn++) {
                for (int i = 0; i < engines.size(); i++) {
                    EngineUnderTest engine = engines.get(i);
                    measured.puts().get(i).add(trial.run(n -> engine.put("put-" + n, BYTES)));
                    engine.forgetChunks();
                }
            }
            return measured;
        } finally {
            engines.forEach(EngineUnderTest::close);
        }
    }

    private static EngineUnderTest engine(Delay delay, Replication replication) {
        Ground ground = Ground.inMemory(512L << 20);
        List<ChunkStore> delayed = new ArrayList<>();
        for (ChunkStore store : ground.stores()) {
            int replica = delayed.size();
            delayed.add(
                    new DelayedChunkStore(
                            store, () -> delay.nanosOfReplica().applyAsLong(replica)));
        }
        return new EngineUnderTest(
                ground.withStores(delayed),
                EngineUnderTest.DEFAULT_CHUNK,
                settings -> settings.withReplication(replication));
    }
}
