package io.lilio.catalog.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.ring.RingCommandRefused.Reason;
import io.lilio.placement.EndedOperation.Outcome;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.PlacementTable;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What can be asked of a ring of three members and a fourth that has announced itself. */
class RingCommandsTest extends RingCommandsFixture {

    @Test
    void whoAnnouncesItselfJoinsAndChangesNoTable() {
        Ring ring = commands.announce(member(5));
        assertThat(states(ring, 5)).containsExactly(MemberState.JOINING);
        assertThat(ring.epoch()).isEqualTo(1);
        assertThat(commands.announce(member(5))).isEqualTo(ring);
        assertThat(commands.announce(member(1))).as("known and active").isEqualTo(ring);
        assertThat(store.openEpochs()).containsExactly(1L);
    }

    @Test
    void whoIsAdmittedTakesPartitionsWhereItIsSaidToBe() {
        RingChange change =
                commands.admit(
                        intent(),
                        List.of(new MemberPlace(id(4), Optional.of("host-x"), Optional.of("z"))));
        Member four = change.ring().member(id(4)).orElseThrow();
        assertThat(four.state()).isEqualTo(MemberState.ACTIVE);
        assertThat(four.host()).isEqualTo("host-x");
        assertThat(four.zone()).isEqualTo("z");
        assertThat(change.ring().epoch()).isEqualTo(2);
        assertThat(change.ring().table().partitionsOf(id(4))).isBetween(30, 66);
        assertThat(change.outcome()).isEmpty();
        assertThat(change.operation().type()).isEqualTo(RingOperation.Type.ADMIT);
        assertThat(change.operation().targets()).containsExactly(id(4));
        assertThat(store.openEpochs()).containsExactly(1L, 2L);
    }

    @Test
    void askingAgainUnderTheSameIdChangesNothingAndTellsHowItStands() {
        Intent intent = intent();
        RingChange first = commands.admit(intent, List.of(MemberPlace.of(id(4))));
        assertThat(commands.admit(intent, List.of(MemberPlace.of(id(4))))).isEqualTo(first);
        end();
        RingChange later = commands.admit(intent, List.of(MemberPlace.of(id(4))));
        assertThat(later.outcome()).contains(Outcome.DONE);
        assertThat(later.ring().epoch()).isEqualTo(2);
        refused(Reason.OPERATION_ID_REUSED, () -> commands.drain(intent, List.of(id(4))));
    }

    @Test
    void laterOperationsHaveGreaterTokens() {
        long first = admit(4).operation().token();
        end();
        assertThat(drain(4).operation().token()).isGreaterThan(first);
    }

    /** Before an upgrade operations were stored without their arguments. */
    @Test
    void askingAgainAcrossAnUpgradeIsARepetition() {
        Intent admission = intent();
        admit(admission, 4);
        withoutArguments();
        assertThat(admit(admission, 4).outcome()).isEmpty();
        refused(Reason.OPERATION_ID_REUSED, () -> commands.drain(admission, List.of(id(4))));
        end();
        assertThat(admit(admission, 4).outcome()).contains(Outcome.DONE);
    }

    private void withoutArguments() {
        Ring ring = ring();
        RingOperation now = ring.operation().orElseThrow();
        assertThat(now.arguments()).isNotEmpty();
        var before =
                new RingOperation(
                        now.id(),
                        now.type(),
                        now.token(),
                        now.targets(),
                        now.before(),
                        now.returning(),
                        "");
        replace(
                ring,
                new Ring(
                        ring.revision(),
                        ring.partitioning(),
                        ring.replication(),
                        ring.members(),
                        ring.tables(),
                        Optional.of(before),
                        ring.ended(),
                        ring.featureLevel()));
    }

    @Test
    void theSameIdWithOtherArgumentsIsNoRepetition() {
        Intent admission = intent();
        commands.admit(admission, List.of(placed(4, "host-a", "zone-a")));
        commands.admit(admission, List.of(placed(4, "host-a", "zone-a")));
        refused(
                Reason.OPERATION_ID_REUSED,
                () -> commands.admit(admission, List.of(placed(4, "host-a", "zone-b"))));
        refused(Reason.OPERATION_ID_REUSED, () -> admit(admission, 4));
        end();
        Intent reweighing = intent();
        commands.reweigh(reweighing, id(1), 2);
        refused(Reason.OPERATION_ID_REUSED, () -> commands.reweigh(reweighing, id(1), 7));
        end();
        assertThat(commands.reweigh(reweighing, id(1), 2).outcome()).contains(Outcome.DONE);
        refused(Reason.OPERATION_ID_REUSED, () -> commands.reweigh(reweighing, id(1), 7));
        commands.announce(member(5));
        commands.announce(member(6));
        Intent replacement = intent();
        commands.replace(replacement, id(2), MemberPlace.of(id(5)));
        refused(
                Reason.OPERATION_ID_REUSED,
                () -> commands.replace(replacement, id(2), placed(5, "host-a", "zone-a")));
    }

    private static MemberPlace placed(int number, String host, String zone) {
        return placed(id(number), host, zone);
    }

