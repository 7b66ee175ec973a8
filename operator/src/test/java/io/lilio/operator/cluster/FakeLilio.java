package io.lilio.operator.cluster;

import io.lilio.admin.api.ApiError;
import io.lilio.admin.api.BucketsApi;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.LossPage;
import io.lilio.admin.api.OperationRequest;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import io.lilio.admin.api.RingChangeStatus;
import io.lilio.admin.api.RingCommand;
import io.lilio.admin.api.RingOperation;
import io.lilio.admin.api.RingPlace;
import io.lilio.admin.api.RingStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.admin.AdminApiException;
import io.lilio.operator.admin.AdminApiUnreachableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's admin API in memory: a ring that takes commands as the real one does, by their ids,
 * and runs that a test carries out. Not thread-safe.
 */
final class FakeLilio implements RingApi, OperationsApi {

    static final UUID ID = new UUID(9, 9);
    private static final int PARTITIONS = 64;

    final List<RingMember> members = new ArrayList<>();
    final Map<String, OperationStatus> runs = new LinkedHashMap<>();
    final Set<UUID> silent = new HashSet<>();
    final Set<UUID> lacking = new HashSet<>();

    /** Commands that were carried out. */
    final List<String> commands = new ArrayList<>();

    UUID id = ID;
    String version = "1.2.0";
    boolean reachable = true;
    boolean metadataHealthy = true;
    @Nullable String brake;
    @Nullable String refusal;
    String refusalMore = "";
    boolean losesAnswers;
    boolean acceptedLoss;
    RingStatus.Replication replication = new RingStatus.Replication(3, 2, 2, "ZONE", false);
    long free = 80L << 30;
    long epoch = 1;
    @Nullable RingOperation change;

    private final InstantSource clock;
    private final Map<UUID, RingChangeStatus> ended = new HashMap<>();
    private final Map<UUID, RingCommand> asked = new HashMap<>();

    FakeLilio(InstantSource clock) {
        this.clock = clock;
    }

    static UUID member(int ordinal) {
        return new UUID(1, ordinal);
    }

    /** A node announces its member. */
    void announce(UUID id, int ordinal, String state) {
        members.add(
                new RingMember(
                        id,
                        "disk1",
                        "demo-" + ordinal,
                        "worker-" + ordinal,
                        "zone-" + ordinal % 3,
                        1,
                        state,
                        0,
                        !state.equals("JOINING")));
    }

    /** A node starts: what was removed is erased, and begins under another identity. */
    void starts(int ordinal) {
        List<RingMember> own =
                members.stream().filter(member -> member.node().equals("demo-" + ordinal)).toList();
        if (!own.isEmpty() && own.stream().allMatch(member -> member.state().equals("REMOVED"))) {
            announce(new UUID(2, members.size()), ordinal, "JOINING");
        }
    }

    /** Who is on a node, and no tombstone. */
    UUID memberOf(int ordinal) {
        return members.stream()
                .filter(member -> member.node().equals("demo-" + ordinal))
                .filter(member -> !member.state().equals("REMOVED"))
                .map(RingMember::id)
                .findFirst()
                .orElseThrow();
    }

    void set(UUID id, String state, boolean needed) {
        edit(
                id,
                member ->
                        new RingMember(
                                id,
                                member.name(),
                                member.node(),
                                member.host(),
                                member.zone(),
                                1,
                                state,
                                0,
                                needed));
    }

    private void edit(UUID id, UnaryOperator<RingMember> change) {
        members.replaceAll(member -> member.id().equals(id) ? change.apply(member) : member);
    }

    String state(UUID id) {
        return members.stream()
                .filter(member -> member.id().equals(id))
                .map(RingMember::state)
                .findFirst()
                .orElse("UNKNOWN");
    }

