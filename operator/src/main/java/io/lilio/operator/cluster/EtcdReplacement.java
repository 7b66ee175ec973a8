package io.lilio.operator.cluster;

import io.lilio.crd.cluster.EtcdMember;
import io.lilio.operator.admin.EtcdMembership.Entry;
import io.lilio.operator.cluster.EtcdSight.Member;
import io.lilio.operator.cluster.EtcdSight.State;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is done next about members of a managed etcd that have lost their volumes. Pure functions of
 * what status says of them, and of what is seen.
 *
 * <p>On an empty volume a member begins only where {@link #admitted} has it, which the template of
 * its pod says ({@link io.lilio.operator.dependent.EtcdSet}); all others end at once. So what a
 * member has acknowledged it remembers as long as etcd has its identity:
 *
 * <ol>
 *   <li>{@code {volume, id}}: it served with both.
 *   <li>{@code {volume, id, lost}}: its pod has another volume, this one, and fails on it, while
 *       etcd has the entry and all other members answer. The entry is removed, then the volume,
 *       which may have been begun on: pods of earlier releases let everybody begin.
 *   <li>{@code {volume, lost}}: etcd has the former entry no more, and the pod another volume, this
 *       one, which is clean. The template is to let it begin; then an entry is added; then a pod
 *       that could not begin is made anew. It stays so until the member serves: with both, as
 *       above, and the template lets nobody in any more.
 * </ol>
 *
 * <p>Without such a record nothing is removed. One whose entry never started has nothing to forget,
 * and is let in as in the third: a founder that is late, or one that an administrator has added.
 *
 * <p>Each act can be seen in etcd, in Kubernetes or in status, so that who comes next goes on from
 * there; and each is refused where another has been there before: identities and uids never come
 * again, and etcd takes no two entries of one place. One member at a time, and only while all
 * others answer: etcd itself lets none in as long as another is away.
 *
 * <p>What remains: a member that is let in, begins, and loses that volume too before it was seen to
 * serve may begin on the next one with the same identity.
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

        /** Etcd is to count a new one, and the pod to be made anew if it could not begin. */
        record Add(URI peer) implements Act {}

        /** The pod, which could not begin, is to be made anew. */
        record Restart() implements Act {}
    }

    /** Whether etcd has to be asked for its members: something is new, or is being replaced. */
    static boolean asksEtcd(List<EtcdMember> records, List<Member> members) {
        return lost(records).isPresent()
                || members.stream()
                        .anyMatch(member -> isNews(member, record(records, member.name())));
    }

    private static boolean isNews(Member member, Optional<EtcdMember> record) {
        boolean same =
                record.map(EtcdMember::volume).equals(member.volume()) || member.volume().isEmpty();
        return switch (member.state()) {
            case SERVING -> !same;
            case FAILED -> !same || !member.admitted();
            case ABSENT, STARTING -> false;
        };
    }

    /** The member that is being replaced: never more than one. */
    static Optional<EtcdMember> lost(List<EtcdMember> records) {
        return records.stream().filter(EtcdMember::lost).findFirst();
    }

    /** Who begins where it has no data: pods whose members have nothing to forget. */
    static Set<String> admitted(List<EtcdMember> records) {
        return records.stream()
                .filter(record -> record.lost() && record.id() == null)
                .map(EtcdMember::pod)
                .collect(Collectors.toSet());
    }

    private static Optional<EtcdMember> record(List<EtcdMember> records, String member) {
        return records.stream().filter(each -> each.pod().equals(member)).findFirst();
    }

    /** How many do not serve, and have other volumes than those that they served with. */
    static long withoutData(List<EtcdMember> records, List<Member> members) {
        return members.stream()
                .filter(member -> member.state() != State.SERVING)
                .filter(
                        member ->
                                record(records, member.name())
                                        .filter(record -> record.lost() || isOther(record, member))
                                        .isPresent())
                .count();
    }

    private static boolean isOther(EtcdMember record, Member member) {
        return member.volume().filter(volume -> !volume.equals(record.volume())).isPresent();
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
                .flatMap(member -> loss(records, member, sight).stream())
                .findFirst()
                .map(found -> note(records, found, sight))
                .orElseGet(Act.Nothing::new);
    }

    private static String volume(Member member) {
        return member.volume().orElseThrow();
    }

    /** Records of all members that serve, as they are now; those of the others as they were. */
    private static List<EtcdMember> seen(List<EtcdMember> records, EtcdSight sight) {
        List<EtcdMember> seen = new ArrayList<>();
        for (Member member : sight.members()) {
            served(member, sight).or(() -> record(records, member.name())).ifPresent(seen::add);
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

    /** A member that fails and does not come back by itself, as it is to be recorded. */
    private static Optional<EtcdMember> loss(
            List<EtcdMember> records, Member member, EtcdSight sight) {
        if (member.state() != State.FAILED || member.volume().isEmpty()) {
            return Optional.empty();
        }
        return sight.entriesWithout(member.name())
                .flatMap(entries -> entry(entries, member))
                .flatMap(entry -> loss(record(records, member.name()), member, entry));
    }

    private static Optional<EtcdMember> loss(
            Optional<EtcdMember> record, Member member, Entry entry) {
        boolean sameVolume = record.map(EtcdMember::volume).equals(member.volume());
        boolean sameId = record.map(EtcdMember::id).equals(Optional.of(entry.id()));
        if (sameId && !sameVolume) {
            return Optional.of(lost(member, entry.id()));
        }
        // The same of both: earlier releases recorded an entry before anything was begun with it.
        boolean isLetIn = !entry.hasStarted() && sameId == sameVolume;
        return isLetIn && !member.admitted() ? Optional.of(lost(member, null)) : Optional.empty();
    }

    private static Optional<Entry> entry(List<Entry> entries, Member member) {
        return entries.stream().filter(member::is).findFirst();
    }

    private static Act goOn(
            List<EtcdMember> records, EtcdMember lost, Member member, EtcdSight sight) {
        Optional<EtcdMember> served = served(member, sight);
        if (served.isPresent()) {
            // It was no loss, or somebody else was faster.
            return note(records, served.get(), sight);
        }
        Optional<List<Entry>> entries = sight.entriesWithout(member.name());
        if (entries.isEmpty()) {
            return new Act.Await(
                    "all other members have to answer first, and to list nobody but the pods");
        }
        if (member.volume().isEmpty()) {
            return new Act.Await("it has no volume yet");
        }
        Optional<String> id = entry(entries.get(), member).map(Entry::id);
        if (!lost.volume().equals(volume(member))) {
            return note(records, lostAgain(lost, member, id), sight);
        }
        return lost.id() == null ? join(member, id, sight) : leave(lost.volume(), lost.id(), id);
    }

    /** Whatever etcd has for it may have been begun with, on this volume or on the one before. */
    private static EtcdMember lostAgain(EtcdMember lost, Member member, Optional<String> id) {
        return lost(
                member,
                id.filter(found -> lost.id() == null || found.equals(lost.id())).orElse(null));
    }

    private static Act leave(String volume, String former, Optional<String> id) {
        return id.filter(former::equals).isPresent()
                ? new Act.Remove(former)
                : new Act.Renew(volume);
    }

    private static Act join(Member member, Optional<String> id, EtcdSight sight) {
        if (!sight.admitted().contains(member.name())) {
            return new Act.Await("its StatefulSet has to let it begin");
        }
        if (id.isEmpty()) {
            return new Act.Add(member.peer());
        }
        return member.state() == State.FAILED && !member.admitted()
                ? new Act.Restart()
                : new Act.Await("it has to catch up and to serve");
    }

    private static EtcdMember lost(Member member, @Nullable String id) {
        return new EtcdMember(member.name(), volume(member), id, true);
    }

    /** In order of the pods. */
    private static Act note(List<EtcdMember> records, EtcdMember changed, EtcdSight sight) {
        return new Act.Note(
                sight.members().stream()
                        .map(Member::name)
                        .flatMap(
                                name ->
                                        name.equals(changed.pod())
                                                ? Stream.of(changed)
                                                : record(records, name).stream())
                        .toList());
    }
}
