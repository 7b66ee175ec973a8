package io.lilio.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.RingOperation;
import io.lilio.admin.api.RingStatus.RingMember;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlannerTest {

    private final World world = World.of(3);

    @Test
    void aClusterThatIsAsItShouldBeIsLeftAlone() {
        assertThat(world.plan())
                .isEqualTo(new Plan(3, Optional.empty(), List.of(), Optional.empty()));
    }

    @Test
    void podsAreMadeBeforeAnybodyAnswers() {
        world.replicas = OptionalInt.empty();
        world.reachable = false;
        world.desired = 5;
        assertThat(world.plan().pods()).isEqualTo(5);
    }

    @Test
    void whatIsNotKnownIsAReasonToWait() {
        world.desired = 2;
        world.paused = true;
        assertHolds(world.plan(), Hold.Reason.PAUSED);
        world.paused = false;
        world.reachable = false;
        assertHolds(world.plan(), Hold.Reason.ADMIN_API_UNREACHABLE);
        world.reachable = true;
        world.metadataHealthy = false;
        assertHolds(world.plan(), Hold.Reason.METADATA_UNHEALTHY);
        world.metadataHealthy = true;
        world.braked = true;
        assertHolds(world.plan(), Hold.Reason.DELETION_BRAKE);
    }

    private static void assertHolds(Plan plan, Hold.Reason reason) {
        assertThat(plan.pods()).isEqualTo(3);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.operation()).isEmpty();
        assertThat(plan.hold().map(Hold::reason)).contains(reason);
    }

    @Test
    void podsComeThenAllOfThemAreAdmittedAtOnceWithTheirPlaces() {
        world.desired = 5;
        assertThat(world.plan().pods()).isEqualTo(5);
        world.replicas = OptionalInt.of(5);
        world.pod(3, true).member(3, "JOINING").pod(4, false);
        assertHold(world.plan(), Hold.Reason.PODS_NOT_READY);
        world.pod(4, true).member(4, "JOINING");
        Operation admission = begun(world.plan(), Operation.Type.ADMIT);
        assertThat(admission.members()).containsExactlyInAnyOrder(World.id(3), World.id(4));
        assertThat(world.plan(admission).steps()).hasOnlyElementsOfType(Step.Ask.class);
        world.changing(admission);
        Plan moving = world.plan(admission);
        assertThat(moving.steps()).containsExactly(new Step.Move(admission.id()));
        assertThat(moving.operation().map(Operation::phase)).contains(Operation.Phase.MOVING);
        world.ended(true).member(3, "ACTIVE").member(4, "ACTIVE");
        assertThat(world.plan(moving.operation().orElseThrow()).operation()).isEmpty();
    }

    @Test
    void whoIsNotToStayAnyMoreIsNotAdmittedWithTheOthers() {
        World five = World.of(5);
        five.member(3, "JOINING").member(4, "JOINING");
        Operation admission = begun(five.plan(), Operation.Type.ADMIT);
        five.desired = 4;
        assertThat(five.plan(admission))
                .isEqualTo(new Plan(5, Optional.empty(), List.of(), Optional.empty()));
        assertThat(begun(five.plan(), Operation.Type.REMOVE).members())
                .containsExactly(World.id(4));
        five.changing(admission);
        assertThat(five.plan(admission).steps()).containsExactly(new Step.Move(admission.id()));
    }

    @Test
    void moreThatAreAskedForWhileSomeJoinAreMadeAtOnce() {
        world.replicas = OptionalInt.of(4);
        world.pod(3, true).member(3, "JOINING");
        world.desired = 5;
        assertThat(world.plan().pods()).isEqualTo(5);
        assertThat(world.plan().operation()).isEmpty();
        world.replicas = OptionalInt.of(5);
        assertHold(world.plan(), Hold.Reason.PODS_NOT_READY);
    }

    @Test
    void nobodyIsAdmittedWhoseMachineIsNotKnown() {
        world.member(2, "JOINING");
        world.places.remove("worker-2");
        assertHold(world.plan(), Hold.Reason.TOPOLOGY_UNKNOWN);
    }

    @Test
    void aPodGoesOnlyWhenItsMembersWereRemoved() {
        world.desired = 3;
        World five = World.of(5);
        five.desired = 3;
        Operation drain = begun(five.plan(), Operation.Type.DRAIN);
        assertThat(drain.ordinal()).isEqualTo(4);
        assertThat(drain.members()).containsExactly(World.id(4));
        five.member(4, "DRAINING").changing(drain);
        Operation moving = five.plan(drain).operation().orElseThrow();
        assertThat(five.plan(moving).steps()).containsExactly(new Step.Move(drain.id()));
        five.ended(true).member(4, "REMOVED");
        Operation shrinking = five.plan(moving).operation().orElseThrow();
        assertThat(shrinking.phase()).isEqualTo(Operation.Phase.SHRINKING);
        Plan shrink = five.plan(shrinking);
        assertThat(shrink.pods()).isEqualTo(5);
        assertThat(shrink.steps()).containsExactly(new Step.Shrink(4, List.of(World.id(4))));
        five.replicas = OptionalInt.of(4);
        assertHold(five.plan(shrinking), Hold.Reason.PODS_NOT_READY);
        five.pods.removeIf(pod -> pod.ordinal() == 4);
        five.ownChange = Optional.empty();
        assertThat(five.plan(shrinking).operation()).isEmpty();
        assertThat(begun(five.plan(), Operation.Type.DRAIN).ordinal()).isEqualTo(3);
    }

    @Test
    void aScaleDownIsTakenBackWhileItIsUnderWay() {
        World four = World.of(4);
        four.desired = 3;
        Operation drain = begun(four.plan(), Operation.Type.DRAIN);
        four.member(3, "DRAINING").changing(drain);
        four.desired = 4;
        Operation cancelling = four.plan(drain).operation().orElseThrow();
        assertThat(cancelling.phase()).isEqualTo(Operation.Phase.CANCELLING);
        assertThat(four.plan(cancelling).steps())
                .containsExactly(new Step.Cancel(drain.cancellation(), 1));
        four.change = new RingOperation(drain.cancellation(), "CANCEL", 2, List.of());
        assertThat(four.plan(cancelling).steps())
                .containsExactly(new Step.Move(drain.cancellation()));
        four.change = null;
        four.unsettled = 0;
        four.member(3, "ACTIVE");
        assertThat(four.plan(cancelling).operation()).isEmpty();
    }

    @Test
    void whatWasNeverAskedForIsSimplyForgotten() {
        World four = World.of(4);
        four.desired = 3;
        Operation drain = begun(four.plan(), Operation.Type.DRAIN);
        four.desired = 4;
        assertThat(four.plan(drain).operation()).isEmpty();
    }

    @Test
    void aRefusalForLackOfRoomIsToldAndNothingGoes() {
        World four = World.of(4);
        four.desired = 3;
        Operation drain = begun(four.plan(), Operation.Type.DRAIN);
        four.ownChange =
                Optional.of(new Answers.Change.Refused("OverCapacity", "disk1 lacks 7 GiB"));
        Plan refused = four.plan(drain);
        assertThat(refused.operation()).isEmpty();
        assertThat(refused.pods()).isEqualTo(4);
        assertThat(refused.hold())
                .contains(new Hold(Hold.Reason.INSUFFICIENT_CAPACITY, "disk1 lacks 7 GiB"));
    }

    @Test
    void aLossSupersedesWhateverIsUnderWayButNotOfAMemberThatAnswers() {
        World four = World.of(4);
        four.desired = 3;
        Operation drain = begun(four.plan(), Operation.Type.DRAIN);
        four.member(3, "DRAINING").changing(drain);
        four.lost.add(World.id(1));
        assertThat(four.plan(drain).operation().map(Operation::type))
                .contains(Operation.Type.DRAIN);
        four.silent.add(World.id(1));
        Operation loss = begun(four.plan(drain), Operation.Type.MARK_LOST);
        assertThat(loss.members()).containsExactly(World.id(1));
    }

    @Test
    void aLossThatWasRefusedLatelySupersedesNothing() {
        World four = World.of(4);
        four.desired = 3;
        Operation drain = begun(four.plan(), Operation.Type.DRAIN);
        four.member(3, "DRAINING").changing(drain);
        four.lost.add(World.id(1));
        four.silent.add(World.id(1));
        four.refusals.add(
                new Refusal(
                        Operation.Type.MARK_LOST,
                        List.of(World.id(1)),
                        Optional.of(new Hold(Hold.Reason.DATA_LOSS, "no copy may remain"))));
        assertThat(four.plan(drain).operation().map(Operation::id)).contains(drain.id());
    }

    @Test
    void aDrainThatALossWasToSupersedeIsAnOperationAgainWhenTheLossIsRefused() {
        World five = World.of(5);
        five.desired = 4;
        Operation drain = begun(five.plan(), Operation.Type.DRAIN);
        five.member(4, "DRAINING").changing(drain);
        five.lost.add(World.id(1));
        five.silent.add(World.id(1));
        Operation loss = begun(five.plan(drain), Operation.Type.MARK_LOST);
        five.ownChange = Optional.of(new Answers.Change.Refused("DataLoss", "no copy may remain"));
        Plan refused = five.plan(loss);
        assertHold(refused, Hold.Reason.DATA_LOSS);
        Operation again = refused.operation().orElseThrow();
        assertThat(again.id()).isEqualTo(drain.id());
        assertThat(again.type()).isEqualTo(Operation.Type.DRAIN);
        assertThat(again.phase()).isEqualTo(Operation.Phase.MOVING);
        assertThat(again.members()).isEqualTo(drain.members());
        assertThat(again.ordinal()).isEqualTo(4);
        assertThat(again.pod()).isEqualTo("uid-4-v1");
        five.lost.clear();
        five.changing(drain);
        five.desired = 5;
        assertThat(five.plan(again).operation().map(Operation::phase))
                .contains(Operation.Phase.CANCELLING);
    }

    @Test
    void aReplacementThatALossWasToSupersedeGoesOnWhenTheLossIsRefused() {
        World four = World.of(4);
        four.replace = Optional.of(World.id(1));
        Operation replacement = begun(four.plan(), Operation.Type.REPLACE);
        four.member(1, "DRAINING").changing(replacement);
        four.change = new RingOperation(replacement.id(), "DRAIN", 1, List.of(World.id(1)));
        four.lost.add(World.id(2));
        four.silent.add(World.id(2));
        Operation loss = begun(four.plan(replacement), Operation.Type.MARK_LOST);
        four.ownChange = Optional.of(new Answers.Change.Refused("DataLoss", "no copy may remain"));
        Operation again = four.plan(loss).operation().orElseThrow();
        assertThat(again.id()).isEqualTo(replacement.id());
        assertThat(again.renewsVolume()).isTrue();
        assertThat(again.phase()).isEqualTo(Operation.Phase.MOVING);
        four.lost.clear();
        four.silent.clear();
        four.ended(true).member(1, "REMOVED");
        assertThat(four.plan(again).operation().map(Operation::phase))
                .contains(Operation.Phase.RENEWING);
    }

    @Test
    void aDrainThatAnAdministratorAskedForStaysHis() {
        World four = World.of(4);
        UUID theirs = new UUID(7, 7);
        four.member(1, "DRAINING").unsettled = 5;
        four.change = new RingOperation(theirs, "DRAIN", 1, List.of(World.id(1)));
        four.lost.add(World.id(2));
        four.silent.add(World.id(2));
        Operation loss = begun(four.plan(), Operation.Type.MARK_LOST);
        four.ownChange = Optional.of(new Answers.Change.Refused("DataLoss", "no copy may remain"));
        assertThat(four.plan(loss).operation()).isEmpty();
        assertHold(four.plan(loss), Hold.Reason.DATA_LOSS);
    }

    @Test
    void aReplacementThatALossSupersededStillGetsAnotherVolume() {
        World four = World.of(4);
        four.replace = Optional.of(World.id(1));
        four.member(1, "REMOVED");
        assertThat(four.plan().operation()).as("its node may just have begun anew").isEmpty();
        four.old(1);
        Operation renewing = begun(four.plan(), Operation.Type.REPLACE);
        assertThat(renewing.phase()).isEqualTo(Operation.Phase.RENEWING);
        assertThat(four.plan(renewing).steps())
                .containsExactly(new Step.Renew("demo-1", "uid-1-v1", World.id(1)));
        four.member(new UUID(2, 1), 1, "ACTIVE", true);
        assertThat(four.plan().operation()).as("it is done").isEmpty();
    }

    @Test
    void aMemberThatIsSilentSinceItsPodIsRestartedIsNotLost() {
        world.template = "v2";
        Operation restart = begun(world.plan(), Operation.Type.RESTART);
        world.pod(2, false, "v2").silent.add(World.id(2));
        world.lost.add(World.id(2));
        assertThat(world.plan(restart).operation()).contains(restart);
        world.pod(2, true, "v2");
        assertThat(world.plan(restart).operation()).as("it has just come back").contains(restart);
        UUID heir = new UUID(2, 2);
        world.member(heir, 2, "JOINING", false);
        assertThat(world.plan(restart).operation()).as("it has a new volume").isEmpty();
        world.members.removeIf(member -> member.id().equals(heir));
        world.old(2);
        assertThat(world.plan(restart).operation()).as("it has had its time").isEmpty();
        assertThat(begun(world.plan(), Operation.Type.MARK_LOST).members())
                .containsExactly(World.id(2));
    }

    @Test
    void anotherMemberIsLostThoughAPodIsBeingRestarted() {
        world.template = "v2";
        Operation restart = begun(world.plan(), Operation.Type.RESTART);
        world.pod(2, false, "v2").silent.add(World.id(1));
        world.lost.add(World.id(1));
        assertThat(begun(world.plan(restart), Operation.Type.MARK_LOST).members())
                .containsExactly(World.id(1));
    }

    @Test
    void aPodStaysWhoseMemberIsSaidToBeLostAndAnswers() {
        world.template = "v2";
        Operation restart = begun(world.plan(), Operation.Type.RESTART);
        world.lost.add(World.id(2));
        assertThat(world.plan().operation()).isEmpty();
        assertHold(world.plan(), Hold.Reason.MEMBER_ALIVE);
        assertThat(world.plan(restart).steps()).isEmpty();
        assertHold(world.plan(restart), Hold.Reason.MEMBER_ALIVE);
        world.lost.clear();
        assertThat(world.plan(restart).steps()).hasOnlyElementsOfType(Step.Evict.class);
    }

    @Test
    void aVolumeStaysWhileAMemberOfItsPodIsSaidToBeLostAndAnswers() {
        World four = World.of(4);
        four.replace = Optional.of(World.id(1));
        Operation renewing =
                begun(four.plan(), Operation.Type.REPLACE).in(Operation.Phase.RENEWING);
        four.lost.add(World.id(1));
        assertThat(four.plan().operation()).isEmpty();
        assertHold(four.plan(), Hold.Reason.MEMBER_ALIVE);
        UUID second = new UUID(3, 1);
        four.member(1, "REMOVED").member(second, 1, "ACTIVE", true);
        four.members.replaceAll(
                member ->
                        member.id().equals(second)
                                ? new RingMember(
                                        second,
                                        "disk2",
                                        "demo-1",
                                        "worker-1",
                                        "zone-1",
                                        1,
                                        "ACTIVE",
                                        0,
                                        true)
                                : member);
        four.lost.add(second);
        assertThat(four.plan(renewing).steps()).isEmpty();
        assertHold(four.plan(renewing), Hold.Reason.MEMBER_ALIVE);
        four.pods.removeIf(pod -> pod.ordinal() == 1);
        four.silent.add(second);
        assertThat(four.plan(renewing).operation()).contains(renewing);
    }

    @Test
    void whoComesInPlaceOfALostOneTakesOver() {
        UUID heir = new UUID(2, 2);
        world.member(2, "LOST").member(heir, 2, "JOINING", false);
        Operation replacement = begun(world.plan(), Operation.Type.REPLACE);
        assertThat(replacement.members()).containsExactly(World.id(2), heir);
        world.member(World.id(2), 2, "LOST", false).member(heir, 2, "ACTIVE", true);
        Operation removal = begun(world.plan(), Operation.Type.REMOVE);
        assertThat(removal.members()).containsExactly(World.id(2));
    }

    @Test
    void whoComesBackIsTakenIn() {
        world.member(2, "RETURNED");
        assertThat(begun(world.plan(), Operation.Type.READMIT).members())
                .containsExactly(World.id(2));
    }

    @Test
    void whoComesBackAndThenLosesItsVolumeIsRemovedWhenNobodyNeedsIt() {
        UUID former = new UUID(2, 2);
        UUID heir = new UUID(2, 3);
        world.member(2, "RETURNED").member(heir, 2, "ACTIVE", true);
        world.silent.add(World.id(2));
        assertThat(world.plan().operation()).isEmpty();
        world.member(World.id(2), 2, "RETURNED", false);
        assertThat(begun(world.plan(), Operation.Type.REMOVE).members())
                .containsExactly(World.id(2));
        world.member(former, 2, "JOINING", false).silent.add(former);
        assertThat(begun(world.plan(), Operation.Type.REMOVE).members())
                .containsExactly(World.id(2));
        world.silent.add(heir);
        assertThat(world.plan().operation()).isEmpty();
    }

    @Test
    void membersAreWhereTheirPodsRun() {
        world.places.put("worker-1", new Place("worker-9", "zone-2"));
        Operation relocation = begun(world.plan(), Operation.Type.RELOCATE);
        assertThat(world.plan(relocation).steps())
                .containsExactly(
                        new Step.Ask(
                                relocation,
                                List.of(
                                        new Step.Relocation(
                                                World.id(1), new Place("worker-9", "zone-2")))));
    }

    @Test
    void podsAreRestartedOneByOneAndOnlyWhileAllOthersAreWell() {
        world.template = "v2";
        Operation restart = begun(world.plan(), Operation.Type.RESTART);
        assertThat(restart.ordinal()).isEqualTo(2);
        assertThat(world.plan(restart).steps())
                .containsExactly(new Step.Evict("demo-2", "uid-2-v1"));
        world.pod(2, false, "v2");
        assertHold(world.plan(restart), Hold.Reason.PODS_NOT_READY);
        world.pod(2, true, "v2");
        assertThat(world.plan(restart).operation()).isEmpty();
        world.silent.add(World.id(2));
        assertHold(world.plan(), Hold.Reason.UNDER_REPLICATED);
        world.silent.clear();
        assertThat(begun(world.plan(), Operation.Type.RESTART).ordinal()).isEqualTo(1);
    }

    @Test
    void aPodIsRestartedOnlyWhenAllOthersReachEachOther() {
        world.template = "v2";
        Operation restart = begun(world.plan(), Operation.Type.RESTART);
        world.deaf.put("demo-0", Set.of(World.id(1)));
        assertWaits(
                restart, "node demo-0 does not reach member %s of demo-1".formatted(World.id(1)));
        world.deaf.clear();
        world.refusing.put("demo-1", Set.of(World.id(0)));
        assertWaits(
                restart, "node demo-1 does not reach member %s of demo-0".formatted(World.id(0)));
        world.refusing.clear();
        world.mute.add("demo-1");
        assertWaits(restart, "node demo-1 does not tell how it sees the others");
        world.mute.clear();
        world.deaf.put("demo-0", Set.of(World.id(2)));
        world.deaf.put("demo-2", Set.of(World.id(0), World.id(1)));
        world.mute.add("demo-2");
        assertThat(world.plan(restart).steps()).hasOnlyElementsOfType(Step.Evict.class);
    }

    @Test
    void whoDoesNotCountYetNeedNotBeReachedButReachesAllOthers() {
        world.template = "v2";
        Operation restart = begun(world.plan(), Operation.Type.RESTART);
        world.replicas = OptionalInt.of(4);
        world.pod(3, true, "v2").member(3, "JOINING");
        world.deaf.put("demo-0", Set.of(World.id(3)));
        assertThat(world.plan(restart).steps()).hasOnlyElementsOfType(Step.Evict.class);
        world.deaf.put("demo-3", Set.of(World.id(0)));
        assertWaits(
                restart, "node demo-3 does not reach member %s of demo-0".formatted(World.id(0)));
        world.deaf.remove("demo-3");
        world.member(3, "ACTIVE");
        assertWaits(
                restart, "node demo-0 does not reach member %s of demo-3".formatted(World.id(3)));
    }

    private void assertWaits(Operation restart, String why) {
        Plan plan = world.plan(restart);
        assertThat(plan.steps()).isEmpty();
        assertHold(plan, Hold.Reason.UNDER_REPLICATED);
        assertThat(plan.hold().orElseThrow().message()).contains(why);
    }

    @Test
    void whileAPodIsNotThereNoOtherIsRestarted() {
        world.template = "v2";
        world.pods.removeIf(pod -> pod.ordinal() == 0);
        assertHold(world.plan(), Hold.Reason.UNDER_REPLICATED);
        assertThat(world.plan().operation()).isEmpty();
    }

    @Test
    void aMemberThatIsToldTwiceIsOne() {
        world.members.add(world.members.getFirst());
        assertThat(world.plan().hold()).isEmpty();
    }

    @Test
    void aNodeThatHostsNothingAnyMoreBeginsAnewUnlessItHasJustBegun() {
        world.member(2, "REMOVED");
        assertThat(world.plan().operation()).isEmpty();
        world.old(2);
        Operation restart = begun(world.plan(), Operation.Type.RESTART);
        assertThat(restart.ordinal()).isEqualTo(2);
        assertThat(world.plan(restart).steps()).hasOnlyElementsOfType(Step.Evict.class);
    }

    @Test
    void aBadTemplateHaltsAtOnePodAndGoesBackWithTheSpec() {
        world.template = "bad";
        Operation restart = begun(world.plan(), Operation.Type.RESTART);
        world.pod(2, false, "bad");
        world.silent.add(World.id(2));
        assertThat(world.plan(restart).operation()).contains(restart);
        world.template = World.TEMPLATE;
        Operation back = begun(world.plan(restart), Operation.Type.RESTART);
        assertThat(back.ordinal()).isEqualTo(2);
        assertThat(world.plan(back).steps()).containsExactly(new Step.Evict("demo-2", "uid-2-bad"));
    }

    @Test
    void aPodThatCannotStartFromAFormerTemplateKeepsNoOperationWaiting() {
        World four = World.of(4);
        four.desired = 3;
        Operation drain = begun(four.plan(), Operation.Type.DRAIN);
        four.member(3, "DRAINING").changing(drain);
        Operation moving = four.plan(drain).operation().orElseThrow();
        four.stuck(1, "bad");
        four.silent.add(World.id(1));
        assertThat(four.plan(moving).steps())
                .containsExactly(new Step.Move(drain.id()), new Step.Evict("demo-1", "uid-1-bad"));
        four.stuck(1, World.TEMPLATE);
        assertThat(four.plan(moving).steps()).containsExactly(new Step.Move(drain.id()));
        four.pod(1, false, "bad");
        assertThat(four.plan(moving).steps()).containsExactly(new Step.Move(drain.id()));
    }

    @Test
    void aChangeOfSomebodyElseIsCarriedOutFirst() {
        UUID foreign = new UUID(7, 7);
        world.change = new RingOperation(foreign, "REWEIGH", 1, List.of(World.id(1)));
        world.desired = 5;
        Plan plan = world.plan();
        assertThat(plan.pods()).isEqualTo(3);
        assertThat(plan.steps()).containsExactly(new Step.Move(foreign));
        assertHold(plan, Hold.Reason.FOREIGN_CHANGE);
    }

    @Test
    void podsStayWhileSomethingLacksACopy() {
        world.template = "v2";
        world.usage = new MemberStatus.Usage(1, 1, 1, 0, null, true);
        assertHold(world.plan(), Hold.Reason.UNDER_REPLICATED);
        world.usage = new MemberStatus.Usage(1, 1, 1, 5, null, false);
        assertHold(world.plan(), Hold.Reason.UNDER_REPLICATED);
        world.usage = new MemberStatus.Usage(1, 1, 1, 5, World.NOW.minusSeconds(31), false);
        assertHold(world.plan(), Hold.Reason.UNDER_REPLICATED);
        world.usage = new MemberStatus.Usage(1, 1, 1, 5, World.NOW.minusSeconds(2), false);
        Operation restart = begun(world.plan(), Operation.Type.RESTART);
        world.usage = new MemberStatus.Usage(1, 1, 1, 0, null, true);
        Plan waiting = world.plan(restart);
        assertHold(waiting, Hold.Reason.UNDER_REPLICATED);
        assertThat(waiting.steps()).isEmpty();
    }

    @Test
    void aRestartThatTheSpecHasTakenBackIsForgotten() {
        world.template = "v2";
        Operation restart = begun(world.plan(), Operation.Type.RESTART);
        world.template = World.TEMPLATE;
        assertThat(world.plan(restart).operation()).isEmpty();
    }

    @Test
    void whatWasRefusedLatelyGivesWayToWhatComesAfterIt() {
        Hold why = new Hold(Hold.Reason.INSUFFICIENT_CAPACITY, "disk1 lacks 7 GiB");
        world.member(new UUID(3, 3), 2, "JOINING", false);
        world.refusals.add(
                new Refusal(Operation.Type.ADMIT, List.of(new UUID(3, 3)), Optional.of(why)));
        assertThat(world.plan().operation()).isEmpty();
        assertThat(world.plan().hold()).contains(why);
        world.template = "v2";
        begun(world.plan(), Operation.Type.RESTART);
    }

    @Test
    void aSickMemberGivesItsDataAwayThenItsVolumeIsRenewed() {
        World four = World.of(4);
        four.replace = Optional.of(World.id(1));
        Operation replacement = begun(four.plan(), Operation.Type.REPLACE);
        assertThat(replacement.ordinal()).isEqualTo(1);
        assertThat(four.plan(replacement).steps())
                .containsExactly(new Step.Ask(replacement, List.of()));
        four.member(1, "DRAINING").changing(replacement);
        Operation moving = four.plan(replacement).operation().orElseThrow();
        assertThat(four.plan(moving).steps()).containsExactly(new Step.Move(replacement.id()));
        four.ended(true).member(1, "REMOVED");
        Operation renewing = four.plan(moving).operation().orElseThrow();
        assertThat(renewing.phase()).isEqualTo(Operation.Phase.RENEWING);
        four.ownChange = Optional.empty();
        assertThat(four.plan(renewing).steps())
                .containsExactly(new Step.Renew("demo-1", "uid-1-v1", World.id(1)));
        four.silent.add(World.id(2));
        assertHold(four.plan(renewing), Hold.Reason.UNDER_REPLICATED);
        four.silent.clear();
        four.pods.removeIf(pod -> pod.ordinal() == 1);
        assertHold(four.plan(renewing), Hold.Reason.PODS_NOT_READY);
        four.pod(1, false, "v2");
        assertThat(four.plan(renewing).operation()).isEmpty();
        four.template = "v2";
        assertHold(four.plan(renewing), Hold.Reason.PODS_NOT_READY);
        four.desired = 1;
        assertThat(four.plan(renewing).operation()).as("its pod is to go").isEmpty();
        four.desired = 4;
        four.replace = Optional.empty();
        assertThat(four.plan(renewing).operation()).as("it is taken back").isEmpty();
        four.replace = Optional.of(World.id(1));
        four.template = World.TEMPLATE;
        UUID heir = new UUID(2, 1);
        four.member(heir, 1, "JOINING", false);
        assertThat(four.plan(renewing).operation()).isEmpty();
        four.pod(1, true);
        assertThat(begun(four.plan(), Operation.Type.ADMIT).members()).containsExactly(heir);
    }

    @Test
    void aReplacementIsTakenBackWithItsAnnotation() {
        World four = World.of(4);
        four.replace = Optional.of(World.id(1));
        Operation replacement = begun(four.plan(), Operation.Type.REPLACE);
        four.member(1, "DRAINING").changing(replacement);
        four.replace = Optional.empty();
        assertThat(four.plan(replacement).operation().map(Operation::phase))
                .contains(Operation.Phase.CANCELLING);
    }

    @Test
    void aLostMemberIsReplacedOnAnotherVolumeAndTakenOver() {
        world.member(2, "LOST");
        world.replace = Optional.of(World.id(2));
        Operation replacement = begun(world.plan(), Operation.Type.REPLACE);
        assertThat(replacement.phase()).isEqualTo(Operation.Phase.RENEWING);
        UUID heir = new UUID(2, 2);
        world.member(heir, 2, "JOINING", false);
        assertThat(world.plan(replacement).operation()).isEmpty();
        assertThat(begun(world.plan(), Operation.Type.REPLACE).members())
                .containsExactly(World.id(2), heir);
    }

    @Test
    void twoWhoseMachinesAreGoneDoNotWaitForEachOther() {
        World lost = World.of(5);
        lost.pod(3, false).member(3, "LOST");
        lost.pod(4, false).member(4, "LOST");
        lost.replace = Optional.of(World.id(3));
        Operation replacement = begun(lost.plan(), Operation.Type.REPLACE);
        assertThat(lost.plan(replacement).steps())
                .containsExactly(new Step.Renew("demo-3", "uid-3-v1", World.id(3)));
    }

    @Test
    void aMemberThatReturnsKeepsItsVolume() {
        world.member(2, "LOST");
        world.replace = Optional.of(World.id(2));
        Operation replacement = begun(world.plan(), Operation.Type.REPLACE);
        world.member(2, "RETURNED");
        assertThat(world.plan(replacement).operation()).isEmpty();
    }

    private static void assertHold(Plan plan, Hold.Reason reason) {
        assertThat(plan.hold().map(Hold::reason)).contains(reason);
    }

    /** What a plan begins: it is named, and nothing is done for it yet. */
    private static Operation begun(Plan plan, Operation.Type type) {
        assertThat(plan.operation().map(Operation::type)).contains(type);
        assertThat(plan.steps()).isEmpty();
        return plan.operation().orElseThrow();
    }
}