    private static MemberPlace placed(MemberId member, String host, String zone) {
        return new MemberPlace(member, Optional.of(host), Optional.of(zone));
    }

    @Test
    void aRingThatHasMovedOnIsLookedAtAgainFirst() {
        Intent stale = intent();
        admit(4);
        end();
        RingCommandRefused refused =
                refused(Reason.STALE_EPOCH, () -> commands.drain(stale, List.of(id(1))));
        assertThat(refused).hasMessageContaining("epoch 2, not 1");
    }

    @Test
    void whoIsNotKnownOrNotInTheRightStateIsNamed() {
        for (ThrowingCallable unknown : everythingAbout(id(99))) {
            RingCommandRefused refused = refused(Reason.UNKNOWN_MEMBER, unknown);
            assertThat(refused).hasMessageContaining(id(99).toString());
        }
        for (MemberState state : MemberState.values()) {
            put(4, state);
            assertThat(legalWith(id(4)))
                    .as("what can be asked about a member that is %s", state)
                    .isEqualTo(
                            switch (state) {
                                case JOINING ->
                                        EnumSet.of(
                                                RingOperation.Type.ADMIT,
                                                RingOperation.Type.MARK_LOST,
                                                RingOperation.Type.REMOVE);
                                case ACTIVE ->
                                        EnumSet.of(
                                                RingOperation.Type.DRAIN,
                                                RingOperation.Type.MARK_LOST,
                                                RingOperation.Type.REWEIGH,
                                                RingOperation.Type.RELOCATE);
                                case DRAINING ->
                                        EnumSet.of(
                                                RingOperation.Type.MARK_LOST,
                                                RingOperation.Type.REMOVE);
                                case REMOVED -> EnumSet.noneOf(RingOperation.Type.class);
                                case LOST -> EnumSet.of(RingOperation.Type.REMOVE);
                                case RETURNED ->
                                        EnumSet.of(
                                                RingOperation.Type.MARK_LOST,
                                                RingOperation.Type.READMIT,
                                                RingOperation.Type.REMOVE);
                            });
        }
    }

    @Test
    void oneChangeIsUnderWayAtATime() {
        Intent running = intent();
        commands.admit(running, List.of(MemberPlace.of(id(4))));
        for (ThrowingCallable other :
                List.<ThrowingCallable>of(
                        () -> drain(1),
                        () -> admit(4),
                        () -> commands.reweigh(intent(), id(1), 2),
                        () -> commands.readmit(intent(), List.of(id(1))))) {
            RingCommandRefused refused = refused(Reason.OPERATION_RUNNING, other);
            assertThat(refused).hasMessageContaining(running.operationId().toString());
        }
    }

