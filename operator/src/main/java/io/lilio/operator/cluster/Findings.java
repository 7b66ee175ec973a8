package io.lilio.operator.cluster;

import io.lilio.admin.api.BrakeStatus;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.operator.plan.Answers;
import io.lilio.operator.plan.Hold;
import io.lilio.operator.plan.Observed;
import io.lilio.operator.plan.PodState;
import io.lilio.operator.plan.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All that is not as it should be with a cluster, the worst first. Pure functions. */
final class Findings {

    private final Report report;
    private final List<Fault> found = new ArrayList<>();

    private Findings(Report report) {
        this.report = report;
    }

    static List<Fault> of(Report report) {
        Findings findings = new Findings(report);
        findings.found.addAll(report.faults());
        if (report.isFounded()) {
            findings.halted();
            findings.metadata();
            findings.pods();
            findings.members();
        }
        findings.holds();
        findings.topology();
        return findings.found.stream().sorted(Comparator.comparing(Fault::weight)).toList();
    }

    private void add(ClusterReason reason, String message) {
        found.add(Fault.degrading(reason, message));
    }

    private void halted() {
        report.halted()
                .ifPresent(
                        pod ->
                                add(
                                        ClusterReason.UPGRADE_HALTED,
                                        ("pod %s was restarted from another template and does not"
                                                        + " serve%s; the others keep theirs: put the spec"
                                                        + " right, or back")
                                                .formatted(pod.name(), because(pod))));
    }

    private void metadata() {
        Optional<Answers> answers = report.answers();
        if (answers.isEmpty()) {
            add(
                    ClusterReason.ADMIN_API_UNREACHABLE,
                    "no storage node answers the operator"
                            + report.sighting()
                                    .adminTrouble()
                                    .map(trouble -> ": " + trouble)
                                    .orElse("")
                            + "; see the events and logs of the storage pods");
            return;
        }
        if (!answers.get().cluster().metadata().healthy()) {
            add(
                    ClusterReason.METADATA_UNREACHABLE,
                    "the metadata do not answer: " + answers.get().cluster().metadata().detail());
        }
        BrakeStatus brake = answers.get().brake();
        if (brake.engaged()) {
            add(
                    report.isForeign()
                            ? ClusterReason.METADATA_FOREIGN
                            : ClusterReason.DELETION_BRAKE,
                    "nothing is deleted: %s (token %s)".formatted(brake.reason(), brake.token()));
        }
        report.etcdTrouble().ifPresent(trouble -> add(ClusterReason.PODS_NOT_READY, trouble));
    }

    private void pods() {
        for (int ordinal = 0; ordinal < report.replicas(); ordinal++) {
            if (ordinal == report.away()) {
                continue;
            }
            String name = report.sighting().observed().node(ordinal);
            Optional<PodState> pod =
                    report.pods().stream().filter(each -> each.name().equals(name)).findFirst();
            if (pod.filter(PodState::isWell).isEmpty()) {
                ClusterReason reason =
                        report.sighting().pods().stream()
                                .filter(each -> each.name().equals(name))
                                .flatMap(each -> each.trouble().stream())
                                .map(PodSight.Trouble::reason)
                                .findFirst()
                                .orElse(ClusterReason.PODS_NOT_READY);
                add(
                        reason,
                        "pod %s %s%s"
                                .formatted(
                                        name,
                                        pod.isPresent() ? "does not serve" : "is not there",
                                        pod.map(Findings::because).orElse("")));
            }
        }
    }

    private static String because(PodState pod) {
        return pod.trouble().map(trouble -> ": " + trouble).orElse("");
    }

    private void members() {
        report.answers().ifPresent(this::members);
    }

    private void members(Answers answers) {
        String away = report.away() < 0 ? "" : report.sighting().observed().node(report.away());
        for (RingMember member : answers.ring().members()) {
            if (member.state().equals("LOST") && member.needed()) {
                add(
                        ClusterReason.REPAIRING,
                        "member %s of %s is lost, and what it held is not copied yet"
                                .formatted(member.id(), member.node()));
            }
        }
        answers.members().stream()
                .filter(member -> List.of("ACTIVE", "DRAINING").contains(member.state()))
                .filter(member -> !member.node().equals(away))
                .forEach(this::member);
    }

