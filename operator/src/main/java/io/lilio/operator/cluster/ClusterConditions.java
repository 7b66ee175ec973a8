package io.lilio.operator.cluster;

import io.lilio.admin.api.RingStatus;
import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.operator.plan.Answers;
import io.lilio.operator.plan.Hold;
import io.lilio.operator.plan.Operation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The conditions of a cluster, from what a pass has to tell. Pure. */
final class ClusterConditions {

    private final Report report;
    private final List<Fault> findings;

    private ClusterConditions(Report report) {
        this.report = report;
        this.findings = Findings.of(report);
    }

    /** What a condition is, before it is known since when. */
    record Verdict(ConditionStatus status, ClusterReason reason, String message) {

        static Verdict yes(ClusterReason reason, String message) {
            return new Verdict(ConditionStatus.TRUE, reason, message);
        }

        static Verdict no(ClusterReason reason, String message) {
            return new Verdict(ConditionStatus.FALSE, reason, message);
        }

        static Verdict unknown(ClusterReason reason, String message) {
            return new Verdict(ConditionStatus.UNKNOWN, reason, message);
        }
    }

    /** All of them, in the order of their types. */
    static List<Condition> of(Report report) {
        ClusterConditions conditions = new ClusterConditions(report);
        return List.of(
                conditions.condition(ClusterConditionType.READY, conditions.ready()),
                conditions.condition(ClusterConditionType.PROGRESSING, conditions.progressing()),
                conditions.condition(ClusterConditionType.DEGRADED, conditions.degraded()),
                conditions.condition(
                        ClusterConditionType.RING_CONVERGED, conditions.ringConverged()),
                conditions.condition(
                        ClusterConditionType.QUORUM_AVAILABLE, conditions.quorumAvailable()),
                conditions.condition(
                        ClusterConditionType.METADATA_REACHABLE, conditions.metadataReachable()),
                conditions.condition(ClusterConditionType.PAUSED, conditions.paused()));
    }

    private Condition condition(ClusterConditionType type, Verdict verdict) {
        List<Condition> before =
                report.before().map(LilioClusterStatus::conditions).orElse(List.of());
        return StatusConditions.of(
                type,
                verdict,
                before,
                report.cluster().getMetadata().getGeneration(),
                report.now());
    }

    private Verdict ready() {
        Optional<Fault> holding = findings.stream().filter(Fault::holds).findFirst();
        if (holding.isPresent()) {
            return Verdict.no(holding.get().reason(), holding.get().message());
        }
        if (!report.isFounded()) {
            return isPaused() ? paused(false) : Verdict.no(bootstrapReason(), bootstrap());
        }
        if (report.answers().isEmpty()) {
            String message = first(ClusterReason.ADMIN_API_UNREACHABLE);
            return report.ready() == 0
                    ? Verdict.no(ClusterReason.PODS_NOT_READY, message)
                    : Verdict.unknown(ClusterReason.ADMIN_API_UNREACHABLE, message);
        }
        Verdict metadata = metadataReachable();
        if (metadata.status() != ConditionStatus.TRUE) {
            return Verdict.no(metadata.reason(), metadata.message());
        }
        Verdict quorum = quorumAvailable();
        return quorum.status() == ConditionStatus.TRUE
                ? asTheSpecHasIt()
                : Verdict.no(quorum.reason(), quorum.message());
    }