    @Test
    void ofTwoAtOnceOneIsRefused() throws Exception {
        commands.announce(member(5));
        Intent one = intent();
        Intent other = intent();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> both = new ArrayList<>();
            both.add(threads.submit(outcome(() -> admit(one, 4))));
            both.add(threads.submit(outcome(() -> admit(other, 5))));
            List<String> outcomes = new ArrayList<>();
            for (Future<String> each : both) {
                outcomes.add(each.get());
            }
            assertThat(outcomes).contains("done").hasSize(2);
            assertThat(outcomes.stream().filter("done"::equals).count()).isOne();
        }
        assertThat(ring().epoch()).isEqualTo(2);
    }

    private static Callable<String> outcome(Callable<RingChange> command) {
        return () -> {
            try {
                command.call();
                return "done";
            } catch (RingCommandRefused e) {
                return e.reason().toString();
            }
        };
    }

    @Test
    void fewerActiveMembersThanReplicasAreLegalAsLongAsAWriteQuorumIs() {
        RingChange drained = drain(3);
        assertThat(drained.ring().table().members()).containsExactlyInAnyOrder(id(1), id(2));
        end();
        RingCommandRefused refused = refused(Reason.TOO_FEW_SLOTS, () -> drain(2));
        assertThat(refused).hasMessageContaining("64 partitions").hasMessageContaining("needs");
    }

    @Test
    void aPartitionKeepsAWriteQuorumWithinReach() {
        admit(4);
        end();
        backends.away.addAll(List.of(id(1), id(2)));
        refused(Reason.TOO_FEW_SLOTS, () -> drain(3));
        backends.away.remove(id(1));
        drain(3);
    }

    @Test
    void whoGetsMoreThanItHasRoomForIsNamedUnlessThatIsIgnored() {
        admit(4);
        end();
        backends.spaces.put(id(2), new MemberSpace(6_400, 500));
        RingCommandRefused refused = refused(Reason.OVER_CAPACITY, () -> drain(3));
        assertThat(refused)
                .hasMessageContaining(id(2).toString())
                .hasMessageMatching(".*about [0-9]+ bytes, and has room for 500 .*")
                .hasMessageEndingWith("it lacks %d bytes".formatted(needed(refused) - 500));
        backends.spaces.remove(id(2));
        assertThat(refused(Reason.CAPACITY_UNKNOWN, () -> drain(3)))
                .hasMessageContaining(id(2).toString());
        assertThat(ring().epoch()).isEqualTo(2);
        commands.drain(intent().ignoringCapacity(), List.of(id(3)));
    }

    private static long needed(RingCommandRefused refused) {
        Matcher need = Pattern.compile("about ([0-9]+) bytes").matcher(refused.getMessage());
        assertThat(need.find()).isTrue();
        return Long.parseLong(need.group(1));
    }

    @Test
    void aWeightIsWithinItsBounds() {
        for (int weight : new int[] {0, -1, Member.MAX_WEIGHT + 1}) {
            refused(Reason.BAD_ARGUMENT, () -> commands.reweigh(intent(), id(1), weight));
        }
        admit(4);
        end();
        int before = ring().table().partitionsOf(id(4));
        commands.reweigh(intent(), id(4), 3);
        assertThat(ring().table().partitionsOf(id(4))).isGreaterThan(before);
        refused(Reason.BAD_ARGUMENT, () -> commands.drain(intent(), List.of()));
    }

    @Test
    void replicasThatAreFoundToShareAMachineMoveApart() {
        admit(4);
        end();
        Ring before = ring();
        assertThat(shared(before.table())).isPositive();
        RingChange apart =
                commands.relocate(
                        intent(), List.of(placed(1, "host-a", "a"), placed(2, "host-a", "a")));
        assertThat(apart.ring().member(id(1)).map(Member::host)).contains("host-a");
        assertThat(apart.ring().epoch()).isEqualTo(3);
        assertThat(shared(apart.ring().table())).isZero();
        assertThat(commands.cancel(intent()).ring().members()).isEqualTo(before.members());
        end();
        refused(
                Reason.BAD_ARGUMENT,
                () ->
                        commands.relocate(
                                intent(), List.of(placed(1, "a", "a"), placed(1, "b", "b"))));
    }

    /** Partitions that the first two members hold both. */
    private static long shared(PlacementTable table) {
        return IntStream.range(0, table.partitions())
                .filter(partition -> table.places(partition, id(1)))
                .filter(partition -> table.places(partition, id(2)))
                .count();
    }

    @Test
    void theRingRemembersABoundedNumberOfChanges() {
        for (int i = 0; i < Ring.REMEMBERED + 5; i++) {
            commands.reweigh(intent(), id(1), 1 + i % 2);
            end();
        }
        assertThat(ring().ended()).hasSize(Ring.REMEMBERED);
    }

    private List<ThrowingCallable> everythingAbout(MemberId id) {
        return List.of(
                () -> commands.admit(intent(), List.of(MemberPlace.of(id))),
                () -> commands.drain(intent(), List.of(id)),
                () -> commands.markLost(intent(), List.of(id), false),
                () -> commands.replace(intent(), id, MemberPlace.of(id(4))),
                () -> commands.replace(intent(), id(1), MemberPlace.of(id)),
                () -> commands.reweigh(intent(), id, 2),
                () -> commands.relocate(intent(), List.of(placed(id, "host-a", "zone-a"))),
                () -> commands.readmit(intent(), List.of(id)),
                () -> commands.remove(intent(), List.of(id)));
    }

    /** What is not refused for the member's state; each is undone. */
    private Set<RingOperation.Type> legalWith(MemberId id) {
        Map<RingOperation.Type, ThrowingCallable> all =
                Map.of(
                        RingOperation.Type.ADMIT,
                                () -> commands.admit(intent(), List.of(MemberPlace.of(id))),
                        RingOperation.Type.DRAIN, () -> commands.drain(intent(), List.of(id)),
                        RingOperation.Type.MARK_LOST,
                                () -> commands.markLost(intent(), List.of(id), false),
                        RingOperation.Type.REWEIGH, () -> commands.reweigh(intent(), id, 2),
                        RingOperation.Type.RELOCATE,
                                () ->
                                        commands.relocate(
                                                intent(), List.of(placed(id, "host-a", "zone-a"))),
                        RingOperation.Type.READMIT, () -> commands.readmit(intent(), List.of(id)),
                        RingOperation.Type.REMOVE, () -> commands.remove(intent(), List.of(id)));
        Set<RingOperation.Type> legal = EnumSet.noneOf(RingOperation.Type.class);
        all.forEach(
                (type, command) -> {
                    Ring before = ring();
                    try {
                        command.call();
                        legal.add(type);
                        Ring undone = ring();
                        replace(undone, before.atRevision(undone.revision()));
                    } catch (RingCommandRefused e) {
                        assertThat(e.reason()).isEqualTo(Reason.WRONG_STATE);
                    } catch (Throwable e) {
                        throw new AssertionError(e);
                    }
                });
        return legal;
    }

    /** The member is in that state, and in the table if it is ACTIVE. */
    private void put(int number, MemberState state) {
        Ring ring = ring();
        List<Member> members = new ArrayList<>(ring.members());
        members.replaceAll(m -> m.id().equals(id(number)) ? m.withState(state) : m);
        Ring next = ring.withMembers(members, Optional.empty());
        replace(ring, next);
        settleAll();
    }
}
