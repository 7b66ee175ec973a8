package io.lilio.operator.cluster;

import io.lilio.crd.cluster.EtcdMember;
import io.lilio.operator.admin.EtcdMembership.Entry;
import io.lilio.operator.cluster.EtcdSight.Member;
import io.lilio.operator.cluster.EtcdSight.State;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is done next about members of a managed etcd that have lost their volumes. Pure functions of
 * what status says of them, and of what is seen.
 *
 * <p>A member that starts with no data although etcd knows it takes its former identity up. A
 * leader elected since sends it everything, as when it was the leader itself that was lost: then it
 * serves, and only its new volume is noted. One that led before believes that it has what it had:
 * it ends again and again, and its new volume is spoilt, for it carries that identity now. So:
 *
 * <ol>
 *   <li>{@code {volume, id}}: it served with both. Without such a record nothing is ever done.
 *   <li>{@code {volume, id, lost}}: its pod has another volume, this one, and fails on it, while
 *       etcd has the entry and all other members answer. The entry is removed, then the volume.
 *   <li>{@code {volume, lost}}: the pod has yet another volume, this one, which is clean: there was
 *       no entry that it could have begun with. One is added.
 *   <li>{@code {volume, id}}: that entry. The pod starts with it.
 * </ol>
 *
 * <p>Each act can be seen in etcd, in Kubernetes or in status, so that who comes next goes on from
 * there; and each is refused where another has been there before: identities and uids never come
 * again, and etcd takes no two entries of one place. One member at a time, and only while all
 * others answer: etcd itself lets none in as long as another is away.
 */
final class EtcdReplacement {

    private EtcdReplacement() {}

    /** What is done next. */
    sealed interface Act {

        /** Nothing: all is well, or nothing is known. */
        record Nothing() implements Act {}

        /** Nothing, in the midst of a replacement. */
        record Await(String what) implements Act {}

        /** Status is to say so, and nothing is done before it does. */
        record Note(List<EtcdMember> records) implements Act {}

        /** Etcd is to forget an identity. */
        record Remove(String id) implements Act {}

        /** A volume is to go, with the pod that has it. */
        record Renew(String volume) implements Act {}

        /** Etcd is to count a new one, and the pod to start again. */
        record Add(URI peer) implements Act {}
    }

    /** Whether etcd has to be asked for its members: something is new, or is being replaced. */
    static boolean asksEtcd(List<EtcdMember> records, List<Member> members) {
        return lost(records).isPresent()
                || members.stream().anyMatch(member -> isNews(member, record(records, member)));
    }

    private static boolean isNews(Member member, Optional<EtcdMember> record) {
        boolean same =
                record.map(EtcdMember::volume).equals(member.volume()) || member.volume().isEmpty();
        return switch (member.state()) {
            case SERVING -> !same;
            case FAILED -> !same && record.isPresent();
            case ABSENT, STARTING -> false;
        };
    }

    /** The member that is being replaced: never more than one. */
    static Optional<EtcdMember> lost(List<EtcdMember> records) {
        return records.stream().filter(EtcdMember::lost).findFirst();
    }

    private static Optional<EtcdMember> record(List<EtcdMember> records, Member member) {
        return records.stream().filter(each -> each.pod().equals(member.name())).findFirst();
    }

    /** What is done next, or nothing. */
    static Act next(List<EtcdMember> records, EtcdSight sight) {
        Optional<EtcdMember> lost = lost(records);
        if (lost.isPresent()) {
            return sight.members().stream()
                    .filter(member -> member.name().equals(lost.get().pod()))
                    .findFirst()
                    .<Act>map(member -> goOn(records, lost.get(), member, sight))
                    .orElseGet(Act.Nothing::new);
        }
        List<EtcdMember> seen = seen(records, sight);
        if (!seen.equals(records)) {
            return new Act.Note(seen);
        }
        return sight.members().stream()
                .filter(
                        member ->
                                record(records, member)
                                        .filter(record -> isLost(record, member, sight))
                                        .isPresent())
                .findFirst()
                .<Act>map(member -> note(records, member, volume(member), idOf(records, member)))
                .orElseGet(Act.Nothing::new);
    }

    private static String volume(Member member) {
        return member.volume().orElseThrow();
    }

    private static @Nullable String idOf(List<EtcdMember> records, Member member) {
        return record(records, member).orElseThrow().id();
    }

    /** Records of all members that serve, as they are now; those of the others as they were. */
    private static List<EtcdMember> seen(List<EtcdMember> records, EtcdSight sight) {
        List<EtcdMember> seen = new ArrayList<>();
        for (Member member : sight.members()) {
            served(member, sight).or(() -> record(records, member)).ifPresent(seen::add);
        }
        return seen;
    }

    /** A member that serves answers for itself. */
    private static Optional<EtcdMember> served(Member member, EtcdSight sight) {
        if (member.state() != State.SERVING || member.volume().isEmpty()) {
            return Optional.empty();
        }
        return sight.answers().getOrDefault(member.name(), List.of()).stream()
                .filter(entry -> entry.hasStarted() && member.is(entry))
                .findFirst()
                .map(entry -> new EtcdMember(member.name(), volume(member), entry.id(), false));
    }

    private static boolean isLost(EtcdMember record, Member member, EtcdSight sight) {
        return member.state() == State.FAILED
                && member.volume().filter(volume -> !volume.equals(record.volume())).isPresent()
                && sight.entriesWithout(member.name())
                        .filter(entries -> has(entries, member, record.id()))
                        .isPresent();
    }

    private static boolean has(List<Entry> entries, Member member, @Nullable String id) {
        return entries.stream().anyMatch(entry -> member.is(entry) && entry.id().equals(id));
    }

    private static Act goOn(
            List<EtcdMember> records, EtcdMember lost, Member member, EtcdSight sight) {
        Optional<EtcdMember> served = served(member, sight);
        if (served.isPresent()) {
            return note(records, served.get()); // it was no loss, or somebody else was faster
        }
        Optional<List<Entry>> entries = sight.entriesWithout(member.name());
        if (entries.isEmpty()) {
            return new Act.Await(
                    "all other members have to answer first, and to list nobody but the pods");
        }
        if (member.volume().isEmpty()) {
            return new Act.Await("it has no volume yet");
        }
        boolean same = lost.volume().equals(volume(member));
        Optional<Entry> entry = entries.get().stream().filter(member::is).findFirst();
        if (has(entries.get(), member, lost.id())) {
            // Another volume than the one that is to go has been begun with this identity too.
            return same
                    ? new Act.Remove(Objects.requireNonNull(lost.id()))
                    : note(records, member, volume(member), lost.id());
        }
        if (entry.isPresent() && lost.id() == null) {
            return note(
                    records, new EtcdMember(lost.pod(), lost.volume(), entry.get().id(), false));
        }
        if (!same) {
            return note(records, member, volume(member), null);
        }
        return lost.id() == null ? new Act.Add(member.peer()) : new Act.Renew(lost.volume());
    }

    private static Act note(
            List<EtcdMember> records, Member member, String volume, @Nullable String id) {
        return note(records, new EtcdMember(member.name(), volume, id, true));
    }

    private static Act note(List<EtcdMember> records, EtcdMember changed) {
        return new Act.Note(
                records.stream()
                        .map(each -> each.pod().equals(changed.pod()) ? changed : each)
                        .toList());
    }
}