    private Verdict asTheSpecHasIt() {
        int wanted = report.cluster().getSpec().replicas();
        if (report.operation().isPresent()) {
            Operation operation = report.operation().get();
            return Verdict.no(
                    report.halted().isPresent()
                            ? ClusterReason.UPGRADE_HALTED
                            : Reasons.of(operation),
                    "clients are served, and %s is under way".formatted(describe(operation)));
        }
        if (report.replicas() != wanted) {
            return report.hold()
                    .filter(hold -> !Reasons.isPassing(hold.reason()))
                    .map(hold -> Verdict.no(Reasons.of(hold.reason()), Reasons.sentence(hold)))
                    .orElseGet(
                            () ->
                                    Verdict.no(
                                            report.replicas() < wanted
                                                    ? ClusterReason.SCALING_UP
                                                    : ClusterReason.SCALING_DOWN,
                                            "there are %d storage pods, and %d are wanted"
                                                    .formatted(report.replicas(), wanted)));
        }
        if (report.ready() < wanted) {
            return Verdict.no(
                    podReason(), "%d of %d storage pods serve".formatted(report.ready(), wanted));
        }
        if (report.pods().stream().anyMatch(report::isOutdated)) {
            return Verdict.no(
                    ClusterReason.UPGRADING,
                    "pods run from another template"
                            + report.hold().map(hold -> ": " + hold.message()).orElse(""));
        }
        long members = report.answers().map(ClusterConditions::active).orElse(0L);
        long all = (long) wanted * report.cluster().getSpec().storage().volumesPerNode();
        if (members < all) {
            return Verdict.no(
                    ClusterReason.SCALING_UP,
                    "%d of %d volumes hold data".formatted(members, all)
                            + report.hold().map(hold -> ": " + hold.message()).orElse(""));
        }
        return Verdict.yes(
                ClusterReason.AS_EXPECTED, "%d storage nodes serve clients".formatted(wanted));
    }

    private static long active(Answers answers) {
        return answers.ring().members().stream()
                .filter(member -> member.state().equals("ACTIVE"))
                .count();
    }

    private ClusterReason podReason() {
        return report.sighting().pods().stream()
                .flatMap(pod -> pod.trouble().stream())
                .map(PodSight.Trouble::reason)
                .findFirst()
                .orElse(ClusterReason.PODS_NOT_READY);
    }

    private ClusterReason bootstrapReason() {
        ClusterReason reason = podReason();
        return reason == ClusterReason.PODS_NOT_READY ? ClusterReason.BOOTSTRAPPING : reason;
    }

    private String bootstrap() {
        String pods =
                report.sighting().pods().stream()
                        .flatMap(
                                pod ->
                                        pod.trouble().stream()
                                                .map(
                                                        trouble ->
                                                                "pod %s: %s"
                                                                        .formatted(
                                                                                pod.name(),
                                                                                trouble.message())))
                        .collect(Collectors.joining("; "));
        return "the cluster is being founded: %d of %d storage pods serve%s%s%s"
                .formatted(
                        report.ready(),
                        report.cluster().getSpec().replicas(),
                        pods.isEmpty() ? "" : "; " + pods,
                        report.etcdTrouble().map(text -> "; " + text).orElse(""),
                        report.sighting().adminTrouble().map(text -> "; " + text).orElse(""));
    }

    private Verdict progressing() {
        Optional<Fault> holding = findings.stream().filter(Fault::holds).findFirst();
        if (holding.isPresent()) {
            return Verdict.no(holding.get().reason(), holding.get().message());
        }
        Optional<Hold> stuck = report.hold().filter(hold -> !Reasons.isPassing(hold.reason()));
        if (!report.isFounded() && !isPaused()) {
            return Verdict.yes(bootstrapReason(), bootstrap());
        }
        if (stuck.isPresent()) {
            return Verdict.no(Reasons.of(stuck.get().reason()), Reasons.sentence(stuck.get()));
        }
        if (report.halted().isPresent()) {
            return Verdict.no(ClusterReason.UPGRADE_HALTED, first(ClusterReason.UPGRADE_HALTED));
        }
        Optional<String> waiting = report.hold().map(Reasons::sentence);
        if (report.operation().isPresent()) {
            Operation operation = report.operation().get();
            return Verdict.yes(
                    Reasons.of(operation),
                    describe(operation) + waiting.map(text -> ": " + text).orElse(""));
        }
        if (report.hold().isPresent()) {
            return Verdict.yes(Reasons.of(report.hold().get().reason()), waiting.orElse(""));
        }
        return report.replicas() < report.plan().pods()
                ? Verdict.yes(
                        ClusterReason.SCALING_UP,
                        "storage pods are made: %d".formatted(report.plan().pods()))
                : Verdict.no(ClusterReason.AS_EXPECTED, "nothing is to be done");
    }

