package io.lilio.catalog.operation;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Scan;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
        return store.read(List.of(Keys.operation(id))).get(0).map(OperationRecords::decode);
    }

    /** All runs that are remembered, by id. */
    public List<Operation> all() {
        List<Operation> found = new ArrayList<>();
        try (ReadView view = store.view()) {
            Scan.all(
                    view,
                    Keys.operations(),
                    PAGE,
                    stored -> found.add(OperationRecords.decode(stored)));
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
        Bytes value = OperationRecords.encode(operation);
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

    /**
     * Asks for a run, unless one of that id is there already. It is written although the metadata
     * are nearly full: some runs make room.
     *
     * @param requested new
     * @param mostWaiting how many of its kind may wait to be taken up; a few more when several ask
     *     at once
     * @return the run of that id as it is now; empty when so many wait already
     */
    public Optional<Operation> request(Operation requested, int mostWaiting) {
        while (true) {
            Optional<Operation> there = find(requested.id());
            if (there.isPresent()) {
                return there;
            }
            if (waiting(requested.kind()) >= mostWaiting) {
                return Optional.empty();
            }
            Optional<Operation> stored = save(requested);
            if (stored.isPresent()) {
                return stored;
            }
        }
    }

    private long waiting(String kind) {
        return all().stream()
                .filter(run -> run.state() == OperationState.REQUESTED && run.kind().equals(kind))
                .count();
    }

    /**
     * Asks for a run to end: at once when nobody has taken it up, else soon.
     *
     * @return the run as it is now; empty when there is none of that id
     */
    public Optional<Operation> cancel(String id, Instant now) {
        while (true) {
            Optional<Operation> there = find(id);
            if (there.isEmpty()
                    || there.get().state().ended()
                    || there.get().request().cancelled()) {
                return there;
            }
            Operation cancelled = there.get().withCancelRequested();
            Optional<Operation> stored =
                    save(
                            cancelled.state() == OperationState.REQUESTED
                                    ? cancelled.ended(OperationState.CANCELLED, "", now)
                                    : cancelled);
            if (stored.isPresent()) {
                return stored;
            }
        }
    }

    /**
     * Forgets runs that are over, but for the newest of each kind; those that nodes begin by
     * themselves stay.
     *
     * @param keep how many of each kind are remembered
     */
    public void prune(int keep) {
        Map<String, List<Operation>> ended =
                all().stream()
                        .filter(run -> run.state().ended() && !run.ownOfNodes())
                        .collect(Collectors.groupingBy(Operation::kind));
        for (List<Operation> ofKind : ended.values()) {
            ofKind.stream()
                    .sorted(Comparator.comparing(Operation::updated).reversed())
                    .skip(keep)
                    .forEach(this::forget);
        }
    }

    private void forget(Operation run) {
        Bytes key = Keys.operation(run.id());
        // Refused: somebody else was faster. Unknown: the next one who prunes does it.
        store.commit(
                Txn.upkeep()
                        .when(new Compare.ModRevision(key, run.revision()))
                        .delete(key)
                        .build());
    }
}
