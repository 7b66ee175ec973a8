package io.lilio.server.admin;

import io.lilio.admin.api.OperationStatus;
import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.TaskKind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Runs of maintenance as the API shows them. */
final class OperationDocument {

    private OperationDocument() {}

    static OperationStatus of(Operation run) {
        return new OperationStatus(
                run.id(),
                run.kind(),
                run.state().name(),
                run.request().cancelled(),
                run.started(),
                run.updated(),
                run.finished().orElse(null),
                run.runner().name().isEmpty() ? null : run.runner().name(),
                run.message(),
                progress(run),
                run.counts());
    }

    /** Totals are in the record since the run began: what it did not know then is absent. */
    private static OperationStatus.Progress progress(Operation run) {
        long done = count(run, Counter.PARTITIONS);
        @Nullable Long total = total(run, Counter.PARTITIONS_TOTAL);
        long bytes = count(run, Counter.BYTES);
        return new OperationStatus.Progress(
                done,
                total,
                objects(run),
                total(run, Counter.OBJECTS_TOTAL),
                bytes,
                total(run, Counter.BYTES_TOTAL),
                rate(run, bytes),
                estimatedEnd(run, done, total));
    }

    private static @Nullable Long total(Operation run, Counter counter) {
        return run.counts().get(counter.id());
    }

    /** Copies that were read, made or looked at: what the total is of. */
    private static long objects(Operation run) {
        if (run.kind().equals(TaskKind.SCRUB.id())) {
            return count(run, Counter.CHUNKS_VERIFIED) + count(run, Counter.CHUNKS_BAD);
        }
        boolean moves = run.kind().equals(TaskKind.REBALANCE.id());
        return count(run, moves ? Counter.CHUNKS_COPIED : Counter.CHUNKS_LISTED);
    }

    private static @Nullable Long rate(Operation run, long bytes) {
        long millis = Duration.between(run.runner().since(), run.updated()).toMillis();
        return millis <= 0 ? null : (bytes - run.runner().bytesBefore()) * 1_000 / millis;
    }

    private static @Nullable Instant estimatedEnd(Operation run, long done, @Nullable Long total) {
        long since = done - run.runner().partitionsBefore();
        if (run.state() != OperationState.RUNNING || total == null || since <= 0) {
            return null;
        }
        double millis = Duration.between(run.runner().since(), run.updated()).toMillis();
        return run.updated().plusMillis((long) (millis / since * Math.max(0, total - done)));
    }

    private static long count(Operation run, Counter counter) {
        return run.counts().getOrDefault(counter.id(), 0L);
    }
}
