package io.lilio.operator.simulation;

import io.lilio.admin.api.OperationRequest;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.OperationsApi;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The records of runs, which only Jobs carry out. Not thread-safe. */
final class SimulatedRuns implements OperationsApi {

    private final Map<String, OperationStatus> runs = new LinkedHashMap<>();
    private final InstantSource clock;

    SimulatedRuns(InstantSource clock) {
        this.clock = clock;
    }

    Optional<OperationStatus> find(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    /** A run that somebody began; nobody says any more how far it is. */
    void leave(String id, String kind) {
        runs.put(id, run(id, kind, "RUNNING", clock.instant(), null));
    }

    /** Who carries it out says how far it is, or that it is over. */
    void tell(String id, String kind, String state) {
        OperationStatus before = runs.get(id);
        Instant now = clock.instant();
        Instant requested = before == null ? now : before.requested();
        boolean over = !List.of("REQUESTED", "RUNNING").contains(state);
        runs.put(id, run(id, kind, state, requested, over ? now : null));
    }

    private OperationStatus run(
            String id, String kind, String state, Instant requested, @Nullable Instant finished) {
        return new OperationStatus(
                id,
                kind,
                state,
                false,
                requested,
                clock.instant(),
                finished,
                null,
                "",
                new OperationStatus.Progress(1, 8L, 0, null, 0, null, null, null),
                Map.of());
    }

    @Override
    public List<OperationStatus> list(@Nullable String kind) {
        return runs.values().stream()
                .filter(run -> kind == null || run.kind().equals(kind))
                .toList();
    }

    @Override
    public OperationStatus start(@Nullable OperationRequest request) {
        String id = Objects.requireNonNull(request.id());
        String kind = Objects.requireNonNull(request.kind());
        OperationStatus before = runs.get(id);
        if (before != null && !before.kind().equals(kind)) {
            throw AdminFaults.refusal(409, "OperationIdReused");
        }
        if (before == null) {
            tell(id, kind, "REQUESTED");
        }
        return get(id);
    }

    @Override
    public OperationStatus get(String id) {
        return find(id).orElseThrow(() -> AdminFaults.refusal(404, "NotFound"));
    }

    @Override
    public OperationStatus cancel(String id) {
        OperationStatus run = get(id);
        if (run.finished() == null) {
            tell(id, run.kind(), "CANCELLED");
        }
        return get(id);
    }
}
