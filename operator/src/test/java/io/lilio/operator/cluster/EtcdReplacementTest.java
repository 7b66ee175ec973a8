package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.crd.cluster.EtcdMember;
import io.lilio.operator.admin.EtcdMembership.Entry;
import io.lilio.operator.cluster.EtcdReplacement.Act;
import io.lilio.operator.cluster.EtcdSight.Member;
import io.lilio.operator.cluster.EtcdSight.State;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is done next about members of etcd, from what is known and what is seen. */
class EtcdReplacementTest {

    /** The one that it is about; the others serve, with {@code volume-i} and {@code aai}. */
    private static final int IT = 1;

    private static final Act NOTHING = new Act.Nothing();

    private int size = 3;
    private @Nullable EtcdMember record = new EtcdMember("etcd-1", "volume-1", "aa1", false);
    private Optional<String> volume = Optional.of("volume-1");
    private State state = State.SERVING;
    private Optional<Entry> entry = Optional.of(entry(IT, "aa1", "etcd-1"));
    private boolean podAdmits;
    private boolean setAdmits;
    private final List<Entry> strangers = new ArrayList<>();
    private final Map<Integer, State> others = new TreeMap<>();

    @Test
    void aMemberThatServesIsNotedAndNothingIsDoneWhileAllIsKnown() {
        assertThat(next()).isEqualTo(NOTHING);
        assertThat(asks()).isFalse();
        record = null;
        assertThat(asks()).isTrue();
        assertThat(next()).isEqualTo(noted("volume-1", "aa1", false));
    }

    @Test
    void whatSomebodyElseHasReplacedIsNotedOnceItServes() {
        volume = Optional.of("volume-9");
        entry = Optional.of(entry(IT, "bb1", "etcd-1"));
        assertThat(asks()).isTrue();
        assertThat(next()).isEqualTo(noted("volume-9", "bb1", false));
    }

    @Test
    void itIsLostWhereItFailsOnAnotherVolumeAndEtcdHasItsEntry() {
        fails("volume-2");
        assertThat(asks()).isTrue();
        assertThat(next()).isEqualTo(noted("volume-2", "aa1", true));
    }

    @Test
    void itIsLostTooBeforeItsNewestEntryHasStarted() {
        fails("volume-2");
        entry = Optional.of(entry(IT, "aa1", ""));
        assertThat(next()).isEqualTo(noted("volume-2", "aa1", true));
    }

    @Test
    void whatIsNoEvidenceOfALossIsNone() {
        fails("volume-1");
        assertNothing("its volume is the same");
        volume = Optional.empty();
        assertNothing("there is no volume");
        fails("volume-2");
        state = State.STARTING;
        assertNothing("it only takes its time");
        state = State.ABSENT;
        assertNothing("there is no pod");
        fails("volume-2");
        entry = Optional.of(entry(IT, "bb1", "etcd-1"));
        assertNothing("etcd has another entry than the one that is known");
        entry = Optional.empty();
        assertNothing("etcd has none");
        entry = Optional.of(entry(IT, "aa1", "somebody"));
        assertNothing("etcd calls it otherwise");
        entry = Optional.of(entry(IT, "aa1", "etcd-1"));
        strangers.add(new Entry("cc", "guest", List.of(URI.create("http://guest:2380"))));
        assertNothing("etcd has a member that is none of the pods");
        strangers.clear();
        record = null;
        assertNothing("nobody has seen it serve");
    }

    @Test
    void nothingIsBegunWhileAnotherIsAway() {
        fails("volume-2");
        others.put(2, State.STARTING);
        assertNothing("one of the other two is away");
        size = 5;
        assertNothing("one of the other four is away: etcd would let nobody in");
        others.clear();
        assertThat(next()).isEqualTo(noted("volume-2", "aa1", true));
        size = 1;
        assertNothing("there is no other");
    }

    @Test
    void oneOfOneIsNeverReplaced() {
        EtcdMember known = new EtcdMember("etcd-0", "volume-0", "aa0", false);
        Member alone = new Member("etcd-0", peer(0), Optional.of("volume-1"), State.FAILED, false);
        EtcdSight sight = new EtcdSight(List.of(alone), Map.of(), Set.of());
        assertThat(EtcdReplacement.next(List.of(known), sight)).isEqualTo(NOTHING);
    }

