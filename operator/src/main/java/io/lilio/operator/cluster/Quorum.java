package io.lilio.operator.cluster;

import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.RingStatus;
import io.lilio.admin.api.RingStatus.RingMember;
import io.lilio.operator.plan.Answers;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Whether every partition has its quorums, as far as that follows from who answers: copies of a
 * partition are in different zones, or on different machines, where there are enough of them, so
 * those of one count once.
 *
 * @param away members that count and do not answer, or cannot be used
 * @param places different places, as copies are spread, that they are in
 * @param spare places that may be away without harm
 */
record Quorum(List<RingMember> away, int places, int spare) {

    Quorum {
        away = List.copyOf(away);
    }

    static Quorum of(Answers answers) {
        RingStatus ring = answers.ring();
        Set<UUID> usable =
                answers.members().stream()
                        .filter(MemberStatus::answered)
                        .filter(member -> !isFailed(member))
                        .map(MemberStatus::id)
                        .collect(Collectors.toSet());
        List<RingMember> counting =
                ring.members().stream()
                        .filter(
                                member ->
                                        member.state().equals("ACTIVE")
                                                || member.state().equals("DRAINING"))
                        .toList();
        List<RingMember> away =
                counting.stream().filter(member -> !usable.contains(member.id())).toList();
        RingStatus.Replication replication = ring.replication();
        int factor = replication.factor();
        Function<RingMember, String> place = place(counting, replication);
        int needed = Math.max(replication.writeQuorum(), replication.readQuorum());
        return new Quorum(away, (int) away.stream().map(place).distinct().count(), factor - needed);
    }

    private static boolean isFailed(MemberStatus member) {
        MemberStatus.Health health = member.health();
        return health != null && health.state().equals("FAILED");
    }

    private static Function<RingMember, String> place(
            List<RingMember> counting, RingStatus.Replication replication) {
        List<Function<RingMember, String>> spreads =
                replication.spread().equals("ZONE")
                        ? List.of(RingMember::zone, RingMember::host)
                        : List.of(RingMember::host);
        return spreads.stream()
                .filter(
                        spread ->
                                counting.stream().map(spread).distinct().count()
                                        >= replication.factor())
                .findFirst()
                .orElse(member -> member.id().toString());
    }

    /** Whether reads and writes surely succeed everywhere. */
    boolean isKept() {
        return places <= spare;
    }
}
