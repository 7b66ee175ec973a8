package io.lilio.operator.plan;

import io.lilio.admin.api.RingOperation;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is done next to a cluster (DESIGN §13): a pure function of what is asked for, what
 * was seen, and what was begun. One operation is under way at a time; losses come before
 * cancellations, these before what is to be finished, then restarts, and scaling last. What is not
 * known is a reason to wait.
 *
 * <p>An operation is named in status before anything is done for it; each pass decides anew how far
 * it is, from what the ring says, so that a pass which was broken off anywhere is simply made
 * again.
 */
public final class Planner {

    private final Supplier<UUID> ids;

    /**
     * @param ids names operations
     */
    public Planner(Supplier<UUID> ids) {
        this.ids = ids;
    }

    /** What to do now. */
    public Plan plan(Desired desired, Observed observed, Optional<Operation> running) {
        if (observed.replicas().isEmpty()) {
            return new Plan(desired.replicas(), running, List.of(), Optional.empty());
        }
        int pods = observed.replicas().getAsInt();
        if (desired.paused()) {
            return waiting(pods, running, Hold.Reason.PAUSED, "spec.paused is true");
        }
        if (observed.answers().isEmpty()) {
            return new Plan(
                    pods,
                    running,
                    observed.pods().stream().anyMatch(PodState::ready)
                            ? List.of()
                            : fromFormerTemplates(desired, observed, _ -> true),
                    Optional.of(
                            new Hold(
                                    Hold.Reason.ADMIN_API_UNREACHABLE,
                                    "no storage node answers on its admin port; see the pods'"
                                            + " events and logs")));
        }
        Cluster cluster = new Cluster(observed, observed.answers().get());
        Optional<Hold> distrust = distrust(cluster.answers());
        if (distrust.isPresent()) {
            return new Plan(pods, running, List.of(), distrust);
        }
        Situation situation = new Situation(desired, observed, cluster, pods, ids);
        Plan plan =
                running.map(operation -> new Continuation(situation).of(operation))
                        .orElseGet(() -> new Beginnings(situation).next());
        return plan.operation().equals(running)
                ? plan.and(running.map(operation -> ofOthers(operation, cluster)).orElse(List.of()))
                        .and(
                                fromFormerTemplates(
                                        desired, observed, pod -> pod.trouble().isPresent()))
                : plan;
    }

    /** A change that somebody else asked for is waited for by whoever restarts pods. */
    private static List<Step> ofOthers(Operation operation, Cluster cluster) {
        boolean waits =
                switch (operation.phase()) {
                    case SHRINKING, RESTARTING, RENEWING -> true;
                    case ASKING, MOVING, CANCELLING -> false;
                };
        @Nullable RingOperation change = cluster.answers().ring().operation();
        return waits && change != null ? List.of(new Step.Move(change.id())) : List.of();
    }

    /**
     * Pods of a former template that do not serve are made anew whatever is under way, which may
     * wait for them: where none serves, all of them, without a ring that could be asked, since
     * their image may be what keeps them from serving; else those that cannot start.
     */
    private static List<Step> fromFormerTemplates(
            Desired desired, Observed observed, Predicate<PodState> which) {
        return observed.pods().stream()
                .filter(pod -> !pod.ready() && !pod.terminating())
                .filter(pod -> !pod.template().equals(desired.template()))
                .filter(which)
                .<Step>map(pod -> new Step.Evict(pod.name(), pod.uid()))
                .toList();
    }

    private static Plan waiting(
            int pods, Optional<Operation> running, Hold.Reason reason, String message) {
        return new Plan(pods, running, List.of(), Optional.of(new Hold(reason, message)));
    }

    private static Optional<Hold> distrust(Answers answers) {
        if (!answers.cluster().metadata().healthy()) {
            return Optional.of(
                    new Hold(
                            Hold.Reason.METADATA_UNHEALTHY,
                            "the metadata do not answer: "
                                    + answers.cluster().metadata().detail()));
        }
        if (answers.brake().engaged()) {
            return Optional.of(
                    new Hold(
                            Hold.Reason.DELETION_BRAKE,
                            "deletion is stopped, since the metadata look older, empty or foreign:"
                                    + " put the right ones back, or acknowledge token "
                                    + answers.brake().token()));
        }
        return Optional.empty();
    }
}
