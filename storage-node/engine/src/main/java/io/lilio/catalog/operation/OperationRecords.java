package io.lilio.catalog.operation;

import io.lilio.catalog.Records;
import io.lilio.catalog.record.OperationRecord;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/** The stored form of maintenance runs. */
final class OperationRecords {

    private OperationRecords() {}

    static Bytes encode(Operation operation) {
        Operation.Runner runner = operation.runner();
        return Records.bytes(
                OperationRecord.newBuilder()
                        .setId(operation.id())
                        .setKind(operation.kind())
                        .setState(encode(operation.state()))
                        .setToken(runner.token())
                        .setStartedMillis(operation.started().toEpochMilli())
                        .setUpdatedMillis(operation.updated().toEpochMilli())
                        .setFinishedMillis(
                                operation.finished().map(Instant::toEpochMilli).orElse(0L))
                        .setCheckpoint(Records.wrap(operation.checkpoint()))
                        .putAllCounts(operation.counts())
                        .setMessage(operation.message())
                        .setMaxBytesPerSecond(operation.request().maxBytesPerSecond())
                        .setCancelRequested(operation.request().cancelled())
                        .setRunner(runner.name())
                        .setTakenUpMillis(runner.since().toEpochMilli())
                        .setTakenUpPartitions(runner.partitionsBefore())
                        .setTakenUpBytes(runner.bytesBefore())
                        .build());
    }

    static Operation decode(KeyValue stored) {
        OperationRecord record = Records.parse(OperationRecord.parser(), stored);
        return new Operation(
                stored.modRevision(),
                record.getId(),
                record.getKind(),
                new Operation.Request(
                        record.getMaxBytesPerSecond(),
                        Instant.ofEpochMilli(record.getStartedMillis()),
                        record.getCancelRequested()),
                new Operation.Runner(
                        record.getRunner(),
                        record.getToken(),
                        Instant.ofEpochMilli(record.getTakenUpMillis()),
                        record.getTakenUpPartitions(),
                        record.getTakenUpBytes()),
                new Operation.Progress(
                        state(record),
                        Instant.ofEpochMilli(record.getUpdatedMillis()),
                        record.getFinishedMillis() == 0
                                ? Optional.empty()
                                : Optional.of(Instant.ofEpochMilli(record.getFinishedMillis())),
                        Records.unwrap(record.getCheckpoint()),
                        new Operation.Progress.Result(
                                new TreeMap<>(record.getCountsMap()), record.getMessage())));
    }

    private static io.lilio.catalog.record.OperationState encode(OperationState state) {
        return switch (state) {
            case REQUESTED -> io.lilio.catalog.record.OperationState.OPERATION_REQUESTED;
            case RUNNING -> io.lilio.catalog.record.OperationState.OPERATION_RUNNING;
            case SUCCEEDED -> io.lilio.catalog.record.OperationState.OPERATION_SUCCEEDED;
            case INCOMPLETE -> io.lilio.catalog.record.OperationState.OPERATION_INCOMPLETE;
            case FAILED -> io.lilio.catalog.record.OperationState.OPERATION_FAILED;
            case CANCELLED -> io.lilio.catalog.record.OperationState.OPERATION_CANCELLED;
        };
    }

    private static OperationState state(OperationRecord record) {
        return switch (record.getState()) {
            case OPERATION_REQUESTED -> OperationState.REQUESTED;
            case OPERATION_RUNNING -> OperationState.RUNNING;
            case OPERATION_SUCCEEDED -> OperationState.SUCCEEDED;
            case OPERATION_INCOMPLETE -> OperationState.INCOMPLETE;
            case OPERATION_FAILED -> OperationState.FAILED;
            case OPERATION_CANCELLED -> OperationState.CANCELLED;
            case UNRECOGNIZED ->
                    throw new IllegalStateException(
                            "run " + record.getId() + " is in a state not known here");
        };
    }
}
