package io.lilio.operator.apiserver;

import io.lilio.admin.api.ApiError;
import io.lilio.admin.api.LossPage;
import io.lilio.admin.api.RingApi;
import io.lilio.admin.api.RingChangeStatus;
import io.lilio.admin.api.RingCommand;
import io.lilio.admin.api.RingOperation;
import io.lilio.admin.api.RingPlace;
import io.lilio.admin.api.RingStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import io.lilio.operator.admin.AdminApiException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A ring without data: members and their states, one change at a time under its id, as {@code
 * docs/admin.md} describes them. Not thread-safe.
 */
final class FakeRing implements RingApi {

    static final int FACTOR = 3;
    private static final int PARTITIONS = 64;

    private final Map<UUID, RingMember> members = new LinkedHashMap<>();
    private final Map<UUID, RingChangeStatus> ended = new HashMap<>();
    private final Map<UUID, RingCommand> asked = new HashMap<>();
    private final List<String> commands = new ArrayList<>();
    private @Nullable RingOperation change;
    private long epoch;

    boolean isFounded() {
        return epoch > 0;
    }

    /** Commands that were carried out, by their types, in order. */
    List<String> commands() {
        return List.copyOf(commands);
    }

    List<RingMember> members() {
        return List.copyOf(members.values());
    }

    /** How many members have a state. */
    int count(String state) {
        return (int) members.values().stream().filter(each -> each.state().equals(state)).count();
    }

    /** A node has started: one whose members are removed, or that is new, announces another one. */
    void start(String node) {
        boolean known =
                members.values().stream()
                        .filter(member -> member.node().equals(node))
                        .anyMatch(member -> !member.state().equals("REMOVED"));
        if (!known) {
            UUID id = UUID.randomUUID();
            members.put(id, new RingMember(id, "disk1", node, "", "", 1, "JOINING", 0, false));
        }
        if (!isFounded() && members.size() >= FACTOR) {
            members.replaceAll((_, member) -> in(member, "ACTIVE"));
            epoch = 1;
        }
    }

    private static RingMember in(RingMember member, String state) {
        boolean needed = List.of("ACTIVE", "DRAINING").contains(state);
        return new RingMember(
                member.id(),
                member.name(),
                member.node(),
                member.host(),
                member.zone(),
                1,
                state,
                0,
                needed);
    }

    /** All is where it belongs, if this is the change under way. */
    void settle(String run) {
        RingOperation done = change;
        if (done == null || !run.startsWith(done.id().toString())) {
            return;
        }
        members.replaceAll(
                (_, member) -> member.state().equals("DRAINING") ? in(member, "REMOVED") : member);
        change = null;
        ended.put(done.id(), new RingChangeStatus(done, "DONE", ring()));
    }

    @Override
    public RingStatus ring() {
        int unsettled = change == null ? 0 : PARTITIONS / 2;
        return new RingStatus(
                epoch,
                epoch,
                epoch,
                PARTITIONS,
                150,
                PARTITIONS - unsettled,
                unsettled,
                new RingStatus.Replication(FACTOR, 2, 2, "ZONE", false),
                members(),
                change,
                1);
    }

    private RingChangeStatus run(
            String type, @Nullable RingCommand given, List<UUID> targets, Runnable effect) {
        RingCommand command = Objects.requireNonNull(given);
        UUID id = Objects.requireNonNull(command.operationId());
        Optional<RingChangeStatus> known = known(id, command);
        if (known.isPresent()) {
            return known.get();
        }
        if (!Objects.equals(command.expectedEpoch(), epoch)) {
            throw refused(409, "StaleEpoch");
        }
        boolean supersedes = List.of("MARK_LOST", "CANCEL", "REMOVE").contains(type);
        if (change != null && !supersedes) {
            throw refused(409, "OperationRunning");
        }
        effect.run();
        commands.add(type);
        asked.put(id, command);
        RingOperation operation = new RingOperation(id, type, epoch, targets);
        if (type.equals("REMOVE")) {
            RingChangeStatus removed = new RingChangeStatus(operation, "DONE", ring());
            ended.put(id, removed);
            return removed;
        }
        if (change != null) {
            ended.put(change.id(), new RingChangeStatus(change, "CANCELLED", ring()));
        }
        epoch++;
        change = operation;
        return new RingChangeStatus(operation, null, ring());
    }

