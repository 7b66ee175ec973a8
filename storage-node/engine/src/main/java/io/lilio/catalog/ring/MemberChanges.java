package io.lilio.catalog.ring;

import io.lilio.catalog.ring.RingCommandRefused.Reason;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import io.lilio.placement.RingView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What commands make of the list of members, or why they do not. Pure functions. */
final class MemberChanges {

    private MemberChanges() {}

    /** In no table, or about to be drained from all of them when their admission is cancelled. */
    static boolean wasOutside(MemberState state) {
        return state == MemberState.JOINING || state == MemberState.RETURNED;
    }

    static List<Member> announce(Ring ring, Member announced) {
        Optional<Member> known = ring.member(announced.id());
        if (known.isEmpty()) {
            List<Member> more = new ArrayList<>(ring.members());
            more.add(announced.withState(MemberState.JOINING));
            return more;
        }
        return switch (known.get().state()) {
            case JOINING -> with(ring, announced.withState(MemberState.JOINING));
            case LOST -> with(ring, known.get().withState(MemberState.RETURNED));
            case ACTIVE, DRAINING, RETURNED -> ring.members();
            case REMOVED ->
                    throw new RingCommandRefused(
                            Reason.WRONG_STATE,
                            ("%s was removed from the cluster: erase it, and it joins under a new"
                                            + " identity")
                                    .formatted(name(known.get())));
        };
    }

    static List<Member> admit(Ring ring, List<MemberPlace> admissions) {
        Ring changed = ring;
        for (MemberPlace admission : admissions) {
            changed = changed.withSameTables(with(changed, admitted(ring, admission)));
        }
        return changed.members();
    }

    private static Member admitted(Ring ring, MemberPlace admission) {
        Member joining = require(ring, admission.member(), EnumSet.of(MemberState.JOINING));
        return at(joining.withState(MemberState.ACTIVE), admission);
    }

    static List<Member> drain(Ring ring, Collection<MemberId> targets) {
        return move(ring, targets, EnumSet.of(MemberState.ACTIVE), MemberState.DRAINING);
    }

    static List<Member> readmit(Ring ring, Collection<MemberId> targets) {
        return move(ring, targets, EnumSet.of(MemberState.RETURNED), MemberState.ACTIVE);
    }

    static List<Member> lose(Ring ring, Collection<MemberId> targets) {
        Set<MemberState> from =
                EnumSet.complementOf(EnumSet.of(MemberState.LOST, MemberState.REMOVED));
        return move(ring, targets, from, MemberState.LOST);
    }

    static List<Member> replace(Ring ring, MemberId old, MemberPlace replacement) {
        Member replaced =
                require(
                        ring,
                        old,
                        EnumSet.of(
                                MemberState.ACTIVE,
                                MemberState.DRAINING,
                                MemberState.LOST,
                                MemberState.RETURNED));
        Ring admitted = ring.withSameTables(with(ring, admitted(ring, replacement)));
        return replaced.state() == MemberState.ACTIVE
                ? with(admitted, replaced.withState(MemberState.DRAINING))
                : admitted.members();
    }

    static List<Member> reweigh(Ring ring, MemberId target, int weight) {
        Member member = require(ring, target, EnumSet.of(MemberState.ACTIVE));
        if (weight < 1 || weight > Member.MAX_WEIGHT) {
            throw new RingCommandRefused(
                    Reason.BAD_ARGUMENT,
                    "the weight of a member is 1 to %d, not %d"
                            .formatted(Member.MAX_WEIGHT, weight));
        }
        return with(ring, member.withWeight(weight));
    }

    static List<Member> relocate(Ring ring, List<MemberPlace> places) {
        if (places.stream().map(MemberPlace::member).distinct().count() < places.size()) {
            throw new RingCommandRefused(
                    Reason.BAD_ARGUMENT, "a member is named twice, and is in one place only");
        }
        Ring changed = ring;
        for (MemberPlace place : places) {
            Member member = require(ring, place.member(), EnumSet.of(MemberState.ACTIVE));
            changed = changed.withSameTables(with(changed, at(member, place)));
        }
        return changed.members();
    }

    private static Member at(Member member, MemberPlace place) {
        return member.withPlace(
                place.host().orElse(member.host()), place.zone().orElse(member.zone()));
    }

    static List<Member> remove(RingView view, Collection<MemberId> targets) {
        for (MemberId target : targets) {
            Optional<Long> needed = view.epochThatNeeds(target);
            if (needed.isPresent()) {
                throw new RingCommandRefused(
                        Reason.WRONG_STATE,
                        "%s holds what is needed, by the table of epoch %d"
                                .formatted(name(require(view.ring(), target)), needed.get()));
            }
        }
        Set<MemberState> from =
                EnumSet.complementOf(EnumSet.of(MemberState.ACTIVE, MemberState.REMOVED));
        return move(view.ring(), targets, from, MemberState.REMOVED);
    }

    static List<Member> cancel(Ring ring) {
        RingOperation running =
                ring.operation()
                        .orElseThrow(
                                () ->
                                        new RingCommandRefused(
                                                Reason.WRONG_STATE, "no ring change is under way"));
        switch (running.type()) {
            case ADMIT, DRAIN, REPLACE, REWEIGH, RELOCATE, READMIT -> {}
            case MARK_LOST, CANCEL, REMOVE ->
                    throw new RingCommandRefused(
                            Reason.WRONG_STATE,
                            "operation %s, which is under way, is %s and cannot be cancelled"
                                    .formatted(running.id(), running.type()));
        }
        Ring changed = ring;
        for (Member before : running.before()) {
            if (require(ring, before.id()).state() == MemberState.REMOVED) {
                continue; // in the midst of the change: an identity is never used again
            }
            Member back = wasOutside(before.state()) ? drained(ring, before) : before;
            changed = changed.withSameTables(with(changed, back));
        }
        return changed.members();
    }

    /** It may hold what was written since it was admitted. */
    private static Member drained(Ring ring, Member before) {
        return require(ring, before.id()).withState(MemberState.DRAINING);
    }

    private static List<Member> move(
            Ring ring, Collection<MemberId> targets, Set<MemberState> from, MemberState to) {
        Ring changed = ring;
        for (MemberId target : targets) {
            Member next = require(ring, target, from).withState(to);
            changed = changed.withSameTables(with(changed, next));
        }
        return changed.members();
    }

    private static List<Member> with(Ring ring, Member changed) {
        return ring.members().stream()
                .map(member -> member.id().equals(changed.id()) ? changed : member)
                .toList();
    }

    private static Member require(Ring ring, MemberId id) {
        return ring.member(id)
                .orElseThrow(
                        () ->
                                new RingCommandRefused(
                                        Reason.UNKNOWN_MEMBER,
                                        "the ring knows no member %s".formatted(id)));
    }

    private static Member require(Ring ring, MemberId id, Set<MemberState> states) {
        Member member = require(ring, id);
        if (!states.contains(member.state())) {
            throw new RingCommandRefused(
                    Reason.WRONG_STATE,
                    "%s is %s; it would have to be %s"
                            .formatted(name(member), member.state(), anyOf(states)));
        }
        return member;
    }

    private static String anyOf(Set<MemberState> states) {
        return String.join(" or ", states.stream().map(MemberState::name).toList());
    }

    private static String name(Member member) {
        return "member %s (%s/%s)".formatted(member.id(), member.node(), member.name());
    }
}
