package io.lilio.bench.engine;

import io.lilio.bench.Report;
import java.io.IOException;
import java.nio.file.Path;

/** The engine in process: the classic table, quorums, ideas, chunk sizes. */
public final class EngineBenchmark {

    private final Path repository;
    private final int rounds;
    private final double effort;

    /**
     * @param repository below which profiles are laid down
     * @param rounds runs of each row; 5 or more for figures that are published
     * @param effort share of the operations of a full run, for trying things out
     */
    public EngineBenchmark(Path repository, int rounds, double effort) {
        this.repository = repository;
        this.rounds = rounds;
        this.effort = effort;
    }

    /** Runs the tables whose name contains {@code only}: classic, quorum, ideas, chunks. */
    public void run(Report report, String only) throws IOException, InterruptedException {
        if ("classic".contains(only)) {
            new ClassicTable(repository, rounds, effort).run(report);
        }
        if ("quorum".contains(only)) {
            new QuorumTable(rounds, effort).run(report);
        }
        if ("ideas".contains(only)) {
            new IdeasTable(rounds, effort).run(report);
        }
        if ("chunks".contains(only)) {
            new ChunkSizeTable(rounds, effort).run(report);
        }
    }
}
