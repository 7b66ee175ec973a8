package io.lilio.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lilio.crd.cluster.EtcdMember;
import io.lilio.operator.admin.EtcdException;
import io.lilio.operator.admin.EtcdMembership.Entry;
import io.lilio.operator.admin.HttpEtcdMembership;
import io.lilio.operator.cluster.EtcdReplacement.Act;
import io.lilio.operator.cluster.EtcdSight.Member;
import io.lilio.operator.cluster.EtcdSight.State;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A member of a real etcd that has lost its data, replaced as the operator does it. */
@Timeout(200)
class RealEtcdTest {

    private final List<String> done = new ArrayList<>();
    private List<EtcdMember> records = List.of();
    private int lost;

    @Test
    void aMemberWithoutItsDataIsReplacedAndServesThemAgain(@TempDir Path directory)
            throws Exception {
        Optional<String> program = LoopbackEtcd.program();
        assumeTrue(
                program.isPresent() || System.getenv("CI") != null,
                "there is no etcd here; make test installs one");
        try (LoopbackEtcd etcd = new LoopbackEtcd(program.orElseThrow(), directory, 3);
                HttpEtcdMembership membership = new HttpEtcdMembership()) {
            until(etcd, membership, () -> records.size() == 3);
            etcd.founded();
            assertThat(etcd.ask(0, "kv/put", "{\"key\":\"a2V5\",\"value\":\"dmFsdWU=\"}"))
                    .contains("revision");

            String former = "";
            // Where another leader is elected meanwhile it serves without that: then once more.
            for (int i = 0; i < 4 && done.isEmpty(); i++) {
                lost = follower(etcd);
                former = id(lost);
                etcd.loseVolume(lost);
                until(etcd, membership, () -> isWhole(etcd));
            }

            assertThat(done).containsExactly("remove", "renew", "add");
            assertThat(records).noneMatch(EtcdMember::lost);
            assertThat(id(lost)).isNotEqualTo(former);
            assertThat(membership.list(etcd.client(lost)))
                    .extracting(Entry::id)
                    .containsExactlyInAnyOrderElementsOf(
                            records.stream().map(EtcdMember::id).toList());
            assertThat(etcd.ask(lost, "kv/range", "{\"key\":\"a2V5\"}")).contains("dmFsdWU=");
        }
    }

    private int follower(LoopbackEtcd etcd) {
        return IntStream.range(0, 3)
                .filter(ordinal -> !etcd.leads(ordinal, id(ordinal)))
                .findFirst()
                .orElseThrow();
    }

    private String id(int ordinal) {
        return Objects.requireNonNull(records.get(ordinal).id());
    }

    private boolean isWhole(LoopbackEtcd etcd) {
        return records.stream().noneMatch(EtcdMember::lost)
                && records.get(lost).volume().equals(etcd.volume(lost))
                && etcd.members().stream().allMatch(member -> member.state() == State.SERVING);
    }

    /** Something that is waited for. */
    private interface Goal {
        boolean isReached();
    }

    /** Passes, and kubelet between them. */
    private void until(LoopbackEtcd etcd, HttpEtcdMembership membership, Goal goal)
            throws Exception {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (!goal.isReached()) {
            assertThat(Instant.now())
                    .as("%s done, %s, %s", done, records, etcd.members())
                    .isBefore(end);
            etcd.start();
            Thread.sleep(200);
            pass(etcd, membership);
        }
    }

    private void pass(LoopbackEtcd etcd, HttpEtcdMembership membership) {
        List<Member> members = etcd.members();
        if (!EtcdReplacement.asksEtcd(records, members)) {
            return;
        }
        URI other = etcd.client(lost == 0 ? 1 : 0);
        switch (EtcdReplacement.next(records, sight(etcd, membership, members))) {
            case Act.Note(List<EtcdMember> next) -> records = next;
            case Act.Remove(String id) -> {
                membership.remove(other, id);
                done.add("remove");
            }
            case Act.Renew(String volume) -> {
                assertThat(etcd.volume(lost)).isEqualTo(volume);
                etcd.loseVolume(lost);
                done.add("renew");
            }
            case Act.Add(URI peer) -> {
                try {
                    membership.add(other, peer);
                    etcd.end(lost);
                    done.add("add");
                } catch (EtcdException refused) {
                    // The others have to be connected for five seconds.
                    assertThat(refused).hasMessageContaining("unhealthy cluster");
                }
            }
            case Act.Await _, Act.Nothing _ -> {}
        }
    }

    private static EtcdSight sight(
            LoopbackEtcd etcd, HttpEtcdMembership membership, List<Member> members) {
        Map<String, List<Entry>> answers = new HashMap<>();
        for (int ordinal = 0; ordinal < members.size(); ordinal++) {
            if (members.get(ordinal).state() == State.SERVING) {
                answers.put(members.get(ordinal).name(), membership.list(etcd.client(ordinal)));
            }
        }
        return new EtcdSight(members, answers);
    }
}
