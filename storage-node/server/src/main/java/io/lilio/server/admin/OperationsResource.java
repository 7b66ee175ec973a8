package io.lilio.server.admin;

import io.lilio.admin.api.OperationRequest;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.OperationsApi;
import io.lilio.catalog.operation.Operation;
import io.lilio.maintenance.run.RequestedRuns;
import io.lilio.maintenance.run.RunIds;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.server.admin.gate.AdminError;
import io.lilio.server.admin.gate.AdminException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs of maintenance. */
@Singleton
@RunOnVirtualThread
final class OperationsResource implements OperationsApi {

    private static final long LEAST_RATE = 64L << 10;

    private final AdminState state;
    private final CurrentCall call;

    OperationsResource(AdminState state, CurrentCall call) {
        this.state = state;
        this.call = call;
    }

    @Override
    public List<OperationStatus> list(@Nullable String kind) {
        Optional<TaskKind> only = Optional.ofNullable(kind).map(OperationsResource::kind);
        return runs().all().stream()
                .filter(run -> only.isEmpty() || only.get().id().equals(run.kind()))
                .sorted(Comparator.comparing(Operation::started).reversed())
                .map(OperationDocument::of)
                .toList();
    }

    @Override
    public OperationStatus start(@Nullable OperationRequest request) {
        OperationRequest asked = Fields.body(request);
        TaskKind kind = kind(asked.kind());
        String id = id(asked.id());
        long rate = rate(asked.maxBytesPerSecond());
        Operation run = runs().request(id, kind, rate);
        if (!run.kind().equals(kind.id())) {
            throw new AdminException(
                    AdminError.CONFLICT,
                    "Operation " + id + " is there already, and of kind " + run.kind() + ".");
        }
        call.note("asked for " + kind.id() + " " + id);
        return OperationDocument.of(run);
    }

    private static TaskKind kind(@Nullable String text) {
        for (TaskKind kind : TaskKind.values()) {
            if (kind.recorded() && kind.id().equals(text)) {
                return kind;
            }
        }
        throw AdminException.field(
                "kind", "kind is rebalance, repair, scrub or gc, not " + Fields.shown(text) + ".");
    }

    private static String id(@Nullable String asked) {
        if (asked == null) {
            return UUID.randomUUID().toString();
        }
        if (!RunIds.allow(asked)) {
            throw AdminException.field(
                    "id", "id is " + RunIds.RULE + ", not " + Fields.shown(asked) + ".");
        }
        return asked;
    }

    private static long rate(@Nullable Long asked) {
        if (asked == null) {
            return 0;
        }
        if (asked < LEAST_RATE) {
            throw AdminException.field(
                    "maxBytesPerSecond",
                    "maxBytesPerSecond is " + LEAST_RATE + " or more, not " + asked + ".");
        }
        return asked;
    }

    @Override
    public OperationStatus get(String id) {
        return OperationDocument.of(runs().find(id).orElseThrow(() -> unknown(id)));
    }

    @Override
    public OperationStatus cancel(String id) {
        return OperationDocument.of(runs().cancel(id).orElseThrow(() -> unknown(id)));
    }

    private RequestedRuns runs() {
        return state.node().maintenance().requested();
    }

    private static AdminException unknown(String id) {
        return new AdminException(
                AdminError.NOT_FOUND, "There is no operation " + Fields.shown(id) + ".");
    }
}
