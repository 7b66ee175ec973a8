package io.lilio.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementTest {

    private static final int PARTITIONS = 512;

    @RepeatedTest(60)
    void replicasAreOnAsManyZonesHostsAndMembersAsThereAre(RepetitionInfo seed) {
        RandomGenerator random = Rings.seeded(seed.getCurrentRepetition());
        List<Member> members = randomTopology(random);
        int factor = random.nextInt(1, 7);
        var replication = replication(factor, Replication.Spread.ZONE);
        if (members.size() < replication.writeQuorum()) {
            return;
        }
        Ring ring = Ring.create(Partitioning.of(PARTITIONS), replication, members);

        Set<String> zones = members.stream().map(Member::zone).collect(Collectors.toSet());
        Set<String> hosts = members.stream().map(Member::host).collect(Collectors.toSet());
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<Member> at =
                    ring.table().members(partition).stream().map(id -> Rings.in(ring, id)).toList();
            assertThat(at).doesNotHaveDuplicates().hasSize(Math.min(factor, members.size()));
            assertThat(at.stream().map(Member::zone).distinct().count())
                    .as("zones of %s", at)
                    .isEqualTo(Math.min(factor, zones.size()));
            assertThat(at.stream().map(Member::host).distinct().count())
                    .as("hosts of %s", at)
                    .isEqualTo(Math.min(factor, hosts.size()));
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 3", "2, 4", "2, 5", "3, 4", "3, 5"})
    void zonesWithHostsEnoughShareTheReplicasEvenlyAllOnDistinctHosts(int zones, int factor) {
        RandomGenerator random = Rings.seeded(10L * zones + factor);
        List<Member> members = new ArrayList<>();
        for (int zone = 0; zone < zones; zone++) {
            for (int host = 0; host < 3 + zone; host++) {
                for (int backend = 0; backend < 2; backend++) {
                    members.add(Rings.member(random, "h" + zone + "-" + host, "z" + zone));
                }
            }
        }
        Ring ring =
                Ring.create(
                        Partitioning.of(PARTITIONS),
                        replication(factor, Replication.Spread.ZONE),
                        members);

        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<Member> at =
                    ring.table().members(partition).stream().map(id -> Rings.in(ring, id)).toList();
            assertThat(at.stream().map(Member::host)).hasSize(factor).doesNotHaveDuplicates();
            Map<String, Long> perZone =
                    at.stream().collect(Collectors.groupingBy(Member::zone, Collectors.counting()));
            assertThat(perZone).as("%s", at).hasSize(zones);
            assertThat(perZone.values())
                    .as("%s", at)
                    .allMatch(n -> n == factor / zones || n == (factor + zones - 1) / zones);
        }
    }

    @Test
    void aZoneOfOneHostGetsNoSecondReplicaWhileHostsOfAnotherZoneHaveNone() {
        RandomGenerator random = Rings.seeded(11);
        List<Member> members = new ArrayList<>();
        members.add(Rings.member(random, "only", "small"));
        members.add(Rings.member(random, "only", "small"));
        for (int host = 0; host < 3; host++) {
            members.add(Rings.member(random, "host-" + host, "large"));
        }
        Ring ring =
                Ring.create(
                        Partitioning.of(PARTITIONS),
                        replication(4, Replication.Spread.ZONE),
                        members);

        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(
                            ring.table().members(partition).stream()
                                    .map(id -> Rings.in(ring, id).host()))
                    .containsExactlyInAnyOrder("only", "host-0", "host-1", "host-2");
        }
    }

    @RepeatedTest(30)
    void withSpreadOverHostsAllReplicasAreOnDistinctHostsWhereEnoughExist(RepetitionInfo seed) {
        RandomGenerator random = Rings.seeded(seed.getCurrentRepetition());
        List<Member> members = randomTopology(random);
        Set<String> hosts = members.stream().map(Member::host).collect(Collectors.toSet());
        int factor = random.nextInt(1, Math.min(5, members.size()) + 1);
        Ring ring =
                Ring.create(
                        Partitioning.of(PARTITIONS),
                        replication(factor, Replication.Spread.HOST),
                        members);

        for (int partition = 0; partition < PARTITIONS; partition++) {
            long distinct =
                    ring.table().members(partition).stream()
                            .map(id -> Rings.in(ring, id).host())
                            .distinct()
                            .count();
            assertThat(distinct).isEqualTo(Math.min(factor, hosts.size()));
        }
    }

    @RepeatedTest(5)
    void withoutZonesSpreadingOverThemIsSpreadingOverHosts(RepetitionInfo seed) {
        RandomGenerator random = Rings.seeded(seed.getCurrentRepetition());
        List<Member> members =
                randomTopology(random).stream().map(PlacementTest::withoutZone).toList();
        int factor = Math.min(3, members.size());
        Ring zones =
                Ring.create(
                        Partitioning.of(PARTITIONS),
                        replication(factor, Replication.Spread.ZONE),
                        members);
        Ring hosts =
                Ring.create(
                        Partitioning.of(PARTITIONS),
                        replication(factor, Replication.Spread.HOST),
                        members);

        assertThat(zones.table()).isEqualTo(hosts.table());
    }

    private static Member withoutZone(Member member) {
        return new Member(
                member.id(),
                member.name(),
                member.node(),
                member.host(),
                "",
                member.weight(),
                member.state());
    }

    @RepeatedTest(20)
    void membersThatStayKeepTheirSlots(RepetitionInfo seed) {
        RandomGenerator random = Rings.seeded(seed.getCurrentRepetition());
        Ring ring =
                Ring.create(
                        Partitioning.of(PARTITIONS), Rings.THREE_TWO_TWO, Rings.alone(random, 6));
        for (int change = 0; change < 8; change++) {
            Ring before = ring;
            ring = changedAtRandom(ring, random);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                for (int slot = 0; slot < 3; slot++) {
                    Optional<MemberId> was = before.table().at(partition, slot);
                    if (was.isPresent() && ring.table().places(partition, was.get())) {
                        assertThat(ring.table().at(partition, slot)).isEqualTo(was);
                    }
                }
            }
        }
    }

    @Test
    void theOrderInWhichMembersAreListedChangesNothing() {
        RandomGenerator random = Rings.seeded(7);
        List<Member> members = Rings.alone(random, 8);
        List<Member> shuffled = new ArrayList<>(members);
        Collections.reverse(shuffled);

        assertThat(Rings.ring(shuffled).table()).isEqualTo(Rings.ring(members).table());
    }

    @Test
    void fewerMembersThanReplicasLeaveSlotsEmptyAndAReturningOneFillsThem() {
        RandomGenerator random = Rings.seeded(3);
        Ring two =
                Ring.create(
                        Partitioning.of(PARTITIONS), Rings.THREE_TWO_TWO, Rings.alone(random, 2));
        assertThat(two.slots(0, 1)).hasSize(2);

        Ring three = two.admit(Rings.member(random, "host-3", ""), BalanceTest.operation(random));

        assertThat(three.slots(0, 1)).hasSize(2);
        assertThat(three.slots(0, 2)).hasSize(3).containsAll(two.slots(0, 1));
    }

    @Test
    void fewerMembersThanAWriteNeedsAreRefused() {
        assertThatThrownBy(() -> Rings.ring(Rings.alone(Rings.seeded(1), 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 active members cannot keep 3 replicas");
    }

    @Test
    void onlyActiveMembersArePlaced() {
        List<Member> members = Rings.alone(Rings.seeded(5), 8);
        MemberState[] states = MemberState.values();
        for (int i = 0; i < states.length; i++) {
            members.set(i, members.get(i).withState(states[i]));
        }
        Ring ring = Rings.ring(members);

        Set<MemberId> placed = new HashSet<>(ring.table().members());
        assertThat(ring.members())
                .allSatisfy(
                        member ->
                                assertThat(placed.contains(member.id()))
                                        .isEqualTo(member.state() == MemberState.ACTIVE));
    }

    @Test
    void everyPositionOfARingOfCollisionsIsFoundByRehashing() {
        List<Member> members = Rings.alone(Rings.seeded(9), 4);
        // Without the retry suffix only 64 positions exist for all 600 virtual nodes.
        HashRing.Positions colliding =
                (member, node, retry) ->
                        retry == 0 ? (long) (node % 64) << 58 : mixed(member, node, retry);

        var ring = new HashRing(members, Partitioning.DEFAULT_VIRTUAL_NODES, colliding);
        assertThat(ring.size()).isEqualTo(4 * Partitioning.DEFAULT_VIRTUAL_NODES);

        PlacementTable table =
                Placement.compute(
                        members,
                        Partitioning.of(PARTITIONS),
                        Rings.THREE_TWO_TWO,
                        Optional.empty(),
                        (m, nodes) -> new HashRing(m, nodes, colliding));
        Collections.reverse(members);
        PlacementTable again =
                Placement.compute(
                        members,
                        Partitioning.of(PARTITIONS),
                        Rings.THREE_TWO_TWO,
                        Optional.empty(),
                        (m, nodes) -> new HashRing(m, nodes, colliding));
        assertThat(again).as("who wins a collision depends on nobody's order").isEqualTo(table);
    }

    private static long mixed(MemberId member, int node, int retry) {
        return (member.hashCode() * 31L + node * 1_000_003L + retry) * 0x9E3779B97F4A7C15L;
    }

    private static Replication replication(int factor, Replication.Spread spread) {
        int quorum = factor / 2 + 1;
        return new Replication(factor, quorum, quorum, spread, false);
    }

    private static List<Member> randomTopology(RandomGenerator random) {
        int zones = random.nextInt(1, 5);
        List<Member> members = new ArrayList<>();
        for (int zone = 0; zone < zones; zone++) {
            int hosts = random.nextInt(1, random.nextBoolean() ? 3 : 7);
            for (int host = 0; host < hosts; host++) {
                int backends = random.nextInt(1, 4);
                for (int backend = 0; backend < backends; backend++) {
                    members.add(Rings.member(random, "h" + zone + "-" + host, "z" + zone));
                }
            }
        }
        return members;
    }

    private static Ring changedAtRandom(Ring ring, RandomGenerator random) {
        List<Member> members = new ArrayList<>(ring.members());
        long active = members.stream().filter(m -> m.state().placeable()).count();
        if (active > 3 && random.nextBoolean()) {
            int at = random.nextInt(members.size());
            members.set(at, members.get(at).withState(MemberState.DRAINING));
        } else {
            members.add(Rings.member(random, "host-" + random.nextInt(1_000), ""));
        }
        return ring.withMembers(members, Optional.empty());
    }
}
