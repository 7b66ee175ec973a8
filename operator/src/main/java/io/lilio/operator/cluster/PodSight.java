package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.operator.dependent.TemplateIdentity;
import io.lilio.operator.plan.PodState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pod as it was seen.
 *
 * @param pod as Kubernetes tells it
 * @param trouble what keeps it from serving; empty when it serves, or nothing is known yet
 */
record PodSight(Pod pod, Optional<Trouble> trouble) {

    private static final Set<String> NO_IMAGE =
            Set.of(
                    "ErrImagePull",
                    "ImagePullBackOff",
                    "InvalidImageName",
                    "ErrImageNeverPull",
                    "RegistryUnavailable");

    /** What keeps a pod from serving. */
    record Trouble(ClusterReason reason, String message) {}

    static PodSight of(Pod pod) {
        return new PodSight(pod, isReady(pod) ? Optional.empty() : trouble(pod));
    }

    String name() {
        return pod.getMetadata().getName();
    }

    boolean serves() {
        return isReady(pod);
    }

    boolean isGoing() {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    /** Whether what runs in it has ended by itself before, and so does not only take its time. */
    boolean hasFailed() {
        return containers(pod)
                .anyMatch(
                        status ->
                                Objects.requireNonNullElse(status.getRestartCount(), 0) > 0
                                        || status.getState() != null
                                                && status.getState().getTerminated() != null);
    }

    /** What the planner knows of it. */
    PodState state(int ordinal) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
        @Nullable String machine = pod.getSpec().getNodeName();
        return new PodState(
                name(),
                ordinal,
                pod.getMetadata().getUid(),
                Optional.ofNullable(machine).filter(name -> !name.isEmpty()),
                created(pod),
                isReady(pod),
                isGoing(),
                annotations.getOrDefault(TemplateIdentity.ANNOTATION, ""),
                trouble.map(Trouble::message));
    }

    private static Instant created(Pod pod) {
        @Nullable String text = pod.getMetadata().getCreationTimestamp();
        return text == null ? Instant.EPOCH : Instant.parse(text);
    }

    private static boolean isReady(Pod pod) {
        return condition(pod, "Ready")
                .filter(ready -> "True".equals(ready.getStatus()))
                .isPresent();
    }

    private static Optional<PodCondition> condition(Pod pod, String type) {
        return Optional.ofNullable(pod.getStatus())
                .map(PodStatus::getConditions)
                .flatMap(
                        conditions ->
                                conditions.stream()
                                        .filter(each -> type.equals(each.getType()))
                                        .findFirst());
    }

    private static Optional<Trouble> trouble(Pod pod) {
        Optional<Trouble> unscheduled =
                condition(pod, "PodScheduled")
                        .filter(scheduled -> "False".equals(scheduled.getStatus()))
                        .map(
                                scheduled ->
                                        unscheduled(
                                                Objects.requireNonNullElse(
                                                        scheduled.getMessage(), "")));
        return unscheduled.or(() -> waiting(pod));
    }

    /** The scheduler names claims that are not bound, in a sentence only. */
    private static Trouble unscheduled(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        boolean volume = lower.contains("persistentvolumeclaim") || lower.contains("volume");
        return new Trouble(
                volume ? ClusterReason.VOLUME_PENDING : ClusterReason.PODS_NOT_READY,
                "it cannot be scheduled: " + message);
    }

    private static Optional<Trouble> waiting(Pod pod) {
        return containers(pod)
                .map(status -> status.getState() == null ? null : status.getState().getWaiting())
                .filter(Objects::nonNull)
                .filter(waiting -> waiting.getReason() != null)
                .filter(waiting -> !"ContainerCreating".equals(waiting.getReason()))
                .filter(waiting -> !"PodInitializing".equals(waiting.getReason()))
                .findFirst()
                .map(PodSight::waiting);
    }

    private static Stream<ContainerStatus> containers(Pod pod) {
        return Optional.ofNullable(pod.getStatus()).map(PodStatus::getContainerStatuses).stream()
                .flatMap(List::stream);
    }

    private static Trouble waiting(ContainerStateWaiting waiting) {
        String message = waiting.getReason() + detail(waiting.getMessage());
        return new Trouble(
                NO_IMAGE.contains(waiting.getReason())
                        ? ClusterReason.IMAGE_PULL_FAILED
                        : ClusterReason.PODS_NOT_READY,
                message);
    }

    private static String detail(@Nullable String message) {
        return message == null || message.isEmpty() ? "" : ": " + message;
    }
}