    /** The change under way is brought to its end, as its rebalance does, and the run with it. */
    void settle() {
        RingOperation done = Objects.requireNonNull(change);
        for (RingMember member : List.copyOf(members)) {
            if (member.state().equals("DRAINING")) {
                set(member.id(), "REMOVED", false);
            }
            if (member.state().equals("LOST")) {
                set(member.id(), "LOST", false);
            }
        }
        change = null;
        ended.put(done.id(), new RingChangeStatus(done, "DONE", ring()));
        runs.keySet().stream()
                .filter(run -> run.startsWith(done.id().toString()))
                .toList()
                .forEach(run -> end(run, "SUCCEEDED"));
    }

    void end(String run, String state) {
        OperationStatus was = Objects.requireNonNull(runs.get(run));
        runs.put(run, run(run, was.kind(), state, was.requested(), clock.instant()));
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

    /** A run that somebody asked for some time ago. */
    void leave(String id, String kind, Duration ago) {
        runs.put(id, run(id, kind, "RUNNING", clock.instant().minus(ago), null));
    }

    void heard() {
        if (!reachable) {
            throw new AdminApiUnreachableException("connection refused", null);
        }
    }

    @Override
    public RingStatus ring() {
        heard();
        int unsettled = change == null ? 0 : PARTITIONS / 2;
        return new RingStatus(
                epoch,
                epoch,
                epoch,
                PARTITIONS,
                150,
                PARTITIONS - unsettled,
                unsettled,
                replication,
                members,
                change,
                1);
    }

    private interface Effect {
        void take();
    }

    private RingChangeStatus run(
            String type, RingCommand command, List<UUID> targets, Effect effect) {
        heard();
        UUID id = Objects.requireNonNull(command.operationId());
        if (asked.containsKey(id)) {
            requireSame(command, Objects.requireNonNull(asked.get(id)));
            return change != null && change.id().equals(id)
                    ? new RingChangeStatus(change, null, ring())
                    : Objects.requireNonNull(ended.get(id));
        }
        if (command.expectedEpoch() == null || command.expectedEpoch() != epoch) {
            throw refused(409, "StaleEpoch");
        }
        if (refusal != null) {
            throw refused(422, refusal, refusalMore);
        }
        boolean supersedes = type.equals("MARK_LOST") || type.equals("CANCEL");
        boolean atOnce = type.equals("REMOVE");
        if (change != null && !supersedes && !atOnce) {
            throw refused(409, "OperationRunning");
        }
        commands.add(type);
        asked.put(id, command);
        RingOperation operation = new RingOperation(id, type, epoch, targets);
        effect.take();
        if (atOnce) {
            ended.put(id, new RingChangeStatus(operation, "DONE", ring()));
            return Objects.requireNonNull(ended.get(id));
        }
        if (change != null) {
            ended.put(change.id(), new RingChangeStatus(change, "CANCELLED", ring()));
        }
        epoch++;
        change = operation;
        if (losesAnswers) {
            throw new AdminApiUnreachableException("timed out", null);
        }
        return new RingChangeStatus(operation, null, ring());
    }

    private static void requireSame(RingCommand command, RingCommand before) {
        boolean same =
                Objects.equals(command.members(), before.members())
                        && Objects.equals(command.admissions(), before.admissions())
                        && Objects.equals(command.places(), before.places())
                        && Objects.equals(command.replacement(), before.replacement());
        if (!same) {
            throw refused(409, "OperationIdReused");
        }
    }

    private static AdminApiException refused(int status, String code) {
        return refused(status, code, "");
    }

    private static AdminApiException refused(int status, String code, String more) {
        return new AdminApiException(
                status, new ApiError(code, "refused: " + code + more, "1", null));
    }

    private void place(@Nullable List<RingPlace> places, String state) {
        for (RingPlace place : Objects.requireNonNull(places)) {
            UUID id = Objects.requireNonNull(place.member());
            edit(
                    id,
                    member ->
                            new RingMember(
                                    id,
                                    member.name(),
                                    member.node(),
                                    place.host() == null ? member.host() : place.host(),
                                    place.zone() == null ? member.zone() : place.zone(),
                                    1,
                                    state,
                                    0,
                                    true));
        }
    }

    private void all(@Nullable List<UUID> ids, String state, boolean needed) {
        Objects.requireNonNull(ids).forEach(id -> set(id, state, needed));
    }

    private static List<UUID> ids(@Nullable List<RingPlace> places) {
        return Objects.requireNonNull(places).stream().map(RingPlace::member).toList();
    }

    private static List<UUID> given(@Nullable List<UUID> ids) {
        return Objects.requireNonNullElse(ids, List.of());
    }

    @Override
    public RingChangeStatus admit(RingCommand command) {
        return run(
                "ADMIT",
                command,
                ids(command.admissions()),
                () -> place(command.admissions(), "ACTIVE"));
    }

    @Override
    public RingChangeStatus drain(RingCommand command) {
        return run(
                "DRAIN",
                command,
                given(command.members()),
                () -> all(command.members(), "DRAINING", true));
    }

    @Override
    public RingChangeStatus cancel(RingCommand command) {
        return run(
                "CANCEL",
                command,
                List.of(),
                () ->
                        List.copyOf(members).stream()
                                .filter(member -> member.state().equals("DRAINING"))
                                .forEach(member -> set(member.id(), "ACTIVE", true)));
    }

    @Override
    public LossPage losses(
            @Nullable List<String> lost, @Nullable String after, @Nullable String limit) {
        throw new UnsupportedOperationException(); // it is for administrators
    }

    @Override
    public RingChangeStatus markLost(RingCommand command) {
        acceptedLoss = Boolean.TRUE.equals(command.acceptDataLoss());
        return run(
                "MARK_LOST",
                command,
                given(command.members()),
                () -> all(command.members(), "LOST", true));
    }

    @Override
    public RingChangeStatus replace(RingCommand command) {
        RingPlace by = Objects.requireNonNull(command.replacement());
        UUID old = Objects.requireNonNull(command.old());
        return run(
                "REPLACE",
                command,
                List.of(old, Objects.requireNonNull(by.member())),
                () -> place(List.of(by), "ACTIVE"));
    }

    @Override
    public RingChangeStatus reweigh(RingCommand command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RingChangeStatus relocate(RingCommand command) {
        return run(
                "RELOCATE",
                command,
                ids(command.places()),
                () -> place(command.places(), "ACTIVE"));
    }

    @Override
    public RingChangeStatus readmit(RingCommand command) {
        return run(
                "READMIT",
                command,
                given(command.members()),
                () -> all(command.members(), "ACTIVE", true));
    }

    @Override
    public RingChangeStatus remove(RingCommand command) {
        return run(
                "REMOVE",
                command,
                given(command.members()),
                () -> all(command.members(), "REMOVED", false));
    }

    @Override
    public List<OperationStatus> list(@Nullable String kind) {
        heard();
        return runs.values().stream()
                .filter(run -> kind == null || run.kind().equals(kind))
                .toList();
    }

    @Override
    public OperationStatus start(@Nullable OperationRequest request) {
        heard();
        OperationRequest wanted = Objects.requireNonNull(request);
        return runs.computeIfAbsent(
                Objects.requireNonNull(wanted.id()),
                id ->
                        run(
                                id,
                                Objects.requireNonNull(wanted.kind()),
                                "REQUESTED",
                                clock.instant(),
                                null));
    }

    @Override
    public OperationStatus get(String id) {
        return Optional.ofNullable(runs.get(id)).orElseThrow(() -> refused(404, "NotFound"));
    }

    @Override
    public OperationStatus cancel(String id) {
        end(id, "CANCELLED");
        return get(id);
    }

    /** What the operator is given. */
    AdminApi admin() {
        return new AdminApi() {
            @Override
            public ClusterApi cluster() {
                return new FakeClusterApi(FakeLilio.this);
            }

            @Override
            public ClusterApi clusterSeenBy(int node) {
                return cluster();
            }

            @Override
            public RingApi ring() {
                return FakeLilio.this;
            }

            @Override
            public OperationsApi operations() {
                return FakeLilio.this;
            }

            @Override
            public BucketsApi buckets() {
                throw new UnsupportedOperationException();
            }

            @Override
            public KeysApi keys() {
                throw new UnsupportedOperationException();
            }
        };
    }
}
