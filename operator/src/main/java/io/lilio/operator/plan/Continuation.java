package io.lilio.operator.plan;

import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.RingOperation;
import io.lilio.admin.api.RingStatus.RingMember;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How an operation that is under way goes on, is taken back, or ends. */
final class Continuation {

    private final Situation situation;
    private final Desired desired;
    private final Observed observed;
    private final Cluster cluster;
    private final Answers answers;

    Continuation(Situation situation) {
        this.situation = situation;
        this.desired = situation.desired();
        this.observed = situation.observed();
        this.cluster = situation.cluster();
        this.answers = cluster.answers();
    }

    Plan of(Operation operation) {
        List<RingMember> lost = situation.toBeLost(operation.takesPod() ? operation.ordinal() : -1);
        if (!lost.isEmpty() && operation.type() != Operation.Type.MARK_LOST) {
            Plan loss = situation.begin(Operation.Type.MARK_LOST, lost, -1);
            if (loss.operation().flatMap(observed::refusal).isEmpty()) {
                return loss;
            }
        }
        return switch (operation.phase()) {
            case ASKING, MOVING -> isUnwanted(operation) ? takeBack(operation) : change(operation);
            case CANCELLING -> cancel(operation);
            case SHRINKING -> shrink(operation);
            case RESTARTING -> restart(operation);
            case RENEWING -> renew(operation);
        };
    }

    /** Whether what is asked for by now is the contrary. */
    private boolean isUnwanted(Operation operation) {
        return switch (operation.type()) {
            case DRAIN -> operation.ordinal() < desired.replicas();
            case ADMIT ->
                    operation.members().stream()
                            .flatMap(id -> cluster.member(id).stream())
                            .noneMatch(situation::stays);
            case REPLACE ->
                    operation.renewsVolume()
                            && !desired.replace().equals(operation.members().stream().findFirst());
            default -> false;
        };
    }

    private Plan takeBack(Operation operation) {
        Optional<Answers.Change> change = answers.change();
        boolean changed =
                change.isPresent() && change.get() instanceof Answers.Change.UnderWay
                        || operation.phase() == Operation.Phase.MOVING;
        if (!changed && change.isEmpty() && operation.phase() == Operation.Phase.ASKING) {
            // Nobody knows whether it was asked for: what is under way tells.
            return isUnderWay(operation.id())
                    ? situation.steps(
                            operation.in(Operation.Phase.CANCELLING), List.of(), Optional.empty())
                    : situation.nothing(Optional.empty());
        }
        return changed
                ? situation.steps(
                        operation.in(Operation.Phase.CANCELLING), List.of(), Optional.empty())
                : situation.nothing(Optional.empty());
    }

    private boolean isUnderWay(UUID id) {
        @Nullable RingOperation change = answers.ring().operation();
        return change != null && change.id().equals(id);
    }

    private Plan change(Operation operation) {
        if (answers.change().isEmpty()) {
            return admitsAnyInVain(operation)
                    ? ended()
                    : situation.steps(operation, List.of(ask(operation)), Optional.empty());
        }
        return switch (answers.change().get()) {
            case Answers.Change.UnderWay _ ->
                    situation.steps(
                            operation.in(Operation.Phase.MOVING),
                            List.of(new Step.Move(operation.id())),
                            Optional.of(moving(operation)));
            case Answers.Change.Refused(String code, String message) ->
                    operation.type() == Operation.Type.MARK_LOST
                            ? resumed(refusal(code, message))
                            : situation.nothing(refusal(code, message));
            case Answers.Change.Ended(boolean done) -> done ? done(operation) : ended();
        };
    }

    /** Whoever is not to stay any more is not admitted; the others are, without him. */
    private boolean admitsAnyInVain(Operation operation) {
        return operation.type() == Operation.Type.ADMIT
                && operation.members().stream()
                        .flatMap(id -> cluster.member(id).stream())
                        .anyMatch(member -> !situation.stays(member));
    }

    private Step ask(Operation operation) {
        List<Step.Relocation> places =
                switch (operation.type()) {
                    case ADMIT, RELOCATE, REPLACE ->
                            situation.displaced(
                                    member ->
                                            !operation.renewsVolume()
                                                    && operation.members().contains(member.id()));
                    default -> List.of();
                };
        return new Step.Ask(operation, places);
    }

    private Plan ended() {
        return situation.nothing(Optional.empty());
    }

