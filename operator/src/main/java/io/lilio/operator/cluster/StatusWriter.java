package io.lilio.operator.cluster;

import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterOperation;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.operator.kube.Events;
import io.lilio.operator.kube.Kubernetes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes status where it says something new: at once what changed, at most once a minute what is
 * only usage, progress or a sentence (DESIGN §13, rule 12). Tells administrators what they would
 * want to know by Events. Thread-safe.
 */
final class StatusWriter {

    private static final Duration QUIET = Duration.ofMinutes(1);

    private final Kubernetes kubernetes;
    private final Events events;
    private final Map<String, Instant> written = new ConcurrentHashMap<>();

    StatusWriter(Kubernetes kubernetes, Events events) {
        this.kubernetes = kubernetes;
        this.events = events;
    }

    /**
     * Writes under the resourceVersion that the resource was read with.
     *
     * @return the resource as it is then
     * @throws io.lilio.operator.kube.KubernetesException a conflict when it has changed since
     */
    LilioCluster write(LilioCluster read, LilioClusterStatus next, Instant now) {
        LilioCluster changed = new LilioCluster();
        changed.setMetadata(read.getMetadata());
        changed.setSpec(read.getSpec());
        changed.setStatus(next);
        LilioCluster result = kubernetes.writeStatus(changed);
        written(read, next, now);
        return result;
    }

    private void written(LilioCluster read, LilioClusterStatus next, Instant now) {
        written.put(read.getMetadata().getUid(), now);
        tell(read, before(read), next);
    }

    /** The same where there is something new to say, and it is time to. */
    void writeIfNew(LilioCluster read, LilioClusterStatus next, Instant now) {
        if (isDue(read, next, now)) {
            write(read, next, now);
        }
    }

    private boolean isDue(LilioCluster read, LilioClusterStatus next, Instant now) {
        Optional<LilioClusterStatus> before = before(read);
        if (before.filter(next::equals).isPresent()) {
            return false;
        }
        boolean minor = before.map(StatusWriter::essence).equals(Optional.of(essence(next)));
        Instant last = written.getOrDefault(read.getMetadata().getUid(), Instant.MIN);
        return !minor || now.isAfter(last.plus(QUIET));
    }

    /**
     * The same of conditions alone. What else there is in status stays, also where a later operator
     * has written what this one does not know.
     */
    void writeConditionsIfNew(LilioCluster read, LilioClusterStatus next, Instant now) {
        if (isDue(read, next, now)) {
            kubernetes.writeConditions(read, next.conditions());
            written(read, next, now);
        }
    }

    /** The cluster is gone. */
    void forget(LilioCluster cluster) {
        written.remove(cluster.getMetadata().getUid());
    }

    private static Optional<LilioClusterStatus> before(LilioCluster read) {
        @Nullable LilioClusterStatus status = read.getStatus();
        return Optional.ofNullable(status);
    }

    /** Without usage, progress and sentences. */
    private static LilioClusterStatus essence(LilioClusterStatus status) {
        @Nullable ClusterOperation operation = status.operation();
        return new LilioClusterStatus(
                status.observedGeneration(),
                status.clusterId(),
                status.ringEpoch(),
                status.replicas(),
                status.readyReplicas(),
                status.selector(),
                status.version(),
                status.endpoint(),
                null,
                status.members(),
                status.etcdMembers(),
                operation == null ? null : withoutProgress(operation),
                status.conditions().stream().map(StatusWriter::withoutMessage).toList());
    }

    private static ClusterOperation withoutProgress(ClusterOperation operation) {
        return new ClusterOperation(
                operation.id(),
                operation.type(),
                operation.phase(),
                operation.target(),
                operation.startedAt(),
                null,
                operation.epoch(),
                operation.members(),
                operation.ordinal(),
                operation.pod());
    }

    private static Condition withoutMessage(Condition condition) {
        return new Condition(
                condition.type(),
                condition.status(),
                condition.observedGeneration(),
                condition.lastTransitionTime(),
                condition.reason(),
                "");
    }

    private void tell(
            LilioCluster cluster, Optional<LilioClusterStatus> before, LilioClusterStatus next) {
        Optional<ClusterOperation> was = before.map(LilioClusterStatus::operation);
        Optional<ClusterOperation> is = Optional.ofNullable(next.operation());
        boolean same = was.map(ClusterOperation::id).equals(is.map(ClusterOperation::id));
        if (!same) {
            was.ifPresent(ended -> events.normal(cluster, "OperationEnded", describe(ended)));
            is.ifPresent(begun -> events.normal(cluster, "OperationBegun", describe(begun)));
        }
        List<Condition> old = before.map(LilioClusterStatus::conditions).orElse(List.of());
        became(old, next.conditions(), ClusterConditionType.DEGRADED)
                .filter(condition -> condition.status() == ConditionStatus.TRUE)
                .ifPresent(
                        condition ->
                                events.warning(cluster, condition.reason(), condition.message()));
        became(old, next.conditions(), ClusterConditionType.READY)
                .filter(condition -> condition.status() == ConditionStatus.TRUE)
                .ifPresent(condition -> events.normal(cluster, "Ready", condition.message()));
    }

    private static String describe(ClusterOperation operation) {
        return "%s %s%s"
                .formatted(
                        OperationRecord.text(operation.type()),
                        operation.id(),
                        operation.target() == null ? "" : " of " + operation.target());
    }

    /** A condition, where its status or reason is another than before. */
    private static Optional<Condition> became(
            List<Condition> before, List<Condition> now, ClusterConditionType type) {
        Optional<Condition> old = StatusConditions.find(before, type);
        return StatusConditions.find(now, type)
                .filter(
                        condition ->
                                old.filter(
                                                was ->
                                                        was.status() == condition.status()
                                                                && was.reason()
                                                                        .equals(condition.reason()))
                                        .isEmpty());
    }
}
