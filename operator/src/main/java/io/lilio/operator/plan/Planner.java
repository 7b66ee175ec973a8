package io.lilio.operator.plan;

import io.lilio.admin.api.RingOperation;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
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
        return plan(desired, observed, running, situation -> next(situation, running));
    }

    /**
     * The same where storage nodes are of a release that is not understood: their pods are
     * restarted, as they are otherwise, and nothing else is done.
     *
     * @return empty where no pod is to be restarted, or is being
     */
    public Optional<Plan> restarts(
            Desired desired, Observed observed, Optional<Operation> running) {
        if (running.map(Operation::type)
                .filter(type -> type != Operation.Type.RESTART)
                .isPresent()) {
            return Optional.empty();
        }
        Plan plan =
                plan(
                        desired,
                        observed,
                        running,
                        situation ->
                                running.map(new Continuation(situation)::restart)
                                        .or(new Beginnings(situation)::restart)
                                        .orElseGet(() -> situation.nothing(Optional.empty())));
        return Optional.of(plan)
                .filter(
                        any ->
                                running.isPresent()
                                        || any.operation().isPresent()
                                        || any.hold().isPresent());
    }

    private static Plan next(Situation situation, Optional<Operation> running) {
        Plan plan =
                running.map(operation -> new Continuation(situation).of(operation))
                        .orElseGet(() -> new Beginnings(situation).next());
        return plan.operation().equals(running)
                ? plan.and(
                        running.map(operation -> ofOthers(operation, situation.cluster()))
                                .orElse(List.of()))
                : plan;
    }

    private Plan plan(
            Desired desired,
            Observed observed,
            Optional<Operation> running,
            Function<Situation, Plan> next) {
        if (observed.replicas().isEmpty()) {
            return new Plan(desired.replicas(), running, List.of(), Optional.empty());
        }
        int pods = observed.replicas().getAsInt();
        if (desired.paused()) {
            return waiting(pods, running, Hold.Reason.PAUSED, "spec.paused is true");
        }
        FormerTemplates former = new FormerTemplates(desired, observed, running);
        if (observed.answers().isEmpty()) {
            return new Plan(
                    pods,
                    running,
                    former.ofSilentRing(),
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
        Plan plan = next.apply(new Situation(desired, observed, cluster, pods, ids));
        return plan.operation().equals(running) ? plan.and(former.ofStuckPods()) : plan;
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
