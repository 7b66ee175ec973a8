package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.Quantity;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.RingStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.Capacity;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterMember;
import io.lilio.crd.cluster.ClusterOperation;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.operator.dependent.Labels;
import io.lilio.operator.plan.Answers;
import io.lilio.operator.plan.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of a cluster, from what a pass has to tell. Pure functions. */
final class ClusterReport {

    private static final long MIB = 1L << 20;

    private ClusterReport() {}

    /** What is written. */
    static LilioClusterStatus of(Report report) {
        Optional<LilioClusterStatus> before = report.before();
        Optional<RingStatus> ring = report.answers().map(Answers::ring);
        String id =
                before.map(LilioClusterStatus::clusterId)
                        .or(() -> report.answers().map(known -> known.cluster().id().toString()))
                        .orElse(null);
        return new LilioClusterStatus(
                report.cluster().getMetadata().getGeneration(),
                id,
                ring.map(RingStatus::epoch)
                        .or(() -> before.map(LilioClusterStatus::ringEpoch))
                        .orElse(null),
                report.replicas(),
                report.ready(),
                Labels.selectorText(report.cluster()),
                version(report),
                ClusterAccess.endpoint(report.cluster()),
                capacity(report),
                members(report),
                before.map(LilioClusterStatus::etcdMembers).orElse(List.of()),
                operation(report),
                ClusterConditions.of(report));
    }

    /** The first status for a new generation: nothing is known of it yet. */
    static LilioClusterStatus notYetObserved(LilioCluster cluster, Instant now) {
        return withReady(
                cluster,
                new ClusterConditions.Verdict(
                        ConditionStatus.UNKNOWN,
                        ClusterReason.NOT_YET_OBSERVED,
                        "the spec is new, and the operator is about to act on it"),
                now);
    }

    private static LilioClusterStatus withReady(
            LilioCluster cluster, ClusterConditions.Verdict verdict, Instant now) {
        @Nullable LilioClusterStatus status = cluster.getStatus();
        List<Condition> before = status == null ? List.of() : status.conditions();
        List<Condition> conditions = new ArrayList<>();
        conditions.add(
                StatusConditions.of(
                        ClusterConditionType.READY,
                        verdict,
                        before,
                        cluster.getMetadata().getGeneration(),
                        now));
        before.stream()
                .filter(each -> !each.type().equals(ClusterConditionType.READY.text()))
                .forEach(conditions::add);
        return with(Objects.requireNonNullElseGet(status, ClusterReport::nothing), conditions);
    }

    /** A later operator has written what this one does not know; all is left to it. */
    static LilioClusterStatus notUnderstood(LilioCluster cluster, String why, Instant now) {
        return withReady(
                cluster,
                new ClusterConditions.Verdict(
                        ConditionStatus.UNKNOWN, ClusterReason.VERSION_UNSUPPORTED, why),
                now);
    }

    /** What is written while the resource goes. */
    static LilioClusterStatus deleting(LilioCluster cluster, String awaited, Instant now) {
        return withReady(
                cluster,
                new ClusterConditions.Verdict(
                        ConditionStatus.FALSE,
                        ClusterReason.DELETING,
                        "the resource is being deleted: " + awaited),
                now);
    }

    private static LilioClusterStatus nothing() {
        return new LilioClusterStatus(
                null, null, null, null, null, null, null, null, null, List.of(), List.of(), null,
                List.of());
    }

    private static LilioClusterStatus with(LilioClusterStatus status, List<Condition> conditions) {
        return new LilioClusterStatus(
                status.observedGeneration(),
                status.clusterId(),
                status.ringEpoch(),
                status.replicas(),
                status.readyReplicas(),
                status.selector(),
                status.version(),
                status.endpoint(),
                status.capacity(),
                status.members(),
                status.etcdMembers(),
                status.operation(),
                conditions);
    }

    /** The one before, until all pods are from the newest template. */
    private static @Nullable String version(Report report) {
        boolean all =
                report.replicas() > 0
                        && report.pods().size() >= report.replicas()
                        && report.pods().stream().noneMatch(report::isOutdated);
        return all
                ? report.cluster().getSpec().version()
                : report.before().map(LilioClusterStatus::version).orElse(null);
    }

    private static List<ClusterMember> members(Report report) {
        if (report.answers().isEmpty()) {
            return report.before().map(LilioClusterStatus::members).orElse(List.of()).stream()
                    .filter(member -> member.state() != null) // else it could not be written
                    .toList();
        }
        Answers answers = report.answers().get();
        Map<UUID, MemberStatus> statuses =
                answers.members().stream()
                        .collect(
                                Collectors.toMap(
                                        MemberStatus::id,
                                        Function.identity(),
                                        (first, _) -> first));
        return answers.ring().members().stream()
                .filter(member -> !member.state().equals("REMOVED"))
                .limit(LilioClusterStatus.MAX_MEMBERS)
                .map(member -> member(member, Optional.ofNullable(statuses.get(member.id()))))
                .toList();
    }

