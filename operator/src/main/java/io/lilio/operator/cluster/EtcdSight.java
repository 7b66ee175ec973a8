package io.lilio.operator.cluster;

import io.lilio.operator.admin.EtcdMembership.Entry;
import java.net.URI;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A managed etcd as it was seen in a pass.
 *
 * @param members those that there are to be, in order of their pods
 * @param answers who belongs to it, as each member said that answered, by that one's name
 * @param admitted names of those whose pods, made now, would let them begin with no data
 */
record EtcdSight(List<Member> members, Map<String, List<Entry>> answers, Set<String> admitted) {

    EtcdSight {
        members = List.copyOf(members);
        answers = Map.copyOf(answers);
        admitted = Set.copyOf(admitted);
    }

    /**
     * A member as Kubernetes has it.
     *
     * @param name of its pod, and its own in etcd
     * @param peer where the others reach it
     * @param volume uid of the claim that is there; empty when there is none
     * @param state of its pod
     * @param admitted whether its pod lets it begin with no data
     */
    record Member(String name, URI peer, Optional<String> volume, State state, boolean admitted) {

        /** Whether an entry of etcd's is about it. */
        boolean is(Entry entry) {
            return entry.peers().equals(List.of(peer))
                    && (!entry.hasStarted() || entry.name().equals(name));
        }
    }

    /** What a pod does. */
    enum State {
        /** There is none, or one that goes. */
        ABSENT,
        /** It does not serve, and perhaps not yet. */
        STARTING,
        /** It does not serve, and its etcd has ended at least once. */
        FAILED,
        /** It serves. */
        SERVING
    }

    /**
     * Who belongs to etcd, where that is known for sure as far as one member goes: all others
     * answer and say the same, they are a majority of all that there are to be, and nobody is
     * listed who is none of these.
     */
    Optional<List<Entry>> entriesWithout(String name) {
        List<List<Entry>> others =
                members.stream()
                        .map(Member::name)
                        .filter(other -> !other.equals(name) && answers.containsKey(other))
                        .map(other -> sorted(answers.getOrDefault(other, List.of())))
                        .toList();
        boolean enough =
                others.size() == members.size() - 1 && others.size() >= members.size() / 2 + 1;
        return enough && others.stream().distinct().count() == 1 && isKnown(others.getFirst())
                ? Optional.of(others.getFirst())
                : Optional.empty();
    }

    private static List<Entry> sorted(List<Entry> entries) {
        return entries.stream().sorted(Comparator.comparing(Entry::id)).toList();
    }

    private boolean isKnown(List<Entry> entries) {
        List<Member> meant =
                entries.stream()
                        .flatMap(entry -> members.stream().filter(member -> member.is(entry)))
                        .toList();
        return meant.size() == entries.size() && new HashSet<>(meant).size() == meant.size();
    }
}
