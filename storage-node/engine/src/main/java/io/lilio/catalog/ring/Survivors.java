package io.lilio.catalog.ring;

import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.RingView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who still holds what is needed, once the members are others.
 *
 * @param remaining those that have all chunks that they were given, by their own word
 * @param doubtful names of those that count and lost chunks, or do not tell: each may be the one
 *     that acknowledged a chunk and has it no more (rule REFILLING_LISTS_NOTHING)
 */
record Survivors(Set<MemberId> remaining, List<String> doubtful) {

    /** Asks each of them that some table needs. */
    static Survivors of(RingView view, List<Member> next, RingBackends backends) {
        Set<MemberId> remaining = new HashSet<>();
        List<String> doubtful = new ArrayList<>();
        for (Member member : next) {
            if (!member.state().counted() || view.epochThatNeeds(member.id()).isEmpty()) {
                continue;
            }
            if (backends.lacksNothing(member.id())) {
                remaining.add(member.id());
            } else {
                doubtful.add("%s (%s)".formatted(member.id(), member.name()));
            }
        }
        return new Survivors(remaining, doubtful);
    }
}