    private static ClusterMember member(RingMember member, Optional<MemberStatus> status) {
        return new ClusterMember(
                member.id().toString(),
                member.node(),
                member.host().isEmpty() ? null : member.host(),
                member.zone().isEmpty() ? null : member.zone(),
                state(member.state()),
                status.map(MemberStatus::health)
                        .map(health -> health(health.state()))
                        .orElse(ClusterMember.Health.UNKNOWN));
    }

    private static ClusterMember.State state(String text) {
        return switch (text) {
            case "ACTIVE" -> ClusterMember.State.ACTIVE;
            case "DRAINING" -> ClusterMember.State.DRAINING;
            case "REMOVED" -> ClusterMember.State.REMOVED;
            case "LOST" -> ClusterMember.State.LOST;
            case "RETURNED" -> ClusterMember.State.RETURNED;
            default -> ClusterMember.State.JOINING;
        };
    }

    private static ClusterMember.Health health(String text) {
        return switch (text) {
            case "UP" -> ClusterMember.Health.UP;
            case "FULL" -> ClusterMember.Health.FULL;
            case "READ_ONLY" -> ClusterMember.Health.READ_ONLY;
            case "FAILED" -> ClusterMember.Health.FAILED;
            default -> ClusterMember.Health.UNKNOWN;
        };
    }

    /** As it was while somebody who counts does not tell, lest it jump. */
    private static @Nullable Capacity capacity(Report report) {
        @Nullable Capacity before = report.before().map(LilioClusterStatus::capacity).orElse(null);
        long total = 0;
        long free = 0;
        for (MemberStatus member : report.answers().map(Answers::members).orElse(List.of())) {
            if (!List.of("ACTIVE", "DRAINING").contains(member.state())) {
                continue;
            }
            MemberStatus.Health health = member.health();
            @Nullable Long capacityBytes = health == null ? null : health.capacityBytes();
            @Nullable Long freeBytes = health == null ? null : health.freeBytes();
            if (capacityBytes == null || freeBytes == null) {
                return before;
            }
            total += capacityBytes;
            free += freeBytes;
        }
        return total == 0
                ? before
                : capacity(Optional.ofNullable(before), total, Math.max(0, total - free));
    }

    /**
     * In hundredths of all there is, in whole MiB. What is used stays as it stands in status until
     * it is off by more than three quarters of a step: half of one would do at an edge, where usage
     * goes to and fro.
     */
    static Capacity capacity(Optional<Capacity> before, long total, long used) {
        long step = Math.max(MIB, total / 100 / MIB * MIB);
        Quantity shown =
                before.map(Capacity::used)
                        .filter(stands -> Math.abs(bytes(stands) - used) <= step / 4 * 3)
                        .orElseGet(() -> mebibytes((used + step / 2) / step * step));
        return new Capacity(mebibytes(total), shown);
    }

    private static long bytes(Quantity quantity) {
        return Quantity.getAmountInBytes(quantity).longValue();
    }

    private static Quantity mebibytes(long bytes) {
        return bytes < MIB ? new Quantity("0") : new Quantity(bytes / MIB + "Mi");
    }

    private static @Nullable ClusterOperation operation(Report report) {
        return report.operation()
                .map(
                        operation ->
                                OperationRecord.of(
                                        operation, progress(report), target(report, operation)))
                .orElse(null);
    }

    private static String target(Report report, Operation operation) {
        if (operation.ordinal() >= 0) {
            return report.sighting().observed().node(operation.ordinal());
        }
        List<String> nodes =
                report.answers().map(known -> known.ring().members()).orElse(List.of()).stream()
                        .filter(member -> operation.members().contains(member.id()))
                        .map(RingMember::node)
                        .distinct()
                        .sorted()
                        .toList();
        return nodes.size() > 3 ? "%d pods".formatted(nodes.size()) : String.join(", ", nodes);
    }

    /** In steps of five percent. */
    private static Optional<Integer> progress(Report report) {
        return report.answers()
                .flatMap(Answers::run)
                .map(OperationStatus::progress)
                .flatMap(
                        progress -> percent(progress.partitionsDone(), progress.partitionsTotal()));
    }

    static Optional<Integer> percent(long done, @Nullable Long total) {
        return total == null || total <= 0
                ? Optional.empty()
                : Optional.of(Math.clamp(done * 100 / total, 0, 100) / 5 * 5);
    }
}