    private void member(MemberStatus member) {
        String name = "member %s of %s".formatted(member.id(), member.node());
        MemberStatus.Health health = member.health();
        MemberStatus.Usage usage = member.usage();
        if (!member.answered()) {
            add(
                    ClusterReason.MEMBER_UNREACHABLE,
                    "%s does not answer: if it is gone for good, name it in the annotation %s"
                            .formatted(name, Requests.ACKNOWLEDGE_LOST));
        } else if (health != null && !health.state().equals("UP")) {
            add(
                    ClusterReason.MEMBER_UNHEALTHY,
                    "%s is %s: %s".formatted(name, health.state(), health.detail()));
        } else if (usage != null && usage.lacking()) {
            add(
                    ClusterReason.UNDER_REPLICATED,
                    "%s lacks chunks until a repair has filled it".formatted(name));
        }
    }

    private void holds() {
        report.hold()
                .filter(
                        hold ->
                                switch (hold.reason()) {
                                    case INSUFFICIENT_CAPACITY,
                                            DATA_LOSS,
                                            MEMBER_ALIVE,
                                            REFUSED,
                                            TOPOLOGY_UNKNOWN ->
                                            true;
                                    case PAUSED,
                                            ADMIN_API_UNREACHABLE,
                                            METADATA_UNHEALTHY,
                                            DELETION_BRAKE,
                                            PODS_NOT_READY,
                                            MOVING,
                                            FOREIGN_CHANGE,
                                            UNDER_REPLICATED ->
                                            false; // told by what is seen, or no harm
                                })
                .ifPresent(hold -> add(Reasons.of(hold.reason()), Reasons.sentence(hold)));
        refusedLosses();
    }

    /**
     * They are told also while something else goes on, which is the only thing that is waited for.
     */
    private void refusedLosses() {
        report.sighting().observed().refusals().stream()
                .map(Refusal::hold)
                .flatMap(Optional::stream)
                .filter(hold -> hold.reason() == Hold.Reason.DATA_LOSS)
                .filter(hold -> !report.hold().equals(Optional.of(hold)))
                .forEach(hold -> add(Reasons.of(hold.reason()), Reasons.sentence(hold)));
    }

    private void topology() {
        boolean told =
                report.hold()
                        .map(Hold::reason)
                        .filter(Hold.Reason.TOPOLOGY_UNKNOWN::equals)
                        .isPresent();
        if (told) {
            return;
        }
        if (report.sighting().placesForbidden()) {
            add(
                    ClusterReason.TOPOLOGY_UNKNOWN,
                    "the operator may not read nodes of Kubernetes, so zones are not known; "
                            + Reasons.advice(Hold.Reason.TOPOLOGY_UNKNOWN));
        } else {
            report.answers().ifPresent(this::nowhere);
        }
    }

    /** Who joins and waits, while others need not, until it is known where its pod runs. */
    private void nowhere(Answers answers) {
        Observed observed = report.sighting().observed();
        for (MemberStatus member : answers.members()) {
            int ordinal = observed.ordinal(member.node());
            boolean joins =
                    member.state().equals("JOINING")
                            && member.answered()
                            && ordinal >= 0
                            && ordinal < report.cluster().getSpec().replicas();
            boolean placed =
                    report.pods().stream()
                            .filter(pod -> pod.ordinal() == ordinal)
                            .flatMap(pod -> pod.machine().stream())
                            .anyMatch(observed.places()::containsKey);
            if (joins && !placed) {
                add(
                        ClusterReason.TOPOLOGY_UNKNOWN,
                        ("member %s of %s is not admitted, since the machine and zone of its pod"
                                        + " are not known: see the pod, and the node of Kubernetes that it"
                                        + " runs on")
                                .formatted(member.id(), member.node()));
            }
        }
    }
}
