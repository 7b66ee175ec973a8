package io.lilio.operator.plan;

import io.lilio.admin.api.BrakeStatus;
import io.lilio.admin.api.ClusterStatus;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.RingOperation;
import io.lilio.admin.api.RingStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A cluster as a test wants it, put together in a few words. Not thread-safe. */
final class World {

    static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
    static final String TEMPLATE = "v1";
    private static final UUID CLUSTER = new UUID(9, 9);

    int desired = 3;
    String template = TEMPLATE;
    boolean paused;
    final Set<UUID> lost = new HashSet<>();
    OptionalInt replicas = OptionalInt.of(3);
    final List<PodState> pods = new ArrayList<>();
    final List<RingStatus.RingMember> members = new ArrayList<>();
    final Set<UUID> silent = new HashSet<>();

    /** Nodes that do not tell how they see the others. */
    final Set<String> mute = new HashSet<>();

    /** Members that a node does not reach. */
    final Map<String, Set<UUID>> deaf = new HashMap<>();

    /** Members that a node does not write to, since calls kept failing. */
    final Map<String, Set<UUID>> refusing = new HashMap<>();

    final Map<String, Place> places = new HashMap<>();
    int unsettled;
    @Nullable RingOperation change;
    Optional<Answers.Change> ownChange = Optional.empty();
    boolean reachable = true;
    boolean metadataHealthy = true;
    boolean braked;
    final List<Refusal> refusals = new ArrayList<>();
    Optional<UUID> replace = Optional.empty();
    MemberStatus.Usage usage = new MemberStatus.Usage(1, 1, 1, 0, null, false);
    private int ids;

    /** Pods that are well, each with one ACTIVE member at its place. */
    static World of(int count) {
        World world = new World();
        world.desired = count;
        world.replicas = OptionalInt.of(count);
        IntStream.range(0, count)
                .forEach(ordinal -> world.pod(ordinal, true).member(ordinal, "ACTIVE"));
        return world;
    }

    int size() {
        return replicas.getAsInt();
    }

    static UUID id(int ordinal) {
        return new UUID(1, ordinal);
    }

    World pod(int ordinal, boolean ready) {
        return pod(ordinal, ready, TEMPLATE);
    }

    /** A pod that cannot start. */
    World stuck(int ordinal, String madeFrom) {
        return pod(ordinal, false, madeFrom, Optional.of("there is no such image"));
    }

    World pod(int ordinal, boolean ready, String madeFrom) {
        return pod(ordinal, ready, madeFrom, Optional.empty());
    }

    private World pod(int ordinal, boolean ready, String madeFrom, Optional<String> trouble) {
        pods.removeIf(pod -> pod.ordinal() == ordinal);
        pods.add(
                new PodState(
                        "demo-" + ordinal,
                        ordinal,
                        "uid-" + ordinal + "-" + madeFrom,
                        Optional.of("worker-" + ordinal),
                        NOW.minusSeconds(60),
                        ready,
                        false,
                        madeFrom,
                        trouble));
        places.put("worker-" + ordinal, new Place("worker-" + ordinal, "zone-" + ordinal % 3));
        return this;
    }

    /** A pod that was made some time ago, and has announced what it hosts. */
    World old(int ordinal) {
        pods.replaceAll(
                pod ->
                        pod.ordinal() != ordinal
                                ? pod
                                : new PodState(
                                        pod.name(),
                                        ordinal,
                                        pod.uid(),
                                        pod.machine(),
                                        NOW.minusSeconds(600),
                                        pod.ready(),
                                        pod.terminating(),
                                        pod.template(),
                                        pod.trouble()));
        return this;
    }

    World member(int ordinal, String state) {
        return member(
                id(ordinal), ordinal, state, !state.equals("JOINING") && !state.equals("REMOVED"));
    }

    World member(UUID id, int ordinal, String state, boolean needed) {
        members.removeIf(member -> member.id().equals(id));
        members.add(
                new RingStatus.RingMember(
                        id,
                        "disk1",
                        "demo-" + ordinal,
                        "worker-" + ordinal,
                        "zone-" + ordinal % 3,
                        1,
                        state,
                        0,
                        needed));
        return this;
    }

    /** The ring has the change of an operation under way. */
    World changing(Operation operation) {
        change = new RingOperation(operation.id(), operation.type().name(), 1, operation.members());
        ownChange = Optional.of(new Answers.Change.UnderWay());
        unsettled = 100;
        return this;
    }

    /** It has ended, and nothing is to be moved. */
    World ended(boolean done) {
        change = null;
        ownChange = Optional.of(new Answers.Change.Ended(done));
        unsettled = 0;
        return this;
    }

    Plan plan() {
        return plan(Optional.empty());
    }

    Plan plan(Operation running) {
        return plan(Optional.of(running));
    }

    private Plan plan(Optional<Operation> running) {
        return new Planner(() -> new UUID(5, ++ids))
                .plan(
                        new Desired(desired, template, paused, lost, false, replace),
                        observed(),
                        running);
    }

    private Observed observed() {
        return new Observed(
                NOW,
                "demo",
                replicas,
                pods,
                places,
                reachable ? Optional.of(answers()) : Optional.empty(),
                refusals);
    }

    private Answers answers() {
        return new Answers(
                new ClusterStatus(
                        CLUSTER,
                        "demo-0",
                        "1",
                        1,
                        new ClusterStatus.Metadata("etcd", metadataHealthy, "away", 1L)),
                new RingStatus(
                        1,
                        1,
                        1,
                        4_096,
                        150,
                        4_096 - unsettled,
                        unsettled,
                        new RingStatus.Replication(3, 2, 2, "HOST", false),
                        members,
                        change,
                        1),
                members.stream().map(this::status).toList(),
                views(),
                new BrakeStatus(braked, null, braked ? "abc" : null, null),
                ownChange,
                Optional.empty());
    }

    private Map<String, List<MemberStatus>> views() {
        return pods.stream()
                .map(PodState::name)
                .filter(node -> !mute.contains(node))
                .collect(
                        Collectors.toMap(
                                Function.identity(),
                                node ->
                                        members.stream()
                                                .map(member -> seenBy(node, status(member)))
                                                .toList()));
    }

    private MemberStatus seenBy(String node, MemberStatus member) {
        boolean refuses = refusing.getOrDefault(node, Set.of()).contains(member.id());
        return new MemberStatus(
                member.id(),
                member.name(),
                member.node(),
                member.state(),
                member.local(),
                member.answered() && !deaf.getOrDefault(node, Set.of()).contains(member.id()),
                member.health(),
                member.usage(),
                new MemberStatus.Calls("CLOSED", refuses ? "OPEN" : "CLOSED", 0));
    }

    private MemberStatus status(RingStatus.RingMember member) {
        boolean answers = !silent.contains(member.id());
        return new MemberStatus(
                member.id(),
                member.name(),
                member.node(),
                member.state(),
                false,
                answers,
                answers ? new MemberStatus.Health("UP", "", 1_000L, 500L) : null,
                answers ? usage : null,
                null);
    }
}
