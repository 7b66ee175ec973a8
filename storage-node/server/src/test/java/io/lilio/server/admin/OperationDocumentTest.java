package io.lilio.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.OperationStatus.Progress;
import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.metadata.Bytes;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How far a run is, as the API tells it. */
class OperationDocumentTest {

    private static final Instant ASKED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant TAKEN_UP = ASKED.plusSeconds(100);

    private static Operation running(String kind, Map<String, Long> before) {
        Operation asked = Operation.requested("run", kind, 0, ASKED);
        return counted(asked, before, 0).takenUp("node-2", 1, TAKEN_UP);
    }

    private static Operation counted(Operation run, Map<String, Long> counts, long seconds) {
        return run.progressed(Bytes.empty(), new TreeMap<>(counts), TAKEN_UP.plusSeconds(seconds));
    }

    private static Progress progress(Operation run) {
        return OperationDocument.of(run).progress();
    }

    @Test
    void whatIsAskedForHasNoTotalsNoRateAndNoEnd() {
        Progress progress = progress(Operation.requested("run", "scrub", 0, ASKED));
        assertThat(progress).isEqualTo(new Progress(0, null, 0, null, 0, null, null, null));
    }

    @Test
    void aScrubTellsWhatItHasReadAndWhenItWillEndIfItGoesOnLikeThat() {
        Map<String, Long> counts =
                Map.of(
                        "partitions", 30L,
                        "partitions_total", 120L,
                        "chunks_listed", 99L,
                        "chunks_verified", 9L,
                        "chunks_bad", 1L,
                        "objects_total", 40L,
                        "bytes", 5_000L,
                        "bytes_total", 20_000L);
        Operation run = counted(running("scrub", Map.of()), counts, 10);
        assertThat(progress(run))
                .isEqualTo(
                        new Progress(
                                30, 120L, 10, 40L, 5_000, 20_000L, 500L, TAKEN_UP.plusSeconds(40)));
    }

    /** What an earlier runner did says nothing of how fast this one is. */
    @Test
    void rateAndEndAreOfTheRunnerThatHasItNow() {
        Operation resumed =
                running(
                        "scrub",
                        Map.of("partitions", 100L, "partitions_total", 120L, "bytes", 9_000L));
        assertThat(progress(resumed).bytesPerSecond()).isNull();
        assertThat(progress(resumed).estimatedEnd()).isNull();
        Operation further =
                counted(
                        resumed,
                        Map.of("partitions", 110L, "partitions_total", 120L, "bytes", 9_200L),
                        20);
        assertThat(progress(further).bytesPerSecond()).isEqualTo(10L);
        assertThat(progress(further).estimatedEnd()).isEqualTo(TAKEN_UP.plusSeconds(40));
    }

    @Test
    void aRebalanceCountsTheCopiesThatItMakesAndTheOthersWhatTheyLookAt() {
        Map<String, Long> counts = Map.of("chunks_listed", 70L, "chunks_copied", 7L);
        assertThat(progress(running("rebalance", counts)).objectsDone()).isEqualTo(7);
        assertThat(progress(running("repair", counts)).objectsDone()).isEqualTo(70);
        assertThat(progress(running("gc", counts)).objectsDone()).isEqualTo(70);
    }

    @Test
    void totalsStayWhenARunHasEndedAndWhatWasNotKnownIsAbsent() {
        Map<String, Long> counts =
                Map.of("partitions", 120L, "partitions_total", 120L, "objects_total", 40L);
        Operation over =
                counted(running("repair", Map.of()), counts, 10)
                        .ended(OperationState.SUCCEEDED, "", TAKEN_UP.plusSeconds(11));
        Progress progress = progress(over);
        assertThat(progress.partitionsTotal()).isEqualTo(120);
        assertThat(progress.objectsTotal()).isEqualTo(40);
        assertThat(progress.bytesTotal()).isNull();
        assertThat(progress.estimatedEnd()).isNull();
    }
}
