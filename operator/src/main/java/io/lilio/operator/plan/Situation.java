package io.lilio.operator.plan;

import io.lilio.admin.api.RingStatus.RingMember;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * All that a plan is made of.
 *
 * @param desired what is asked for
 * @param observed what was seen
 * @param cluster what the admin API answered
 * @param pods that the StatefulSet has now
 * @param ids names operations
 */
record Situation(
        Desired desired, Observed observed, Cluster cluster, int pods, Supplier<UUID> ids) {

    /** Something begins: this pass names it, the next one does it. */
    Plan begin(Operation.Type type, List<RingMember> members, int ordinal) {
        Operation.Phase phase =
                switch (type) {
                    case SHRINK -> Operation.Phase.SHRINKING;
                    case RESTART -> Operation.Phase.RESTARTING;
                    default -> Operation.Phase.ASKING;
                };
        Operation operation =
                new Operation(
                        ids.get(),
                        type,
                        phase,
                        cluster.answers().ring().epoch(),
                        members.stream().map(RingMember::id).toList(),
                        ordinal,
                        observed.pod(ordinal).map(PodState::uid).orElse(""),
                        observed.now());
        return new Plan(pods, Optional.of(operation), List.of(), Optional.empty());
    }

    /** Steps for an operation, and why there are no more. */
    Plan steps(Operation operation, List<Step> steps, Optional<Hold> hold) {
        return new Plan(pods, Optional.of(operation), steps, hold);
    }

    /** Nothing is under way any more, or yet. */
    Plan nothing(Optional<Hold> hold) {
        return new Plan(pods, Optional.empty(), List.of(), hold);
    }

    int ordinal(RingMember member) {
        return observed.ordinal(member.node());
    }

    /** Whether a member's pod is one of those that are asked for. */
    boolean stays(RingMember member) {
        int ordinal = ordinal(member);
        return ordinal >= 0 && ordinal < desired.replicas();
    }

    /** Where members are, those of which it is known and not what the ring says. */
    List<Step.Relocation> displaced(Predicate<RingMember> which) {
        return cluster.answers().ring().members().stream()
                .filter(which)
                .flatMap(
                        member ->
                                cluster
                                        .place(member)
                                        .filter(place -> !isAt(member, place))
                                        .map(place -> new Step.Relocation(member.id(), place))
                                        .stream())
                .toList();
    }

    private static boolean isAt(RingMember member, Place place) {
        return member.host().equals(place.host()) && member.zone().equals(place.zone());
    }

    /** Members whose loss is acknowledged, who still count, and who do not answer. */
    List<RingMember> toBeLost() {
        return cluster.answers().ring().members().stream()
                .filter(member -> desired.lost().contains(member.id()))
                .filter(member -> List.of("ACTIVE", "DRAINING").contains(member.state()))
                .filter(member -> !cluster.answers(member.id()))
                .toList();
    }
}
