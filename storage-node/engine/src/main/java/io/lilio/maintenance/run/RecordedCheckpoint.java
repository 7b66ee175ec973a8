package io.lilio.maintenance.run;

import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.catalog.operation.Operations;
import io.lilio.metadata.Bytes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;

/**
 * A checkpoint in the run's record. Written at most every few seconds, and when asked to. The
 * record also says whether the run is to end: {@link #cancelRequested}. Thread-safe.
 */
final class RecordedCheckpoint implements Checkpoint {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Operations operations;
    private final RunnerParts parts;
    private final BooleanSupplier outdated;
    private Operation record;
    private int nextPartition;
    private long savedNanos;

    private RecordedCheckpoint(
            Operations operations, RunnerParts parts, BooleanSupplier outdated, Operation record) {
        this.operations = operations;
        this.parts = parts;
        this.outdated = outdated;
        this.record = record;
        this.nextPartition = decode(record.checkpoint());
        this.savedNanos = parts.time().nanos();
    }

    /** Begins a run of a node's own, or takes up the one that an earlier process left off. */
    static RecordedCheckpoint begin(
            Operations operations, TaskKind kind, RunnerParts parts, Start start) {
        Optional<Operation> before = operations.find(kind.id());
        Operation mine =
                before.filter(operation -> operation.state() == OperationState.RUNNING)
                        .filter(operation -> !start.afresh())
                        .filter(operation -> !operation.request().cancelled())
                        .orElseGet(
                                () ->
                                        Operation.requested(
                                                        kind.id(), kind.id(), 0, parts.time().now())
                                                .atRevision(
                                                        before.map(Operation::revision)
                                                                .orElse(0L)));
        return takeUp(operations, parts, mine, start.outdated());
    }

    /**
     * Takes up a run that was asked for, from its beginning or where another process left it off.
     *
     * @return empty when it is over, or was never asked for
     */
    static Optional<RecordedCheckpoint> takeUp(
            Operations operations, String id, RunnerParts parts) {
        return operations
                .find(id)
                .filter(operation -> !operation.state().ended())
                .map(operation -> takeUp(operations, parts, operation, () -> false));
    }

    private static RecordedCheckpoint takeUp(
            Operations operations, RunnerParts parts, Operation mine, BooleanSupplier outdated) {
        Operation taken =
                mine.takenUp(parts.holder(), parts.random().nextLong(), parts.time().now());
        Operation stored = operations.save(taken).orElseThrow(() -> superseded(taken));
        return new RecordedCheckpoint(operations, parts, outdated, stored);
    }

    /**
     * Asks the metadata whether the run is to end, since somebody wants that or has taken it up.
     */
    synchronized boolean cancelRequested() {
        Optional<Operation> now = operations.find(record.id());
        return now.isEmpty()
                || now.get().token() != record.token()
                || now.get().request().cancelled();
    }

    @Override
    public synchronized int firstPartition() {
        return nextPartition;
    }

    @Override
    public synchronized SortedMap<String, Long> counts() {
        return record.counts();
    }

    @Override
    public synchronized void reached(int partition, SortedMap<String, Long> counts) {
        nextPartition = partition;
        if (parts.time().nanos() - savedNanos >= INTERVAL.toNanos()) {
            save(counts);
        }
    }

    @Override
    public synchronized void save(SortedMap<String, Long> counts) {
        int next = outdated.getAsBoolean() ? 0 : nextPartition;
        store(record.progressed(encode(next), counts, parts.time().now()));
        savedNanos = parts.time().nanos();
    }

    synchronized void end(OperationState how, String why, SortedMap<String, Long> counts) {
        Operation last = record.progressed(encode(nextPartition), counts, parts.time().now());
        store(last.ended(how, why, parts.time().now()));
    }

    /** A wish to cancel is the one thing that others may write meanwhile: it is kept. */
    private void store(Operation mine) {
        Operation next = mine;
        while (true) {
            Optional<Operation> stored = operations.save(next);
            if (stored.isPresent()) {
                record = stored.get();
                return;
            }
            Operation now =
                    operations
                            .find(mine.id())
                            .filter(other -> other.token() == mine.token())
                            .filter(other -> other.request().cancelled())
                            .orElseThrow(() -> superseded(mine));
            next = mine.withCancelRequested().atRevision(now.revision());
        }
    }

    private static IllegalStateException superseded(Operation operation) {
        return new IllegalStateException(
                "another process has taken up the " + operation.kind() + " run");
    }

    private static Bytes encode(int partition) {
        return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(partition).array());
    }

    private static int decode(Bytes checkpoint) {
        return checkpoint.length() == 0 ? 0 : ByteBuffer.wrap(checkpoint.array()).getInt();
    }
}
