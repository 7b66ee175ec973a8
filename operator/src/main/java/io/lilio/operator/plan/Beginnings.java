package io.lilio.operator.plan;

import io.lilio.admin.api.RingOperation;
import io.lilio.admin.api.RingStatus.RingMember;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is begun where nothing is under way. */
final class Beginnings {

    /** Those who announced themselves are admitted without the others after that. */
    private static final Duration LONGEST_WAIT_FOR_ALL = Duration.ofMinutes(5);

    private final Situation situation;
    private final Desired desired;
    private final Observed observed;
    private final Cluster cluster;

    Beginnings(Situation situation) {
        this.situation = situation;
        this.desired = situation.desired();
        this.observed = situation.observed();
        this.cluster = situation.cluster();
    }

    /** The first that there is a reason for. */
    Plan next() {
        return Stream.<Supplier<Optional<Plan>>>of(
                        this::lose,
                        this::leaveToOthers,
                        this::takeOver,
                        this::readmit,
                        this::renew,
                        this::remove,
                        this::admit,
                        this::relocate,
                        this::restart,
                        this::shrink,
                        this::grow)
                .map(Supplier::get)
                .flatMap(Optional::stream)
                .filter(plan -> plan.operation().flatMap(observed::refusal).isEmpty())
                .findFirst()
                .orElseGet(
                        () ->
                                situation.nothing(
                                        whatIsNotWell().or(this::whoIsNowhere).or(this::refused)));
    }

