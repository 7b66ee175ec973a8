package io.lilio.maintenance.run;

import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.catalog.operation.Operations;
import io.lilio.metadata.Bytes;
import io.lilio.time.Time;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A checkpoint in the run's record. Written at most every few seconds, and when asked to.
 * Thread-safe.
 */
final class RecordedCheckpoint implements Checkpoint {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Operations operations;
    private final Time time;
    private final Start start;
    private Operation record;
    private int nextPartition;
    private long savedNanos;

    private RecordedCheckpoint(Operations operations, Time time, Start start, Operation record) {
        this.operations = operations;
        this.time = time;
        this.start = start;
        this.record = record;
        this.nextPartition = decode(record.checkpoint());
        this.savedNanos = time.nanos();
    }

    /**
     * Begins a run, or takes up the one that an earlier process left off.
     *
     * @param token of this runner, random
     */
    static RecordedCheckpoint begin(
            Operations operations, TaskKind kind, long token, Time time, Start start) {
        Optional<Operation> before = operations.find(kind.id());
        Operation mine =
                before.filter(operation -> operation.state() == OperationState.RUNNING)
                        .filter(operation -> !start.afresh())
                        .map(operation -> operation.takenUp(token, time.now()))
                        .orElseGet(
                                () ->
                                        Operation.begin(kind.id(), kind.id(), token, time.now())
                                                .atRevision(
                                                        before.map(Operation::revision)
                                                                .orElse(0L)));
        return new RecordedCheckpoint(operations, time, start, stored(operations, mine));
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
        if (time.nanos() - savedNanos >= INTERVAL.toNanos()) {
            save(counts);
        }
    }

    @Override
    public synchronized void save(SortedMap<String, Long> counts) {
        int next = start.outdated().getAsBoolean() ? 0 : nextPartition;
        record = stored(operations, record.progressed(encode(next), counts, time.now()));
        savedNanos = time.nanos();
    }

    synchronized void end(OperationState how, String why, SortedMap<String, Long> counts) {
        Operation last = record.progressed(encode(nextPartition), counts, time.now());
        record = stored(operations, last.ended(how, why, time.now()));
    }

    private static Operation stored(Operations operations, Operation operation) {
        return operations
                .save(operation)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "another process has taken up the "
                                                + operation.kind()
                                                + " run"));
    }

    private static Bytes encode(int partition) {
        return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(partition).array());
    }

    private static int decode(Bytes checkpoint) {
        return checkpoint.length() == 0 ? 0 : ByteBuffer.wrap(checkpoint.array()).getInt();
    }
}
