package io.lilio.operator.apiserver;

import io.lilio.admin.api.ApiError;
import io.lilio.admin.api.OperationRequest;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.OperationsApi;
import io.lilio.operator.admin.AdminApiException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The records of runs, which Jobs' pods carry out. Not thread-safe. */
final class FakeRuns implements OperationsApi {

    private final Map<String, OperationStatus> runs = new LinkedHashMap<>();

    /** The Job's pod has done its work. */
    void succeed(String id) {
        OperationStatus run = runs.get(id);
        if (run != null && run.finished() == null) {
            runs.put(id, run(id, run.kind(), "SUCCEEDED", run.requested(), Instant.now()));
        }
    }

    private static OperationStatus run(
            String id, String kind, String state, Instant requested, @Nullable Instant finished) {
        return new OperationStatus(
                id,
                kind,
                state,
                false,
                requested,
                finished == null ? requested : finished,
                finished,
                null,
                "",
                new OperationStatus.Progress(16, 64L, 0, null, 0, null, null, null),
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
        OperationRequest wanted = Objects.requireNonNull(request);
        return runs.computeIfAbsent(
                Objects.requireNonNull(wanted.id()),
                id ->
                        run(
                                id,
                                Objects.requireNonNull(wanted.kind()),
                                "REQUESTED",
                                Instant.now(),
                                null));
    }

    @Override
    public OperationStatus get(String id) {
        OperationStatus run = runs.get(id);
        if (run == null) {
            throw new AdminApiException(404, new ApiError("NotFound", "no such run", "1", null));
        }
        return run;
    }

    @Override
    public OperationStatus cancel(String id) {
        OperationStatus run = get(id);
        if (run.finished() == null) {
            runs.put(id, run(id, run.kind(), "CANCELLED", run.requested(), Instant.now()));
        }
        return get(id);
    }
}