    private static String describe(Operation operation) {
        return "%s (%s since %s)"
                .formatted(
                        OperationRecord.text(OperationRecord.type(operation.type())),
                        OperationRecord.text(operation.phase()),
                        operation.startedAt());
    }

    private Verdict degraded() {
        if (findings.isEmpty()) {
            return Verdict.no(ClusterReason.AS_EXPECTED, "nothing is known to be wrong");
        }
        return Verdict.yes(
                findings.getFirst().reason(),
                findings.stream().map(Fault::message).distinct().collect(Collectors.joining("; ")));
    }

    private Verdict ringConverged() {
        if (report.answers().isEmpty()) {
            return silent();
        }
        RingStatus ring = report.answers().get().ring();
        if (ring.unsettled() == 0 && ring.operation() == null) {
            return Verdict.yes(
                    ClusterReason.AS_EXPECTED,
                    "everything lies where epoch %d places it".formatted(ring.epoch()));
        }
        return Verdict.no(
                report.operation().map(Reasons::of).orElse(ClusterReason.REBALANCING),
                ring.unsettled() == 0
                        ? "everything lies where epoch %d places it, and the change is being ended"
                                .formatted(ring.epoch())
                        : "%d of %d partitions are not where epoch %d places them yet"
                                .formatted(ring.unsettled(), ring.partitions(), ring.epoch()));
    }

    private Verdict quorumAvailable() {
        if (report.answers().isEmpty()) {
            return report.isFounded() && report.ready() == 0
                    ? Verdict.no(ClusterReason.QUORUM_LOST, "no storage pod serves")
                    : silent();
        }
        Quorum quorum = Quorum.of(report.answers().get());
        if (quorum.isKept()) {
            return Verdict.yes(
                    ClusterReason.AS_EXPECTED,
                    "enough members answer, and %d more may be away"
                            .formatted(quorum.spare() - quorum.places()));
        }
        return Verdict.no(
                ClusterReason.QUORUM_LOST,
                "%d members do not answer, so some objects may not be read or written: %s"
                        .formatted(
                                quorum.away().size(),
                                quorum.away().stream()
                                        .map(
                                                member ->
                                                        "%s of %s"
                                                                .formatted(
                                                                        member.id(), member.node()))
                                        .collect(Collectors.joining(", "))));
    }

    private Verdict metadataReachable() {
        if (report.answers().isEmpty()) {
            return silent();
        }
        if (report.isForeign()) {
            return Verdict.no(
                    ClusterReason.METADATA_FOREIGN, first(ClusterReason.METADATA_FOREIGN));
        }
        return report.answers().get().cluster().metadata().healthy()
                ? Verdict.yes(ClusterReason.AS_EXPECTED, "the metadata answer")
                : Verdict.no(
                        ClusterReason.METADATA_UNREACHABLE,
                        first(ClusterReason.METADATA_UNREACHABLE));
    }

    private Verdict silent() {
        return report.isFounded()
                ? Verdict.unknown(
                        ClusterReason.ADMIN_API_UNREACHABLE,
                        first(ClusterReason.ADMIN_API_UNREACHABLE))
                : Verdict.unknown(ClusterReason.BOOTSTRAPPING, "the cluster is being founded");
    }

    private static Verdict paused(boolean status) {
        return new Verdict(
                status ? ConditionStatus.TRUE : ConditionStatus.FALSE,
                ClusterReason.PAUSED,
                "the operator leaves everything as it is: set spec.paused to false to go on");
    }

    private Verdict paused() {
        return isPaused()
                ? paused(true)
                : Verdict.no(ClusterReason.AS_EXPECTED, "spec.paused is false");
    }

    private boolean isPaused() {
        return report.cluster().getSpec().paused();
    }

    private String first(ClusterReason reason) {
        return findings.stream()
                .filter(fault -> fault.reason() == reason)
                .map(Fault::message)
                .findFirst()
                .orElse("");
    }
}
