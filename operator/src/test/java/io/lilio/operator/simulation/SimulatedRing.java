package io.lilio.operator.simulation;

import io.lilio.admin.api.LossPage;
import io.lilio.admin.api.RingApi;
import io.lilio.admin.api.RingChangeStatus;
import io.lilio.admin.api.RingCommand;
import io.lilio.admin.api.RingOperation;
import io.lilio.admin.api.RingPlace;
import io.lilio.admin.api.RingStatus;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A ring that takes commands by the engine's rules ({@code io.lilio.catalog.ring}): members and
 * their states, epochs with their tables, one change at a time under its id, refusals. Chunks are
 * moved by {@link Movement}. Not thread-safe.
 */
final class SimulatedRing implements RingApi {

    static final int PARTITIONS = 8;
    static final int FACTOR = 3;
    static final int WRITE_QUORUM = 2;
    private static final int REMEMBERED = 32;

    /** A member as the ring knows it. */
    record Member(UUID id, String node, String host, String zone, String state) {

        Member in(String next) {
            return new Member(id, node, host, zone, next);
        }

        Member at(RingPlace place) {
            return new Member(
                    id,
                    node,
                    Objects.requireNonNullElse(place.host(), host),
                    Objects.requireNonNullElse(place.zone(), zone),
                    state);
        }

        boolean isIn(String... states) {
            return List.of(states).contains(state);
        }
    }

    /** Hears of commands that were carried out. */
    interface Listener {
        void carriedOut(String type, UUID id, List<UUID> targets);
    }

    /** A change, with the members that it changed as they were before. */
    private record Change(
            RingOperation operation, String arguments, List<Member> before, Set<UUID> returning) {}

    private record Ended(Change change, String outcome) {}

    private final Map<UUID, Member> members = new LinkedHashMap<>();
    private final TreeMap<Long, List<List<UUID>>> tables = new TreeMap<>();
    private final long[] settled = new long[PARTITIONS];
    private final Map<UUID, Ended> ended = new LinkedHashMap<>();
    private final MemberHealth health;
    private final Listener listener;
    private @Nullable Change change;
    private long revision;

    SimulatedRing(MemberHealth health, Listener listener) {
        this.health = health;
        this.listener = listener;
    }

    boolean isFounded() {
        return !tables.isEmpty();
    }

    /** Nodes that wait for each other found the ring when enough of them are there. */
    boolean found() {
        if (isFounded() || members.size() < FACTOR) {
            return false;
        }
        members.replaceAll((_, member) -> member.in("ACTIVE"));
        tables.put(1L, Tables.of(RingMembers.active(members)));
        Arrays.fill(settled, 1);
        return true;
    }

    /** A node says that it hosts a member, which is no tombstone. */
    void announce(UUID id, String node) {
        members.merge(
                id,
                new Member(id, node, "", "", "JOINING"),
                (known, _) -> known.isIn("LOST") ? known.in("RETURNED") : known);
        revision++;
    }

    List<Member> members() {
        return List.copyOf(members.values());
    }

    String state(UUID id) {
        Member member = members.get(id);
        return member == null ? "UNKNOWN" : member.state();
    }

    long epoch() {
        return isFounded() ? tables.lastKey() : 0;
    }

    @Nullable RingOperation change() {
        return change == null ? null : change.operation();
    }

    List<UUID> slots(int partition) {
        return tables.lastEntry().getValue().get(partition);
    }

    /** Who has a partition's chunks to be counted with, from where it is settled. */
    List<UUID> settledSlots(int partition) {
        return Objects.requireNonNull(tables.get(settled[partition])).get(partition);
    }

    boolean isSettled(int partition) {
        return settled[partition] == epoch();
    }

    int unsettled() {
        int count = 0;
        for (int partition = 0; isFounded() && partition < PARTITIONS; partition++) {
            count += isSettled(partition) ? 0 : 1;
        }
        return count;
    }

    /** Whether some table that still counts places a partition at a member. */
    boolean places(int partition, UUID member) {
        return tables.tailMap(settled[partition], true).values().stream()
                .anyMatch(table -> table.get(partition).contains(member));
    }

    boolean needs(UUID member) {
        for (int partition = 0; isFounded() && partition < PARTITIONS; partition++) {
            if (places(partition, member)) {
                return true;
            }
        }
        return false;
    }

    void settle(int partition) {
        settled[partition] = epoch();
        revision++;
    }

    /** All is where it belongs: the change is over. */
    void finish() {
        Change done = Objects.requireNonNull(change);
        for (Member member : members()) {
            if (member.isIn("DRAINING") && !needs(member.id())) {
                boolean returns = done.returning().contains(member.id());
                members.put(member.id(), member.in(returns ? "JOINING" : "REMOVED"));
            }
        }
        end(done, "DONE");
        change = null;
    }