    private Optional<Hold> refused() {
        return observed.refusals().stream()
                .map(Refusal::hold)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<Plan> lose() {
        List<RingMember> lost = situation.toBeLost(-1);
        return lost.isEmpty()
                ? Optional.empty()
                : Optional.of(situation.begin(Operation.Type.MARK_LOST, lost, -1));
    }

    /** A change that an administrator has asked for: it is carried out, and nothing else. */
    private Optional<Plan> leaveToOthers() {
        @Nullable RingOperation change = cluster.answers().ring().operation();
        if (change == null) {
            return Optional.empty();
        }
        Hold hold =
                new Hold(
                        Hold.Reason.FOREIGN_CHANGE,
                        "somebody else asked for the change %s (%s), which is carried out first"
                                .formatted(change.id(), change.type()));
        List<Step> steps = List.of(new Step.Move(change.id()));
        return Optional.of(new Plan(situation.pods(), Optional.empty(), steps, Optional.of(hold)));
    }

    /** Where a lost member is still needed, as in a cluster of N, one of its node takes over. */
    private Optional<Plan> takeOver() {
        for (RingMember lost : cluster.in("LOST")) {
            Optional<RingMember> heir =
                    cluster.in("JOINING").stream()
                            .filter(joining -> joining.node().equals(lost.node()))
                            .filter(joining -> joining.name().equals(lost.name()))
                            .findFirst();
            if (lost.needed() && heir.isPresent()) {
                return Optional.of(
                        situation.begin(
                                Operation.Type.REPLACE,
                                List.of(lost, heir.get()),
                                situation.ordinal(lost)));
            }
        }
        return Optional.empty();
    }

    private Optional<Plan> readmit() {
        return cluster.in("RETURNED").stream()
                .filter(situation::stays)
                .filter(member -> cluster.answers(member.id()))
                .findFirst()
                .map(
                        member ->
                                situation.begin(
                                        Operation.Type.READMIT,
                                        List.of(member),
                                        situation.ordinal(member)));
    }

    /**
     * A member that an administrator wants to be replaced, where it is and whatever it is. One that
     * was removed meanwhile, as when a loss came in between, leaves the volume that is to go.
     */
    private Optional<Plan> renew() {
        Optional<RingMember> chosen =
                desired.replace()
                        .flatMap(cluster::member)
                        .filter(situation::stays)
                        .filter(
                                member ->
                                        observed.pod(situation.ordinal(member))
                                                .filter(pod -> situation.mistaken(pod).isEmpty())
                                                .isPresent());
        return chosen.flatMap(
                member ->
                        switch (member.state()) {
                            case "ACTIVE" -> Optional.of(renew(member, Operation.Phase.ASKING));
                            case "LOST" ->
                                    cluster.successor(member).isEmpty()
                                            ? Optional.of(renew(member, Operation.Phase.RENEWING))
                                            : Optional.empty();
                            case "REMOVED" ->
                                    isGivenUp(member)
                                            ? Optional.of(renew(member, Operation.Phase.RENEWING))
                                            : Optional.empty();
                            default -> Optional.empty();
                        });
    }

    /** Whether nobody has begun where a tombstone was, in a pod that has had the time to say so. */
    private boolean isGivenUp(RingMember removed) {
        return cluster.successor(removed).isEmpty()
                && observed.pod(situation.ordinal(removed)).filter(situation::hasBegun).isPresent();
    }

    private Plan renew(RingMember member, Operation.Phase phase) {
        return situation.begin(
                Operation.Type.REPLACE, phase, List.of(member), situation.ordinal(member));
    }

    /**
     * Tombstones for lost ones that nobody needs, for whoever is not to stay, and for those who
     * were about to be taken in and lost their volumes before.
     */
    private Optional<Plan> remove() {
        return Stream.of("LOST", "RETURNED", "JOINING")
                .flatMap(state -> cluster.in(state).stream())
                .filter(member -> !member.needed())
                .filter(
                        member ->
                                member.state().equals("LOST")
                                        || !situation.stays(member)
                                        || cluster.isSuperseded(member))
                .filter(member -> situation.ordinal(member) >= 0)
                .findFirst()
                .map(
                        member ->
                                situation.begin(
                                        Operation.Type.REMOVE,
                                        List.of(member),
                                        situation.ordinal(member)));
    }

    private Optional<Plan> admit() {
        List<RingMember> joining =
                situation.joining().filter(member -> cluster.place(member).isPresent()).toList();
        if (joining.isEmpty()) {
            return Optional.empty();
        }
        boolean all =
                IntStream.range(0, desired.replicas())
                        .allMatch(ordinal -> !cluster.ofNode(observed.node(ordinal)).isEmpty());
        boolean waited =
                joining.stream()
                        .map(cluster::pod)
                        .flatMap(Optional::stream)
                        .map(PodState::created)
                        .min(Comparator.naturalOrder())
                        .filter(
                                since ->
                                        Duration.between(since, observed.now())
                                                        .compareTo(LONGEST_WAIT_FOR_ALL)
                                                >= 0)
                        .isPresent();
        return all || waited
                ? Optional.of(situation.begin(Operation.Type.ADMIT, joining, -1))
                : grow().or(this::untilAllHaveJoined);
    }

    /** One of whom it is not known where it is waits alone. */
    private Optional<Hold> whoIsNowhere() {
        return situation
                .joining()
                .filter(member -> cluster.place(member).isEmpty())
                .findFirst()
                .map(
                        member ->
                                new Hold(
                                        Hold.Reason.TOPOLOGY_UNKNOWN,
                                        "the machine and zone of pod %s are not known"
                                                .formatted(member.node())));
    }

    private Optional<Plan> untilAllHaveJoined() {
        return Optional.of(
                situation.nothing(
                        Optional.of(
                                new Hold(
                                        Hold.Reason.PODS_NOT_READY,
                                        "not all of the %d pods have joined yet"
                                                .formatted(desired.replicas())))));
    }

    private Optional<Plan> relocate() {
        List<RingMember> displaced =
                situation.displaced(Beginnings::isActive).stream()
                        .flatMap(each -> cluster.member(each.member()).stream())
                        .toList();
        return displaced.isEmpty()
                ? Optional.empty()
                : Optional.of(situation.begin(Operation.Type.RELOCATE, displaced, -1));
    }

    static boolean isActive(RingMember member) {
        return member.state().equals("ACTIVE");
    }

    /**
     * One pod at a time, one that is not well anyway first. One that is goes only while all others
     * are; one that is not serves nobody, and two that wait for each other would wait for ever.
     */
    Optional<Plan> restart() {
        List<PodState> outdated =
                observed.pods().stream()
                        .filter(pod -> pod.ordinal() < desired.replicas())
                        .filter(situation::isToRestart)
                        .sorted(
                                Comparator.comparing(PodState::isWell)
                                        .thenComparing(
                                                Comparator.comparingInt(PodState::ordinal)
                                                        .reversed()))
                        .toList();
        if (outdated.isEmpty()) {
            return Optional.empty();
        }
        PodState chosen = outdated.getFirst();
        Optional<Hold> mistaken = situation.mistaken(chosen);
        if (mistaken.isPresent()) {
            return Optional.of(situation.nothing(mistaken));
        }
        Optional<String> trouble = situation.troubleWithout(chosen);
        if (trouble.isPresent()) {
            return Optional.of(
                    situation.nothing(
                            Optional.of(
                                    new Hold(
                                            Hold.Reason.UNDER_REPLICATED,
                                            "pod %s is to be restarted when all others are well: %s"
                                                    .formatted(chosen.name(), trouble.get())))));
        }
        return Optional.of(situation.begin(Operation.Type.RESTART, List.of(), chosen.ordinal()));
    }

    private Optional<Plan> shrink() {
        int last = situation.pods() - 1;
        if (last < desired.replicas()) {
            return Optional.empty();
        }
        List<RingMember> members = cluster.ofNode(observed.node(last));
        List<RingMember> active = members.stream().filter(Beginnings::isActive).toList();
        if (!active.isEmpty()) {
            return Optional.of(situation.begin(Operation.Type.DRAIN, active, last));
        }
        if (members.isEmpty()) {
            return Optional.of(situation.begin(Operation.Type.SHRINK, List.of(), last));
        }
        return Optional.empty(); // of others' doing: it ends as DRAINING, LOST or RETURNED do
    }

    private Optional<Plan> grow() {
        return desired.replicas() > situation.pods()
                ? Optional.of(
                        new Plan(desired.replicas(), Optional.empty(), List.of(), Optional.empty()))
                : Optional.empty();
    }

    private Optional<Hold> whatIsNotWell() {
        return cluster.answers().ring().members().stream()
                .filter(member -> desired.lost().contains(member.id()))
                .filter(Beginnings::isActive)
                .filter(member -> cluster.answers(member.id()))
                .findFirst()
                .map(
                        member ->
                                new Hold(
                                        Hold.Reason.MEMBER_ALIVE,
                                        "member %s is acknowledged as lost, but answers"
                                                .formatted(member.id())));
    }
}