    private Plan done(Operation operation) {
        if (operation.type() != Operation.Type.DRAIN && !operation.renewsVolume()) {
            return ended();
        }
        Operation.Phase next =
                operation.renewsVolume() ? Operation.Phase.RENEWING : Operation.Phase.SHRINKING;
        boolean gone =
                operation.members().stream()
                        .allMatch(
                                id ->
                                        cluster.member(id)
                                                .filter(member -> member.state().equals("REMOVED"))
                                                .isPresent());
        return gone ? situation.steps(operation.in(next), List.of(), Optional.empty()) : ended();
    }

    /** A ring that has moved on is looked at again; other refusals are for people. */
    private static Optional<Hold> refusal(String code, String message) {
        return switch (code) {
            case "StaleEpoch", "OperationRunning", "WrongState", "UnknownMember" ->
                    Optional.empty();
            case "OverCapacity", "CapacityUnknown", "TooFewSlots" ->
                    Optional.of(new Hold(Hold.Reason.INSUFFICIENT_CAPACITY, message));
            case "DataLoss" -> Optional.of(new Hold(Hold.Reason.DATA_LOSS, message));
            default -> Optional.of(new Hold(Hold.Reason.REFUSED, message));
        };
    }

    /**
     * A loss that was to supersede a drain was refused, and the ring goes on with that: it is an
     * operation again, under its id, so that it can be taken back, and what follows it is done.
     */
    private Plan resumed(Optional<Hold> refusal) {
        return Optional.ofNullable(answers.ring().operation())
                .filter(change -> change.type().equals("DRAIN"))
                .flatMap(this::drain)
                .map(drain -> situation.steps(drain, List.of(), refusal))
                .orElseGet(() -> situation.nothing(refusal));
    }

    /** What a drain of the ring's is, where it is what the spec asks for by now. */
    private Optional<Operation> drain(RingOperation change) {
        List<RingMember> members =
                change.targets().stream().flatMap(id -> cluster.member(id).stream()).toList();
        List<Integer> pods = members.stream().map(situation::ordinal).distinct().toList();
        if (pods.size() != 1 || members.size() != change.targets().size()) {
            return Optional.empty();
        }
        int ordinal = pods.getFirst();
        boolean replaces =
                change.targets().size() == 1
                        && desired.replace().equals(Optional.of(change.targets().getFirst()));
        if (!replaces && ordinal < desired.replicas()) {
            return Optional.empty(); // an administrator's
        }
        return situation
                .begin(
                        replaces ? Operation.Type.REPLACE : Operation.Type.DRAIN,
                        Operation.Phase.MOVING,
                        members,
                        ordinal)
                .operation()
                .map(operation -> operation.as(change.id()));
    }

    private Hold moving(Operation operation) {
        String progress =
                answers.run()
                        .map(OperationStatus::progress)
                        .map(
                                done ->
                                        "%d of %s partitions"
                                                .formatted(
                                                        done.partitionsDone(),
                                                        Objects.requireNonNullElse(
                                                                done.partitionsTotal(), "?")))
                        .orElse("not begun");
        return new Hold(
                Hold.Reason.MOVING, "%s: chunks move, %s".formatted(operation.type(), progress));
    }

    private Plan cancel(Operation operation) {
        if (isUnderWay(operation.id())) {
            return situation.steps(
                    operation,
                    List.of(new Step.Cancel(operation.cancellation(), answers.ring().epoch())),
                    Optional.empty());
        }
        if (isUnderWay(operation.cancellation())) {
            return situation.steps(
                    operation,
                    List.of(new Step.Move(operation.cancellation())),
                    Optional.of(moving(operation)));
        }
        return ended();
    }

    private Plan shrink(Operation operation) {
        if (situation.pods() > operation.ordinal() && operation.ordinal() < desired.replicas()) {
            return ended(); // it is wanted again, and begins anew
        }
        if (!cluster.ofNode(observed.node(operation.ordinal())).isEmpty()) {
            return ended(); // somebody has announced himself there meanwhile, and has to go first
        }
        if (situation.pods() > operation.ordinal()) {
            return situation.steps(
                    operation,
                    List.of(new Step.Shrink(operation.ordinal(), operation.members())),
                    Optional.empty());
        }
        return observed.pod(operation.ordinal()).isEmpty()
                ? ended()
                : situation.steps(
                        operation,
                        List.of(),
                        Optional.of(
                                new Hold(
                                        Hold.Reason.PODS_NOT_READY,
                                        "pod %s is about to end"
                                                .formatted(observed.node(operation.ordinal())))));
    }