    private void end(Change which, String outcome) {
        ended.put(which.operation().id(), new Ended(which, outcome));
        if (ended.size() > REMEMBERED) {
            ended.remove(ended.keySet().iterator().next());
        }
        revision++;
    }

    @Override
    public RingStatus ring() {
        int unsettled = unsettled();
        return new RingStatus(
                revision,
                epoch(),
                epoch(),
                PARTITIONS,
                150,
                PARTITIONS - unsettled,
                unsettled,
                new RingStatus.Replication(FACTOR, WRITE_QUORUM, 2, "ZONE", false),
                members.values().stream().map(this::status).toList(),
                change(),
                1);
    }

    private RingStatus.RingMember status(Member member) {
        return new RingStatus.RingMember(
                member.id(),
                "disk1",
                member.node(),
                member.host(),
                member.zone(),
                1,
                member.state(),
                0,
                needs(member.id()));
    }

    /** What a command makes of members, or why it does not. */
    private interface Plan extends UnaryOperator<Map<UUID, Member>> {}

    private RingChangeStatus run(
            String type, RingCommand command, List<UUID> targets, String arguments, Plan plan) {
        UUID id = Objects.requireNonNull(command.operationId());
        if (change != null && change.operation().id().equals(id)) {
            return answer(same(change, type, targets, arguments), null);
        }
        Ended before = ended.get(id);
        if (before != null) {
            return answer(same(before.change(), type, targets, arguments), before.outcome());
        }
        if (!Objects.equals(command.expectedEpoch(), epoch())) {
            throw AdminFaults.refusal(409, "StaleEpoch");
        }
        boolean supersedes = List.of("MARK_LOST", "CANCEL", "REMOVE").contains(type);
        if (change != null && !supersedes) {
            throw AdminFaults.refusal(409, "OperationRunning");
        }
        Map<UUID, Member> next = plan.apply(new LinkedHashMap<>(members));
        return type.equals("REMOVE")
                ? remove(id, targets, next)
                : begin(type, command, targets, arguments, next);
    }

    private static Change same(Change there, String type, List<UUID> targets, String arguments) {
        boolean same =
                there.operation().type().equals(type)
                        && there.operation().targets().equals(targets)
                        && there.arguments().equals(arguments);
        if (!same) {
            throw AdminFaults.refusal(409, "OperationIdReused");
        }
        return there;
    }

    private RingChangeStatus answer(Change which, @Nullable String outcome) {
        return new RingChangeStatus(which.operation(), outcome, ring());
    }

    private RingChangeStatus remove(UUID id, List<UUID> targets, Map<UUID, Member> next) {
        Change removal =
                new Change(
                        new RingOperation(id, "REMOVE", revision, targets),
                        "",
                        List.of(),
                        Set.of());
        members.putAll(next);
        end(removal, "DONE");
        listener.carriedOut("REMOVE", id, targets);
        return answer(removal, "DONE");
    }

    private RingChangeStatus begin(
            String type,
            RingCommand command,
            List<UUID> targets,
            String arguments,
            Map<UUID, Member> next) {
        List<UUID> active = RingMembers.active(next).stream().map(Member::id).toList();
        if (active.size() < WRITE_QUORUM) {
            throw AdminFaults.refusal(422, "TooFewSlots");
        }
        List<List<UUID>> table = Tables.of(RingMembers.active(next));
        if (!type.equals("CANCEL") && !type.equals("MARK_LOST")) {
            requireSlots(table);
            requireRoom(table);
        }
        Set<UUID> returning = new TreeSet<>();
        if (change != null) {
            returning.addAll(change.returning());
            if (type.equals("CANCEL")) {
                change.before().stream()
                        .filter(member -> member.isIn("JOINING", "RETURNED"))
                        .map(Member::id)
                        .forEach(returning::add);
            }
            end(change, type.equals("CANCEL") ? "CANCELLED" : "SUPERSEDED");
        }
        List<Member> before =
                members().stream().filter(member -> !next.containsValue(member)).toList();
        members.putAll(next);
        UUID id = Objects.requireNonNull(command.operationId());
        change =
                new Change(
                        new RingOperation(id, type, revision, targets),
                        arguments,
                        before,
                        returning);
        tables.put(epoch() + 1, table);
        revision++;
        listener.carriedOut(type, id, targets);
        return answer(change, null);
    }

    private void requireSlots(List<List<UUID>> table) {
        for (List<UUID> slots : table) {
            if (slots.stream().filter(health::isReachable).count() < WRITE_QUORUM) {
                throw AdminFaults.refusal(422, "TooFewSlots");
            }
        }
    }

