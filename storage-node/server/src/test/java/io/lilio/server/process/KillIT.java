package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of the real server at seeded moments while clients write and read. */
class KillIT {

    /** That clients have done before each kill, however slow the machine is. */
    private static final int OPERATIONS = 12;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir Path directory;

    @Test
    void whatWasAcknowledgedSurvivesTenKills() throws Exception {
        surviveKills(10, 42);
    }

    @Test
    @Tag("faults")
    void whatWasAcknowledgedSurvivesAHundredKills() throws Exception {
        surviveKills(100, 4242);
    }

    private void surviveKills(int kills, long seed) throws Exception {
        Random random = new Random(seed);
        RecordedLoad.Shape shape = new RecordedLoad.Shape(6, 12, false, 3_000_000, true);
        try (ServerProcess server = ServerProcess.start(directory.resolve("data"), Map.of());
                RecordedLoad load = new RecordedLoad(server.endpoint(), "kill", shape, seed)) {
            load.createBucket();
            int found = 0;
            for (int i = 0; i < kills; i++) {
                long before = load.operations();
                load.start();
                awaitOperations(load, before + OPERATIONS);
                Thread.sleep(random.nextInt(900));
                load.stopByKilling(server);
                server.startAgain();
                found += load.readEverything();
                assertThat(load.surprises())
                        .as("what clients saw but for connections that kill %d broke", i)
                        .isEmpty();
                load.assertLinearizable();
            }
            assertThat(found).as("objects read back").isGreaterThan(kills);
            assertThat(load.brokenOff()).as("requests that were under way").isPositive();
            assertThat(server.terminate()).isIn(0, 143);
            StoppedStore.assertHoldsExactlyWhatRecordsName(server.data());
        }
    }

    private static void awaitOperations(RecordedLoad load, long count) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (load.operations() < count) {
            assertThat(System.nanoTime())
                    .as("%d operations, of which %d are done", count, load.operations())
                    .isLessThan(deadline);
            Thread.sleep(10);
        }
    }
}