    @Test
    void aLostOneLosesItsEntryThenItsVolume() {
        fails("volume-2");
        record = new EtcdMember("etcd-1", "volume-2", "aa1", true);
        assertThat(asks()).isTrue();
        assertThat(next()).isEqualTo(new Act.Remove("aa1"));
        entry = Optional.empty();
        assertThat(next()).isEqualTo(new Act.Renew("volume-2"));
        state = State.ABSENT;
        assertThat(next()).isEqualTo(new Act.Renew("volume-2"));
        volume = Optional.empty();
        assertThat(next()).isInstanceOf(Act.Await.class);
    }

    @Test
    void aVolumeThatIsLostOnceMoreBeforeTheEntryIsGoneIsSpoiltToo() {
        fails("volume-3");
        record = new EtcdMember("etcd-1", "volume-2", "aa1", true);
        assertThat(next()).isEqualTo(noted("volume-3", "aa1", true));
    }

    @Test
    void onACleanVolumeItIsLetInAgainAndThenKnown() {
        fails("volume-3");
        entry = Optional.empty();
        record = new EtcdMember("etcd-1", "volume-2", "aa1", true);
        assertThat(next()).isEqualTo(noted("volume-3", null, true));
        record = new EtcdMember("etcd-1", "volume-3", null, true);
        assertThat(next()).as("its pod could not begin yet").isInstanceOf(Act.Await.class);
        setAdmits = true;
        assertThat(next()).isEqualTo(new Act.Add(peer(IT)));
        entry = Optional.of(entry(IT, "bb1", ""));
        podAdmits = true;
        assertThat(next()).isInstanceOf(Act.Await.class);
        entry = Optional.of(entry(IT, "bb1", "etcd-1"));
        assertThat(next()).as("it has begun, and is not ready").isInstanceOf(Act.Await.class);
        state = State.SERVING;
        assertThat(next()).isEqualTo(noted("volume-3", "bb1", false));
        record = new EtcdMember("etcd-1", "volume-3", "bb1", false);
        assertThat(next()).isEqualTo(NOTHING);
        assertThat(asks()).isFalse();
    }

    @Test
    void aPodThatCannotBeginGivesWayToOneThatCanOnceItIsLetIn() {
        fails("volume-3");
        entry = Optional.of(entry(IT, "bb1", ""));
        record = new EtcdMember("etcd-1", "volume-3", null, true);
        assertThat(next()).as("the next one could not either").isInstanceOf(Act.Await.class);
        setAdmits = true;
        assertThat(next()).isEqualTo(new Act.Restart());
        state = State.STARTING;
        assertThat(next()).as("it has not failed").isInstanceOf(Act.Await.class);
    }

    @Test
    void aCleanVolumeThatGivesWayToAnotherIsNoLossUnlessItMayHaveBeenBegunOn() {
        fails("volume-4");
        setAdmits = true;
        record = new EtcdMember("etcd-1", "volume-3", null, true);
        entry = Optional.empty();
        assertThat(next()).isEqualTo(noted("volume-4", null, true));
        entry = Optional.of(entry(IT, "bb1", ""));
        assertThat(next()).isEqualTo(noted("volume-4", "bb1", true));
        record = new EtcdMember("etcd-1", "volume-4", "bb1", true);
        assertThat(next()).isEqualTo(new Act.Remove("bb1"));
    }

    @Test
    void onlyWhoseFormerEntryIsGoneIsAdmitted() {
        assertThat(EtcdReplacement.admitted(List.of())).isEmpty();
        assertThat(EtcdReplacement.admitted(records(record))).isEmpty();
        record = new EtcdMember("etcd-1", "volume-2", "aa1", true);
        assertThat(EtcdReplacement.admitted(records(record))).isEmpty();
        record = new EtcdMember("etcd-1", "volume-3", null, true);
        assertThat(EtcdReplacement.admitted(records(record))).containsExactly("etcd-1");
    }

    @Test
    void aFounderThatIsLateIsLetIn() {
        record = null;
        fails("volume-1");
        entry = Optional.of(entry(IT, "aa1", ""));
        assertThat(asks()).isTrue();
        assertThat(next()).isEqualTo(noted("volume-1", null, true));
        podAdmits = true;
        assertNothing("it founds etcd together with the others");
    }

    /** Its records had an entry before anything was begun with it, and its pods could begin. */
    @Test
    void whatAnEarlierReleaseHasLetInGoesOn() {
        fails("volume-1");
        entry = Optional.of(entry(IT, "aa1", ""));
        assertThat(asks()).isTrue();
        assertThat(next()).isEqualTo(noted("volume-1", null, true));
        podAdmits = true;
        assertThat(asks()).isFalse();
        assertNothing("a pod of that release gets on by itself");
    }