    private void requireRoom(List<List<UUID>> table) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<UUID> before = slots(partition);
            boolean room =
                    table.get(partition).stream()
                            .filter(id -> !before.contains(id))
                            .allMatch(health::hasRoom);
            if (!room) {
                throw AdminFaults.refusal(422, "OverCapacity");
            }
        }
    }

    @Override
    public RingChangeStatus admit(@Nullable RingCommand command) {
        List<RingPlace> places = Objects.requireNonNull(command.admissions());
        return run(
                "ADMIT",
                command,
                RingMembers.ids(places),
                places.toString(),
                all -> {
                    places.forEach(
                            place ->
                                    all.put(
                                            place.member(),
                                            RingMembers.require(all, place.member(), "JOINING")
                                                    .in("ACTIVE")
                                                    .at(place)));
                    return all;
                });
    }

    @Override
    public RingChangeStatus relocate(@Nullable RingCommand command) {
        List<RingPlace> places = Objects.requireNonNull(command.places());
        return run(
                "RELOCATE",
                command,
                RingMembers.ids(places),
                places.toString(),
                all -> {
                    places.forEach(
                            place ->
                                    all.put(
                                            place.member(),
                                            RingMembers.require(all, place.member(), "ACTIVE")
                                                    .at(place)));
                    return all;
                });
    }

    private RingChangeStatus turn(String type, RingCommand command, String to, String from) {
        List<UUID> targets = Objects.requireNonNull(command.members());
        return run(
                type,
                command,
                targets,
                "",
                all -> {
                    RingMembers.move(all, targets, to, from);
                    return all;
                });
    }

    @Override
    public RingChangeStatus drain(@Nullable RingCommand command) {
        return turn("DRAIN", command, "DRAINING", "ACTIVE");
    }

    @Override
    public RingChangeStatus readmit(@Nullable RingCommand command) {
        return turn("READMIT", command, "ACTIVE", "RETURNED");
    }

    @Override
    public RingChangeStatus remove(@Nullable RingCommand command) {
        List<UUID> targets = Objects.requireNonNull(command.members());
        return run(
                "REMOVE",
                command,
                targets,
                "",
                all -> {
                    if (targets.stream().anyMatch(this::needs)) {
                        throw AdminFaults.refusal(409, "WrongState");
                    }
                    RingMembers.move(
                            all, targets, "REMOVED", "JOINING", "LOST", "RETURNED", "DRAINING");
                    return all;
                });
    }

    @Override
    public LossPage losses(
            @Nullable List<String> lost, @Nullable String after, @Nullable String limit) {
        throw new UnsupportedOperationException(); // it is for administrators
    }

    @Override
    public RingChangeStatus markLost(@Nullable RingCommand command) {
        List<UUID> targets = Objects.requireNonNull(command.members());
        return run(
                "MARK_LOST",
                command,
                targets,
                "",
                all -> {
                    RingMembers.move(
                            all, targets, "LOST", "JOINING", "ACTIVE", "DRAINING", "RETURNED");
                    if (!Boolean.TRUE.equals(command.acceptDataLoss())) {
                        requireNoLoss(all);
                    }
                    return all;
                });
    }

    /** Each write that was acknowledged has left a copy with somebody who is to be counted. */
    private void requireNoLoss(Map<UUID, Member> next) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (List<List<UUID>> table : tables.tailMap(settled[partition], true).values()) {
                List<UUID> slots = table.get(partition);
                long left =
                        slots.stream()
                                .filter(id -> next.get(id).isIn("ACTIVE", "DRAINING"))
                                .filter(health::lacksNothing)
                                .count();
                if (left < slots.size() - WRITE_QUORUM + 1) {
                    throw AdminFaults.refusal(422, "DataLoss");
                }
            }
        }
    }

    @Override
    public RingChangeStatus replace(@Nullable RingCommand command) {
        RingPlace by = Objects.requireNonNull(command.replacement());
        UUID old = Objects.requireNonNull(command.old());
        List<UUID> targets = List.of(old, Objects.requireNonNull(by.member()));
        return run(
                "REPLACE",
                command,
                targets,
                by.toString(),
                all -> {
                    Member replaced =
                            RingMembers.require(all, old, "ACTIVE", "DRAINING", "LOST", "RETURNED");
                    all.put(
                            by.member(),
                            RingMembers.require(all, by.member(), "JOINING").in("ACTIVE").at(by));
                    if (replaced.isIn("ACTIVE")) {
                        all.put(old, replaced.in("DRAINING"));
                    }
                    return all;
                });
    }

    @Override
    public RingChangeStatus reweigh(@Nullable RingCommand command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RingChangeStatus cancel(@Nullable RingCommand command) {
        return run(
                "CANCEL",
                command,
                List.of(),
                "",
                all -> {
                    if (change == null
                            || List.of("MARK_LOST", "CANCEL").contains(change.operation().type())) {
                        throw AdminFaults.refusal(409, "WrongState");
                    }
                    for (Member before : change.before()) {
                        Member now = Objects.requireNonNull(all.get(before.id()));
                        if (now.isIn("REMOVED")) {
                            continue;
                        }
                        boolean outside = before.isIn("JOINING", "RETURNED");
                        all.put(before.id(), outside ? now.in("DRAINING") : before);
                    }
                    return all;
                });
    }
}
