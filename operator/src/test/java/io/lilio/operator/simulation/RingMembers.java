package io.lilio.operator.simulation;

import io.lilio.admin.api.RingPlace;
import io.lilio.operator.simulation.SimulatedRing.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What commands ask of the members of a ring, and do to them. */
final class RingMembers {

    private RingMembers() {}

    /** Those that are placed. */
    static List<Member> active(Map<UUID, Member> members) {
        return members.values().stream().filter(member -> member.isIn("ACTIVE")).toList();
    }

    /** Gives some members another state, if they are in one of those. */
    static void move(Map<UUID, Member> all, List<UUID> ids, String to, String... from) {
        for (UUID id : ids) {
            all.put(id, require(all, id, from).in(to));
        }
    }

    /** A member, if it is in one of these states; else a refusal. */
    static Member require(Map<UUID, Member> all, @Nullable UUID id, String... states) {
        Member member = all.get(Objects.requireNonNull(id));
        if (member == null) {
            throw AdminFaults.refusal(404, "UnknownMember");
        }
        if (!member.isIn(states)) {
            throw AdminFaults.refusal(409, "WrongState");
        }
        return member;
    }

    /** Whom places are about. */
    static List<UUID> ids(@Nullable List<RingPlace> places) {
        List<UUID> ids = new ArrayList<>();
        Objects.requireNonNull(places)
                .forEach(place -> ids.add(Objects.requireNonNull(place.member())));
        return ids;
    }
}
