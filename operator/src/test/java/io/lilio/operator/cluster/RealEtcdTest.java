package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lilio.crd.cluster.EtcdMember;
import io.lilio.operator.admin.EtcdException;
import io.lilio.operator.admin.EtcdMembership.Entry;
import io.lilio.operator.admin.HttpEtcdMembership;
import io.lilio.operator.cluster.EtcdReplacement.Act;
import io.lilio.operator.cluster.EtcdSight.Member;
import io.lilio.operator.cluster.EtcdSight.State;
import io.lilio.operator.dependent.EtcdSet;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members of a real etcd that have no data, let in as the operator does it, and not otherwise. */
@Timeout(200)
class RealEtcdTest {

    private static final int IT = 1;

    private final HttpEtcdMembership membership = new HttpEtcdMembership();
    private final List<String> done = new ArrayList<>();

    /** On which volume an identity served first. */
    private final Map<String, String> begun = new HashMap<>();

    private LoopbackEtcd etcd;
    private List<EtcdMember> records = List.of();
    private boolean founded;

    @BeforeEach
    void find(@TempDir Path directory) throws Exception {
        Optional<String> program = LoopbackEtcd.program();
        assumeTrue(
                program.isPresent() || System.getenv("CI") != null,
                "there is no etcd here; make test installs one");
        etcd = new LoopbackEtcd(program.orElseThrow(), directory, 3);
    }

    @AfterEach
    void close() {
        if (etcd != null) {
            etcd.close();
        }
        membership.close();
    }

    @Test
    void aMemberWithoutItsDataIsReplacedAndServesThemAgain() throws Exception {
        until(this::allServe);
        founded = true;
        until(() -> records.size() == 3);
        assertThat(etcd.ask(0, "kv/put", "{\"key\":\"a2V5\",\"value\":\"dmFsdWU=\"}"))
                .contains("revision");
        String former = id();

        etcd.loseVolume(IT);
        String second = etcd.volume(IT);
        until(this::isWhole);

        assertThat(done).containsExactly("remove", "renew", "add");
        assertThat(etcd.hasBegun(second)).as("it began on its second volume").isFalse();
        assertThat(id()).isNotEqualTo(former);
        assertThat(membership.list(etcd.client(IT)))
                .extracting(Entry::id, Entry::name)
                .containsExactlyInAnyOrderElementsOf(
                        records.stream().map(each -> tuple(each.id(), each.pod())).toList());
        assertThat(etcd.ask(IT, "kv/range", "{\"key\":\"a2V5\"}")).contains("dmFsdWU=");
    }

    @Test
    void aMemberWithItsDataStartsAgainThoughNobodyIsLetIn() throws Exception {
        until(this::allServe);
        founded = true;
        until(() -> records.size() == 3 && etcd.admitted().isEmpty());
        List<EtcdMember> before = records;

        etcd.end(IT);
        until(this::isWhole);

        assertThat(records).isEqualTo(before);
        assertThat(done).isEmpty();
    }