    Plan restart(Operation operation) {
        Optional<PodState> there = observed.pod(operation.ordinal());
        if (there.isPresent() && there.get().uid().equals(operation.pod())) {
            PodState pod = there.get();
            if (pod.terminating()) {
                return situation.steps(operation, List.of(), awaits(operation, "ends"));
            }
            if (!situation.isToRestart(pod)) {
                return ended(); // the spec has gone back
            }
            Optional<Hold> trouble = trouble(pod, "is restarted");
            return trouble.isPresent()
                    ? situation.steps(operation, List.of(), trouble)
                    : situation.steps(
                            operation,
                            List.of(new Step.Evict(pod.name(), pod.uid())),
                            awaits(operation, "is to be evicted"));
        }
        if (there.isEmpty()) {
            return situation.steps(operation, List.of(), awaits(operation, "is to come back"));
        }
        PodState pod = there.get();
        if (pod.isWell()) {
            return isHeard(pod)
                    ? ended()
                    : situation.steps(operation, List.of(), awaits(operation, "is not heard yet"));
        }
        if (!pod.template().equals(desired.template())) {
            return situation.begin(Operation.Type.RESTART, List.of(), operation.ordinal());
        }
        return situation.steps(
                operation, List.of(), awaits(operation, "does not serve yet" + because(pod)));
    }

    /**
     * Whether everybody in a pod that serves again and is said to be lost answers by now, was
     * succeeded by another one, or has had the time to answer.
     */
    private boolean isHeard(PodState pod) {
        return situation.hasBegun(pod)
                || cluster.of(pod).stream()
                        .filter(member -> desired.lost().contains(member.id()))
                        .filter(Situation::counts)
                        .allMatch(
                                member ->
                                        cluster.answers(member.id())
                                                || cluster.isSuperseded(member));
    }

    /** The old member holds nothing that is needed; its pod and volume come back anew. */
    private Plan renew(Operation operation) {
        UUID old = operation.members().getFirst();
        Optional<RingMember> member = cluster.member(old);
        boolean gone =
                member.filter(known -> List.of("REMOVED", "LOST").contains(known.state()))
                        .isPresent();
        if (!gone || member.flatMap(cluster::successor).isPresent()) {
            return ended(); // it came back, or its successor is admitted or takes over
        }
        Optional<PodState> there = observed.pod(operation.ordinal());
        if (there.isEmpty()) {
            return situation.steps(operation, List.of(), awaits(operation, "is to come back"));
        }
        PodState pod = there.get();
        if (!pod.uid().equals(operation.pod())) {
            // One that came from what is not asked for any more is restarted.
            return pod.isWell() && isHeard(pod)
                            || !pod.template().equals(desired.template())
                            || isUnwanted(operation)
                            || operation.ordinal() >= desired.replicas()
                    ? ended()
                    : situation.steps(
                            operation,
                            List.of(),
                            awaits(operation, "does not serve yet" + because(pod)));
        }
        if (isUnwanted(operation)) {
            return ended();
        }
        if (pod.terminating()) {
            return situation.steps(operation, List.of(), awaits(operation, "ends"));
        }
        Optional<Hold> trouble = trouble(pod, "gets another volume");
        return trouble.isPresent()
                ? situation.steps(operation, List.of(), trouble)
                : situation.steps(
                        operation,
                        List.of(new Step.Renew(pod.name(), pod.uid(), old)),
                        awaits(operation, "gets another volume"));
    }

    private Optional<Hold> trouble(PodState pod, String what) {
        return situation
                .mistaken(pod)
                .or(
                        () ->
                                situation
                                        .troubleWithout(pod)
                                        .or(() -> situation.deafnessWithout(pod))
                                        .map(why -> later(pod, what, why)));
    }

    private static Hold later(PodState pod, String what, String why) {
        return new Hold(
                Hold.Reason.UNDER_REPLICATED,
                "pod %s %s when all others are well: %s".formatted(pod.name(), what, why));
    }

    private static String because(PodState pod) {
        return pod.trouble().map(trouble -> ": " + trouble).orElse("");
    }

    private Optional<Hold> awaits(Operation operation, String what) {
        return Optional.of(
                new Hold(
                        Hold.Reason.PODS_NOT_READY,
                        "pod %s %s".formatted(observed.node(operation.ordinal()), what)));
    }
}