    private Optional<RingChangeStatus> known(UUID id, RingCommand command) {
        RingCommand before = asked.get(id);
        if (before == null) {
            return Optional.empty();
        }
        boolean same =
                Objects.equals(command.members(), before.members())
                        && Objects.equals(command.admissions(), before.admissions())
                        && Objects.equals(command.places(), before.places());
        if (!same) {
            throw refused(409, "OperationIdReused");
        }
        RingOperation running = change;
        return Optional.of(
                running != null && running.id().equals(id)
                        ? new RingChangeStatus(running, null, ring())
                        : Objects.requireNonNull(ended.get(id)));
    }

    private static AdminApiException refused(int status, String code) {
        return new AdminApiException(status, new ApiError(code, "refused: " + code, "1", null));
    }

    private void move(List<UUID> ids, String from, String to) {
        for (UUID id : ids) {
            RingMember member = members.get(id);
            if (member == null || !member.state().equals(from)) {
                throw refused(409, "WrongState");
            }
        }
        ids.forEach(id -> members.computeIfPresent(id, (_, member) -> in(member, to)));
    }

    private void place(List<RingPlace> places, String from) {
        move(ids(places), from, "ACTIVE");
        for (RingPlace place : places) {
            members.computeIfPresent(
                    Objects.requireNonNull(place.member()),
                    (id, member) ->
                            new RingMember(
                                    id,
                                    member.name(),
                                    member.node(),
                                    Objects.requireNonNullElse(place.host(), member.host()),
                                    Objects.requireNonNullElse(place.zone(), member.zone()),
                                    1,
                                    member.state(),
                                    0,
                                    true));
        }
    }

    private static List<UUID> ids(List<RingPlace> places) {
        return places.stream().map(place -> Objects.requireNonNull(place.member())).toList();
    }

    private static <T> List<T> given(@Nullable List<T> list) {
        return Objects.requireNonNullElse(list, List.of());
    }

    @Override
    public RingChangeStatus admit(@Nullable RingCommand command) {
        List<RingPlace> places = given(Objects.requireNonNull(command).admissions());
        return run("ADMIT", command, ids(places), () -> place(places, "JOINING"));
    }

    @Override
    public RingChangeStatus relocate(@Nullable RingCommand command) {
        List<RingPlace> places = given(Objects.requireNonNull(command).places());
        return run("RELOCATE", command, ids(places), () -> place(places, "ACTIVE"));
    }

    @Override
    public RingChangeStatus drain(@Nullable RingCommand command) {
        List<UUID> targets = given(Objects.requireNonNull(command).members());
        return run("DRAIN", command, targets, () -> move(targets, "ACTIVE", "DRAINING"));
    }

    @Override
    public RingChangeStatus cancel(@Nullable RingCommand command) {
        return run(
                "CANCEL",
                command,
                List.of(),
                () ->
                        members.replaceAll(
                                (_, member) ->
                                        member.state().equals("DRAINING")
                                                ? in(member, "ACTIVE")
                                                : member));
    }

    @Override
    public LossPage losses(
            @Nullable List<String> lost, @Nullable String after, @Nullable String limit) {
        throw new UnsupportedOperationException(); // it is for administrators
    }

    @Override
    public RingChangeStatus markLost(@Nullable RingCommand command) {
        List<UUID> targets = given(Objects.requireNonNull(command).members());
        return run("MARK_LOST", command, targets, () -> move(targets, "ACTIVE", "LOST"));
    }

    @Override
    public RingChangeStatus remove(@Nullable RingCommand command) {
        List<UUID> targets = given(Objects.requireNonNull(command).members());
        return run("REMOVE", command, targets, () -> move(targets, "JOINING", "REMOVED"));
    }

    @Override
    public RingChangeStatus replace(@Nullable RingCommand command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RingChangeStatus reweigh(@Nullable RingCommand command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RingChangeStatus readmit(@Nullable RingCommand command) {
        throw new UnsupportedOperationException();
    }
}
