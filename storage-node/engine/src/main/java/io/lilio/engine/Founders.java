package io.lilio.engine;

import io.lilio.metadata.session.HostedMember;
import io.lilio.metadata.session.LiveSession;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The nodes whose members a new cluster begins with. */
final class Founders {

    private final Set<String> nodes;

    Founders(EngineSettings.Founding founding) {
        this.nodes = founding.nodes();
    }

    boolean include(String node) {
        return nodes.contains(node);
    }

    /** Those that have not announced themselves. */
    Set<String> missing(List<LiveSession> live) {
        Set<String> missing = new TreeSet<>(nodes);
        live.stream()
                .filter(session -> !session.owner().members().isEmpty())
                .map(LiveSession::node)
                .forEach(missing::remove);
        return missing;
    }

    /** What they have announced, all of it ACTIVE, in the order of nodes and names. */
    List<Member> members(List<LiveSession> live) {
        return live.stream()
                .filter(session -> include(session.node()))
                .flatMap(
                        session ->
                                session.owner().members().stream()
                                        .map(hosted -> member(session.node(), hosted)))
                .distinct()
                .sorted(Comparator.comparing(Member::node).thenComparing(Member::name))
                .toList();
    }

    private static Member member(String node, HostedMember hosted) {
        return new Member(
                new MemberId(hosted.id()),
                hosted.name(),
                node,
                hosted.host(),
                hosted.zone(),
                hosted.weight(),
                MemberState.ACTIVE);
    }

    @Override
    public String toString() {
        return String.join(", ", new TreeSet<>(nodes));
    }
}
