package io.lilio.operator.plan;

import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What answers and pods say together. Immutable. */
final class Cluster {

    /** Under load some chunks are unconfirmed at every moment, each for about a second. */
    private static final Duration LONGEST_UNCONFIRMED = Duration.ofSeconds(30);

    /** In these a member's copies count. */
    private static final Set<String> COUNTING = Set.of("ACTIVE", "DRAINING");

    private final Observed observed;
    private final Answers answers;
    private final Map<UUID, MemberStatus> statuses;

    Cluster(Observed observed, Answers answers) {
        this.observed = observed;
        this.answers = answers;
        this.statuses =
                answers.members().stream()
                        .collect(
                                Collectors.toMap(
                                        MemberStatus::id,
                                        Function.identity(),
                                        (first, _) -> first));
    }

    Answers answers() {
        return answers;
    }

    /** All that are in a state. */
    List<RingMember> in(String state) {
        return answers.ring().members().stream()
                .filter(member -> member.state().equals(state))
                .toList();
    }

    /** Those of a pod that are no tombstones. */
    List<RingMember> of(PodState pod) {
        return ofNode(pod.name());
    }

    List<RingMember> ofNode(String node) {
        return answers.ring().members().stream()
                .filter(member -> member.node().equals(node))
                .filter(member -> !member.state().equals("REMOVED"))
                .toList();
    }

    Optional<RingMember> member(UUID id) {
        return answers.ring().members().stream()
                .filter(member -> member.id().equals(id))
                .findFirst();
    }

    Optional<PodState> pod(RingMember member) {
        return observed.pods().stream().filter(pod -> pod.name().equals(member.node())).findFirst();
    }

    /** Where a member's pod runs, as far as that is known. */
    Optional<Place> place(RingMember member) {
        return pod(member).flatMap(PodState::machine).map(observed.places()::get);
    }

    /** Who has come in a member's place, on the same node and backend. */
    Optional<RingMember> successor(RingMember member) {
        return successors(member).findFirst();
    }

    private Stream<RingMember> successors(RingMember member) {
        return ofNode(member.node()).stream()
                .filter(other -> other.name().equals(member.name()))
                .filter(other -> !other.id().equals(member.id()));
    }

    /** Whether another one serves in a member's place, on a new volume: it never comes back. */
    boolean isSuperseded(RingMember member) {
        return !answers(member.id()) && successors(member).anyMatch(other -> answers(other.id()));
    }

    /** Whether a member says how it fares. */
    boolean answers(UUID member) {
        MemberStatus status = statuses.get(member);
        return status != null && status.answered();
    }

    /** A sentence about the first thing that is not as it should be; empty when all is well. */
    Optional<String> trouble() {
        if (answers.ring().unsettled() > 0) {
            return Optional.of(
                    "%d partitions are not where they belong yet"
                            .formatted(answers.ring().unsettled()));
        }
        for (RingMember member : answers.ring().members()) {
            if (member.state().equals("ACTIVE") && !answers(member.id())) {
                return Optional.of(
                        "member %s of %s does not answer".formatted(member.id(), member.node()));
            }
        }
        return answers.members().stream()
                .filter(member -> member.state().equals("ACTIVE"))
                .map(this::trouble)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * A sentence about the first member that a node does not reach; empty when there is none.
     *
     * @param left a node whose members do not matter
     */
    Optional<String> deafness(String node, String left) {
        List<MemberStatus> view = answers.views().get(node);
        if (view == null) {
            return Optional.of("node %s does not tell how it sees the others".formatted(node));
        }
        Set<UUID> reached =
                view.stream()
                        .filter(Cluster::isReached)
                        .map(MemberStatus::id)
                        .collect(Collectors.toSet());
        return answers.ring().members().stream()
                .filter(member -> COUNTING.contains(member.state()))
                .filter(member -> !member.node().equals(left))
                .filter(member -> !reached.contains(member.id()))
                .map(
                        member ->
                                "node %s does not reach member %s of %s"
                                        .formatted(node, member.id(), member.node()))
                .findFirst();
    }

    /** One that fails again and again is not called, and may be all right by now. */
    private static boolean isReached(MemberStatus member) {
        MemberStatus.Calls calls = member.calls();
        return member.answered()
                && (calls == null
                        || !calls.reads().equals("OPEN") && !calls.writes().equals("OPEN"));
    }

    private Optional<String> trouble(MemberStatus member) {
        MemberStatus.Health health = member.health();
        if (health != null && !health.state().equals("UP")) {
            return Optional.of(
                    "member %s of %s is %s: %s"
                            .formatted(
                                    member.id(), member.node(), health.state(), health.detail()));
        }
        MemberStatus.Usage usage = member.usage();
        if (usage == null) {
            return Optional.empty();
        }
        if (usage.lacking()) {
            return Optional.of(
                    "member %s of %s lacks chunks until a repair has filled it"
                            .formatted(member.id(), member.node()));
        }
        if (usage.unconfirmed() == 0) {
            return Optional.empty();
        }
        Instant since = usage.unconfirmedSince();
        if (since == null) {
            return Optional.of(
                    "member %s of %s does not tell since when chunks are unconfirmed"
                            .formatted(member.id(), member.node()));
        }
        return Duration.between(since, observed.now()).compareTo(LONGEST_UNCONFIRMED) > 0
                ? Optional.of(
                        "chunks of member %s of %s are unconfirmed since %s"
                                .formatted(member.id(), member.node(), since))
                : Optional.empty();
    }
}