    @Test
    void aBackupThatIsPutBackServesThoughNobodyIsLetIn() throws Exception {
        assumeTrue(etcd.canBackUp(), "etcdctl and etcdutl are not beside etcd");
        until(this::allServe);
        founded = true;
        until(() -> records.size() == 3 && etcd.admitted().isEmpty());
        assertThat(etcd.ask(0, "kv/put", "{\"key\":\"a2V5\",\"value\":\"dmFsdWU=\"}"))
                .contains("revision");
        etcd.backUp();
        List<EtcdMember> before = records;
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            etcd.loseVolume(ordinal);
        }
        assertThat(EtcdReplacement.withoutData(before, etcd.members())).isEqualTo(3);
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            etcd.putBack(ordinal);
        }
        until(
                () ->
                        isWhole()
                                && records.stream()
                                        .map(EtcdMember::volume)
                                        .noneMatch(
                                                volume ->
                                                        before.stream()
                                                                .map(EtcdMember::volume)
                                                                .anyMatch(volume::equals)));
        assertThat(done).as("nobody is removed or renewed").isEmpty();
        assertThat(etcd.ask(IT, "kv/range", "{\"key\":\"a2V5\"}")).contains("dmFsdWU=");
    }

    @Test
    void aFounderThatIsLateIsLetIn() throws Exception {
        etcd.hold(IT, true);
        until(() -> serving() == 2);
        founded = true;
        until(() -> records.size() == 2 && etcd.admitted().isEmpty());

        etcd.hold(IT, false);
        etcd.end(IT);
        until(this::isWhole);

        assertThat(done).containsExactly("restart");
        assertThat(records).hasSize(3);
    }

    private String id() {
        return Objects.requireNonNull(records.get(IT).id());
    }

    private boolean isWhole() {
        return records.size() == 3
                && records.stream().noneMatch(EtcdMember::lost)
                && records.get(IT).volume().equals(etcd.volume(IT))
                && allServe();
    }

    private boolean allServe() {
        return serving() == 3;
    }

    private long serving() {
        return etcd.members().stream().filter(each -> each.state() == State.SERVING).count();
    }

    /** Something that is waited for. */
    private interface Goal {
        boolean isReached();
    }

    /** Passes, and kubelet between them. */
    private void until(Goal goal) throws Exception {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (!goal.isReached()) {
            assertThat(Instant.now())
                    .as("%s done, %s, %s", done, records, etcd.members())
                    .isBefore(end);
            etcd.start();
            Thread.sleep(200);
            if (founded) {
                pass();
            }
        }
    }

    private void pass() {
        Set<String> admitted = etcd.admitted();
        etcd.apply(new EtcdSet.State.Founded(EtcdReplacement.admitted(records)));
        List<Member> members = etcd.members();
        EtcdSight sight = new EtcdSight(members, ask(members), admitted);
        assertNobodyForgets(sight);
        if (EtcdReplacement.asksEtcd(records, members)) {
            carryOut(EtcdReplacement.next(records, sight));
        }
    }

    private void carryOut(Act act) {
        URI other = etcd.client(0);
        switch (act) {
            case Act.Note(List<EtcdMember> next) -> records = next;
            case Act.Remove(String id) -> {
                membership.remove(other, id);
                done.add("remove");
            }
            case Act.Renew(String volume) -> {
                assertThat(etcd.volume(IT)).isEqualTo(volume);
                etcd.loseVolume(IT);
                done.add("renew");
            }
            case Act.Add(URI peer) -> add(other, peer);
            case Act.Restart _ -> {
                etcd.end(IT);
                done.add("restart");
            }
            case Act.Await _, Act.Nothing _ -> {}
        }
    }

    private void add(URI other, URI peer) {
        try {
            membership.add(other, peer);
            etcd.end(IT);
            done.add("add");
        } catch (EtcdException refused) {
            // The others have to be connected for five seconds.
            assertThat(refused).hasMessageContaining("unhealthy cluster");
        }
    }

    /** What an identity has acknowledged is on the volume that it began on. */
    private void assertNobodyForgets(EtcdSight sight) {
        for (Member member : sight.members()) {
            sight.answers().getOrDefault(member.name(), List.of()).stream()
                    .filter(member::is)
                    .forEach(
                            entry ->
                                    assertThat(
                                                    begun.computeIfAbsent(
                                                            entry.id(), _ -> volume(member)))
                                            .as("volume of %s", entry)
                                            .isEqualTo(volume(member)));
        }
    }

    private static String volume(Member member) {
        return member.volume().orElseThrow();
    }

    private Map<String, List<Entry>> ask(List<Member> members) {
        Map<String, List<Entry>> answers = new HashMap<>();
        for (int ordinal = 0; ordinal < members.size(); ordinal++) {
            if (members.get(ordinal).state() == State.SERVING) {
                answers.put(members.get(ordinal).name(), membership.list(etcd.client(ordinal)));
            }
        }
        return answers;
    }
}
