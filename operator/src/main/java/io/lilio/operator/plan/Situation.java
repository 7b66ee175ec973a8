package io.lilio.operator.plan;

import io.lilio.admin.api.RingStatus.RingMember;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    /** By then a node has announced what it hosts. */
    private static final Duration LONGEST_BEGINNING = Duration.ofMinutes(2);

    /** Something begins: this pass names it, the next one does it. */
    Plan begin(Operation.Type type, List<RingMember> members, int ordinal) {
        Operation.Phase phase =
                switch (type) {
                    case SHRINK -> Operation.Phase.SHRINKING;
                    case RESTART -> Operation.Phase.RESTARTING;
                    default -> Operation.Phase.ASKING;
                };
        return begin(type, phase, members, ordinal);
    }

    /** The same in a phase other than the usual first one. */
    Plan begin(Operation.Type type, Operation.Phase phase, List<RingMember> members, int ordinal) {
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

    /** Whether a pod would be another one if it were made now. */
    boolean isToRestart(PodState pod) {
        return !pod.template().equals(desired.template()) || isErased(pod);
    }

    /**
     * All that it hosted was removed, and it is to stay: it begins anew when it starts again. One
     * that has just started, and hosts nothing, is left to find out.
     */
    private boolean isErased(PodState pod) {
        if (!hasBegun(pod)) {
            return false;
        }
        boolean known =
                cluster.answers().ring().members().stream()
                        .anyMatch(member -> member.node().equals(pod.name()));
        return known && pod.isWell() && cluster.of(pod).isEmpty();
    }

    /**
     * Why a pod must not be taken away now; empty when all others are well. One that does not serve
     * may go: it serves nobody, and two that wait for each other would wait for ever. But not where
     * another one fails from the template that it would come back from, and none serves from that.
     */
    Optional<String> troubleWithout(PodState chosen) {
        if (!chosen.isWell()) {
            return newestFails(chosen);
        }
        return IntStream.range(0, pods)
                .filter(ordinal -> ordinal != chosen.ordinal())
                .filter(ordinal -> observed.pod(ordinal).filter(PodState::isWell).isEmpty())
                .mapToObj(ordinal -> "pod " + observed.node(ordinal) + " does not serve")
                .findFirst()
                .or(cluster::trouble);
    }

    private Optional<String> newestFails(PodState chosen) {
        String newest = desired.template();
        return desired.isProven(observed) || chosen.template().equals(newest)
                ? Optional.empty()
                : observed.pods().stream()
                        .filter(pod -> pod.isOnTrial(newest, observed.now()))
                        .findFirst()
                        .map(
                                pod ->
                                        "pod %s does not serve from the newest template, and none does"
                                                .formatted(pod.name()));
    }

    /**
     * A member of a pod that is said to be lost, and answers: were the pod taken away, its silence
     * would be taken for the loss.
     */
    Optional<Hold> mistaken(PodState pod) {
        return cluster.of(pod).stream()
                .filter(member -> desired.lost().contains(member.id()))
                .filter(Situation::counts)
                .filter(member -> cluster.answers(member.id()))
                .findFirst()
                .map(
                        member ->
                                new Hold(
                                        Hold.Reason.MEMBER_ALIVE,
                                        ("pod %s stays, since its member %s is acknowledged as"
                                                        + " lost, but answers")
                                                .formatted(pod.name(), member.id())));
    }

    /** Whether a member's copies count. */
    static boolean counts(RingMember member) {
        return List.of("ACTIVE", "DRAINING").contains(member.state());
    }

    /** Whether a pod was made so long ago that it has announced what it hosts. */
    boolean hasBegun(PodState pod) {
        return !pod.created().plus(LONGEST_BEGINNING).isAfter(observed.now());
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

    /**
     * Why a pod must not be taken away now although all others say that they are well; empty when
     * there is no reason. They have to reach each other as well, each of them: one that has just
     * come back is well before everybody has noticed, and whoever has not would lose two members
     * with the next pod.
     */
    Optional<String> deafnessWithout(PodState chosen) {
        if (!chosen.isWell()) {
            return Optional.empty();
        }
        return IntStream.range(0, pods)
                .filter(ordinal -> ordinal != chosen.ordinal())
                .mapToObj(observed::node)
                .map(node -> cluster.deafness(node, chosen.name()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static boolean isAt(RingMember member, Place place) {
        return member.host().equals(place.host()) && member.zone().equals(place.zone());
    }

    /** Who has announced itself, is to stay and answers. */
    Stream<RingMember> joining() {
        return cluster.in("JOINING").stream()
                .filter(this::stays)
                .filter(member -> cluster.answers(member.id()));
    }

    /**
     * Members whose loss is acknowledged, who still count, and who do not answer.
     *
     * @param restarted a pod that is away because it is being restarted: its members are not lost;
     *     -1 for none
     */
    List<RingMember> toBeLost(int restarted) {
        return cluster.answers().ring().members().stream()
                .filter(member -> desired.lost().contains(member.id()))
                .filter(Situation::counts)
                .filter(member -> !cluster.answers(member.id()))
                .filter(member -> restarted < 0 || ordinal(member) != restarted)
                .toList();
    }
}