    @Test
    void whatAnAdministratorHasLetInGoesOn() {
        fails("volume-2");
        entry = Optional.of(entry(IT, "bb1", ""));
        assertThat(next()).isEqualTo(noted("volume-2", null, true));
        volume = Optional.of("volume-1");
        assertNothing("that volume has the former identity");
        fails("volume-3");
        record = new EtcdMember("etcd-1", "volume-2", "aa1", true);
        assertThat(next()).isEqualTo(noted("volume-3", null, true));
    }

    @Test
    void whatSomebodyElseLetsInMeanwhileAndServesIsLeftAlone() {
        record = new EtcdMember("etcd-1", "volume-2", "aa1", true);
        volume = Optional.of("volume-2");
        entry = Optional.of(entry(IT, "bb1", "etcd-1"));
        assertThat(next()).isEqualTo(noted("volume-2", "bb1", false));
    }

    @Test
    void oneThatServesAfterAllIsNotLost() {
        record = new EtcdMember("etcd-1", "volume-2", "aa1", true);
        volume = Optional.of("volume-2");
        assertThat(next()).isEqualTo(noted("volume-2", "aa1", false));
        others.put(2, State.FAILED);
        assertThat(next()).isEqualTo(noted("volume-2", "aa1", false));
    }

    @Test
    void inItsMidstItWaitsForTheOthers() {
        record = new EtcdMember("etcd-1", "volume-2", "aa1", true);
        fails("volume-2");
        others.put(0, State.FAILED);
        assertThat(next()).isInstanceOf(Act.Await.class);
        entry = Optional.empty();
        assertThat(next()).isInstanceOf(Act.Await.class);
        record = new EtcdMember("etcd-1", "volume-2", null, true);
        assertThat(next()).isInstanceOf(Act.Await.class);
    }

    @Test
    void oneAtATimeIsReplaced() {
        size = 5;
        fails("volume-2");
        setAdmits = true;
        record = new EtcdMember("etcd-1", "volume-2", null, true);
        entry = Optional.empty();
        assertThat(next()).isEqualTo(new Act.Add(peer(IT)));
        others.put(3, State.FAILED);
        assertThat(next()).isInstanceOf(Act.Await.class);
    }

    private void fails(String on) {
        volume = Optional.of(on);
        state = State.FAILED;
    }

    private void assertNothing(String because) {
        assertThat(next()).as(because).isEqualTo(NOTHING);
    }

    private static URI peer(int ordinal) {
        return URI.create("http://etcd-" + ordinal + ":2380");
    }

    private static Entry entry(int ordinal, String id, String name) {
        return new Entry(id, name, List.of(peer(ordinal)));
    }

    private static EtcdMember known(int ordinal) {
        return new EtcdMember("etcd-" + ordinal, "volume-" + ordinal, "aa" + ordinal, false);
    }

    private List<EtcdMember> records(@Nullable EtcdMember it) {
        List<EtcdMember> records = new ArrayList<>();
        for (int ordinal = 0; ordinal < size; ordinal++) {
            if (ordinal != IT) {
                records.add(known(ordinal));
            } else if (it != null) {
                records.add(it);
            }
        }
        return records;
    }

    private Act noted(String on, @Nullable String id, boolean lost) {
        return new Act.Note(records(new EtcdMember("etcd-1", on, id, lost)));
    }

    private List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (int ordinal = 0; ordinal < size; ordinal++) {
            members.add(
                    new Member(
                            "etcd-" + ordinal,
                            peer(ordinal),
                            ordinal == IT ? volume : Optional.of("volume-" + ordinal),
                            ordinal == IT ? state : others.getOrDefault(ordinal, State.SERVING),
                            ordinal == IT && podAdmits));
        }
        return members;
    }

    private boolean asks() {
        return EtcdReplacement.asksEtcd(records(record), members());
    }

    private Act next() {
        List<Entry> entries = new ArrayList<>(strangers);
        for (int ordinal = 0; ordinal < size; ordinal++) {
            if (ordinal != IT) {
                entries.add(entry(ordinal, "aa" + ordinal, "etcd-" + ordinal));
            }
        }
        entry.ifPresent(entries::add);
        Map<String, List<Entry>> answers = new TreeMap<>();
        members().stream()
                .filter(member -> member.state() == State.SERVING)
                .forEach(member -> answers.put(member.name(), entries));
        Set<String> admitted = setAdmits ? Set.of("etcd-" + IT) : Set.of();
        return EtcdReplacement.next(records(record), new EtcdSight(members(), answers, admitted));
    }
}
