package io.lilio.bench.engine;

import io.lilio.bench.Report;
import io.lilio.chunk.ChunkStore;
import io.lilio.placement.Replication;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
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
                latency. "strict" waits for R members before the first byte.\
                """);
        report.table(
                List.of(
                        "replicas",
                        "PUT (3,2,2)",
                        "PUT (3,3,3)",
                        "GET (3,2,2)",
                        "GET (3,2,2) strict",
                        "GET (3,3,3) strict"));
        List<Figures> undelayed = List.of();
        List<Figures> latest = List.of();
        for (Delay delay : DELAYS) {
            latest = row(delay);
            if (undelayed.isEmpty()) {
                undelayed = latest;
            }
            report.row(cells(delay.text(), latest, Figures::latency));
        }
        Iterator<Figures> before = undelayed.iterator();
        report.row(
                cells(
                        "what the slow replica costs (goal of (3,2,2): less than 10 %)",
                        latest,
                        slow -> percent(slow.medianMicros() / before.next().medianMicros() - 1)));
    }

    private static String[] cells(
            String name, List<Figures> figures, Function<Figures, String> text) {
        List<String> cells = new ArrayList<>(List.of(name));
        figures.forEach(figure -> cells.add(text.apply(figure)));
        return cells.toArray(String[]::new);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%+,.0f %%", 100 * share);
    }

    /** In the order of the table's columns. */
    private List<Figures> row(Delay delay) throws InterruptedException {
        Figures[] two = measure(delay, new Replication(3, 2, 2, Replication.Spread.HOST, false));
        Figures[] strict = measure(delay, new Replication(3, 2, 2, Replication.Spread.HOST, true));
        Figures[] all = measure(delay, new Replication(3, 3, 3, Replication.Spread.HOST, true));
        return List.of(two[0], all[0], two[1], strict[1], all[1]);
    }

    /** PUT and GET. */
    private Figures[] measure(Delay delay, Replication replication) throws InterruptedException {
        Ground ground = Ground.inMemory(512L << 20);
        List<ChunkStore> delayed = new ArrayList<>();
        for (ChunkStore store : ground.stores()) {
            int replica = delayed.size();
            delayed.add(
                    new DelayedChunkStore(
                            store, () -> delay.nanosOfReplica().applyAsLong(replica)));
        }
        int operations = (int) Math.max(10, 100 * effort);
        try (EngineUnderTest engine =
                new EngineUnderTest(
                        ground.withStores(delayed),
                        EngineUnderTest.DEFAULT_CHUNK,
                        settings -> settings.withReplication(replication))) {
            Trial trial = new Trial(1, operations, BYTES);
            Figures.Run puts =
                    () -> {
                        Figures figures = trial.run(n -> engine.put("put-" + n, BYTES));
                        engine.forgetChunks();
                        return figures;
                    };
            puts.once();
            Figures put = Figures.median(rounds, puts);
            trial.run(n -> engine.put("get-" + n, BYTES));
            trial.run(n -> engine.get("get-" + n));
            Figures get = Figures.median(rounds, () -> trial.run(n -> engine.get("get-" + n)));
            return new Figures[] {put, get};
        }
    }
}
