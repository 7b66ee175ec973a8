package io.lilio.catalog.operation;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Records;
import io.lilio.catalog.Scan;
import io.lilio.catalog.record.OperationRecord;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The records of maintenance runs. Changed only by compare-and-set. Thread-safe; every call may
 * throw {@link MetadataUnavailableException}.
 */
public final class Operations {

    private static final int PAGE = 1_000;

    private final MetadataStore store;

    public Operations(MetadataStore store) {
        this.store = store;
    }

    public Optional<Operation> find(String id) {
        return store.read(List.of(Keys.operation(id))).get(0).map(Operations::decode);
    }

    /** All runs that are remembered, by id. */
    public List<Operation> all() {
        List<Operation> found = new ArrayList<>();
        try (ReadView view = store.view()) {
            Scan.all(view, Keys.operations(), PAGE, stored -> found.add(decode(stored)));
        }
        return found;
    }

    /**
     * Stores a run that is new (revision 0) or unchanged since it was read.
     *
     * @return as stored; empty when somebody else wrote it meanwhile
     */
    public Optional<Operation> save(Operation operation) {
        Bytes key = Keys.operation(operation.id());
        Bytes value = encode(operation);
        Txn txn =
                Txn.upkeep()
                        .when(
                                operation.revision() == 0
                                        ? new Compare.Absent(key)
                                        : new Compare.ModRevision(key, operation.revision()))
                        .put(key, value)
                        .build();
        return switch (store.commit(txn)) {
            case CommitResult.Committed(long revision) ->
                    Optional.of(operation.atRevision(revision));
            case CommitResult.Refused _ -> Optional.empty();
            case CommitResult.Unknown(Throwable cause) -> {
                Optional<KeyValue> now = store.read(List.of(key)).get(0);
                if (now.isPresent() && now.get().value().equals(value)) {
                    yield Optional.of(operation.atRevision(now.get().modRevision()));
                }
                throw new MetadataUnavailableException(
                        "it is not known whether run " + operation.id() + " was stored", cause);
            }
        };
    }

    private static Bytes encode(Operation operation) {
        return Records.bytes(
                OperationRecord.newBuilder()
                        .setId(operation.id())
                        .setKind(operation.kind())
                        .setState(
                                switch (operation.state()) {
                                    case RUNNING ->
                                            io.lilio.catalog.record.OperationState
                                                    .OPERATION_RUNNING;
                                    case SUCCEEDED ->
                                            io.lilio.catalog.record.OperationState
                                                    .OPERATION_SUCCEEDED;
                                    case FAILED ->
                                            io.lilio.catalog.record.OperationState.OPERATION_FAILED;
                                    case CANCELLED ->
                                            io.lilio.catalog.record.OperationState
                                                    .OPERATION_CANCELLED;
                                })
                        .setToken(operation.token())
                        .setStartedMillis(operation.started().toEpochMilli())
                        .setUpdatedMillis(operation.updated().toEpochMilli())
                        .setFinishedMillis(
                                operation.finished().map(Instant::toEpochMilli).orElse(0L))
                        .setCheckpoint(Records.wrap(operation.checkpoint()))
                        .putAllCounts(operation.counts())
                        .setMessage(operation.message())
                        .build());
    }

    private static Operation decode(KeyValue stored) {
        OperationRecord record = Records.parse(OperationRecord.parser(), stored);
        return new Operation(
                stored.modRevision(),
                record.getId(),
                record.getKind(),
                switch (record.getState()) {
                    case OPERATION_RUNNING -> OperationState.RUNNING;
                    case OPERATION_SUCCEEDED -> OperationState.SUCCEEDED;
                    case OPERATION_FAILED -> OperationState.FAILED;
                    case OPERATION_CANCELLED -> OperationState.CANCELLED;
                    case UNRECOGNIZED ->
                            throw new IllegalStateException(
                                    "run " + record.getId() + " is in a state not known here");
                },
                record.getToken(),
                Instant.ofEpochMilli(record.getStartedMillis()),
                Instant.ofEpochMilli(record.getUpdatedMillis()),
                record.getFinishedMillis() == 0
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(record.getFinishedMillis())),
                Records.unwrap(record.getCheckpoint()),
                new TreeMap<>(record.getCountsMap()),
                record.getMessage());
    }
}
