package io.lilio.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.RingOperation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the simulation found to wait for ever. */
class HaltedPlanTest {

    private final World world = World.of(3);

    @Test
    void aMemberThatAnnouncesItselfWhileItsPodIsAboutToGoIsRemovedFirst() {
        world.pod(3, true);
        world.replicas = OptionalInt.of(4);
        Operation shrink = world.plan().operation().orElseThrow();
        assertThat(shrink.type()).isEqualTo(Operation.Type.SHRINK);
        assertThat(world.plan(shrink).steps()).hasSize(1);
        UUID late = new UUID(2, 2);
        world.member(late, 3, "JOINING", false);
        assertThat(world.plan(shrink).operation()).isEmpty();
        Operation removal = world.plan().operation().orElseThrow();
        assertThat(removal.type()).isEqualTo(Operation.Type.REMOVE);
        assertThat(removal.members()).containsExactly(late);
    }

    @Test
    void whereNoPodServesThoseOfABadTemplateGoBackWithTheSpec() {
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            world.pod(ordinal, false, "bad");
        }
        world.reachable = false;
        assertThat(world.plan().steps())
                .containsExactly(
                        new Step.Evict("demo-0", "uid-0-bad"),
                        new Step.Evict("demo-1", "uid-1-bad"),
                        new Step.Evict("demo-2", "uid-2-bad"));
        world.pod(1, true, "bad");
        assertThat(world.plan().steps()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noOtherPodGetsABadImageThoughItFailsToo(boolean reachable) {
        Operation halted = halted(true, reachable);
        assertThat(world.plan(halted).steps()).isEmpty();
        world.template = World.TEMPLATE;
        world.pod(0, true).pod(1, true).reachable = true;
        Operation back = world.plan(halted).operation().orElseThrow();
        assertThat(world.plan(back).steps()).containsExactly(new Step.Evict("demo-2", "uid-2-bad"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noOtherPodGetsANewImageBeforeItIsKnownWhetherThatServes(boolean reachable) {
        assertThat(world.plan(halted(false, reachable)).steps()).isEmpty();
    }

    /** Pod 2 was restarted from a bad template, and others fail from the former one. */
    private Operation halted(boolean told, boolean reachable) {
        world.template = "bad";
        Operation restart = world.plan().operation().orElseThrow();
        assertThat(restart.ordinal()).isEqualTo(2);
        if (told) {
            world.stuck(2, "bad");
        } else {
            world.pod(2, false, "bad");
        }
        world.stuck(1, World.TEMPLATE);
        world.silent.addAll(List.of(World.id(1), World.id(2)));
        if (!reachable) {
            world.stuck(0, World.TEMPLATE).reachable = false;
        }
        return restart;
    }

    @Test
    void podsThatFailGetANewImageOneByOne() {
        world.template = "v2";
        world.stuck(1, World.TEMPLATE).stuck(2, World.TEMPLATE);
        world.silent.addAll(List.of(World.id(1), World.id(2)));
        Operation restart = world.plan().operation().orElseThrow();
        assertThat(world.plan(restart).steps())
                .containsExactly(new Step.Evict("demo-2", "uid-2-v1"));
        world.stuck(2, "v2");
        assertThat(world.plan().operation()).isEmpty();
        assertThat(world.plan().hold().map(Hold::reason)).contains(Hold.Reason.UNDER_REPLICATED);
        world.pod(2, true, "v2");
        assertThat(world.plan(restart).operation()).isEmpty();
        assertThat(world.plan().operation().orElseThrow().ordinal()).isEqualTo(1);
    }

    @Test
    void podsThatFailBesideAnotherOperationGetANewImageOneByOne() {
        World five = World.of(5);
        five.desired = 4;
        Operation drain = five.plan().operation().orElseThrow();
        five.member(4, "DRAINING").changing(drain);
        Operation moving = drain.in(Operation.Phase.MOVING);
        five.template = "v2";
        five.stuck(1, World.TEMPLATE).stuck(2, World.TEMPLATE);
        Step move = new Step.Move(drain.id());
        assertThat(five.plan(moving).steps())
                .containsExactly(move, new Step.Evict("demo-1", "uid-1-v1"));
        five.pods.removeIf(pod -> pod.ordinal() == 1);
        assertThat(five.plan(moving).steps()).containsExactly(move);
        five.pod(1, false, "v2");
        assertThat(five.plan(moving).steps()).containsExactly(move);
        five.old(1);
        assertThat(five.plan(moving).steps())
                .as("it waits for something, and cannot be waited for")
                .containsExactly(move, new Step.Evict("demo-2", "uid-2-v1"));
        five.stuck(1, "v2");
        assertThat(five.plan(moving).steps()).containsExactly(move);
        five.pod(1, true, "v2");
        assertThat(five.plan(moving).steps())
                .containsExactly(move, new Step.Evict("demo-2", "uid-2-v1"));
    }

    @Test
    void twoPodsOfABadTemplateDoNotWaitForEachOther() {
        world.pod(1, false, "bad").pod(2, false, "bad");
        world.silent.addAll(List.of(World.id(1), World.id(2)));
        Operation restart = world.plan().operation().orElseThrow();
        assertThat(restart.type()).isEqualTo(Operation.Type.RESTART);
        assertThat(world.plan(restart).steps())
                .containsExactly(new Step.Evict("demo-2", "uid-2-bad"));
    }

    @Test
    void aNewVolumeWhosePodCannotStartIsGivenUpWithItsTemplate() {
        World four = World.of(4);
        four.replace = Optional.of(World.id(1));
        Operation replacement = four.plan().operation().orElseThrow();
        Operation renewing = replacement.in(Operation.Phase.RENEWING);
        four.member(1, "REMOVED").pod(1, false, "bad");
        assertThat(four.plan(renewing).operation()).isEmpty();
        assertThat(four.plan().operation().orElseThrow().type()).isEqualTo(Operation.Type.RESTART);
    }

    @Test
    void aChangeOfSomebodyElseIsCarriedOutForWhoWaitsForIt() {
        world.template = "v2";
        Operation restart = world.plan().operation().orElseThrow();
        UUID foreign = new UUID(7, 7);
        world.unsettled = 5;
        world.change = new RingOperation(foreign, "REWEIGH", 1, List.of(World.id(1)));
        assertThat(world.plan(restart).steps()).containsExactly(new Step.Move(foreign));
    }

    @Test
    void aChangeOfSomebodyElseIsCarriedOutWhileAVolumeIsRenewedOrAPodGoes() {
        UUID foreign = new UUID(7, 7);
        World four = World.of(4);
        four.replace = Optional.of(World.id(1));
        Operation renewing = four.plan().operation().orElseThrow().in(Operation.Phase.RENEWING);
        four.member(1, "REMOVED");
        four.unsettled = 5;
        four.change = new RingOperation(foreign, "REWEIGH", 1, List.of(World.id(2)));
        assertThat(four.plan(renewing).steps()).containsExactly(new Step.Move(foreign));
        four.pods.removeIf(pod -> pod.ordinal() == 1);
        assertThat(four.plan(renewing).steps()).containsExactly(new Step.Move(foreign));
        world.replicas = OptionalInt.of(4);
        world.pod(3, true);
        Operation shrink = world.plan().operation().orElseThrow();
        world.change = four.change;
        assertThat(world.plan(shrink).steps()).contains(new Step.Move(foreign));
    }

    @Test
    void whoseMachineIsNotKnownKeepsNobodyElseFromBeingAdmitted() {
        World five = World.of(3);
        five.desired = 5;
        five.replicas = OptionalInt.of(5);
        five.pod(3, true).member(3, "JOINING").member(4, "JOINING");
        Operation admission = five.plan().operation().orElseThrow();
        assertThat(admission.type()).isEqualTo(Operation.Type.ADMIT);
        assertThat(admission.members()).containsExactly(World.id(3));
        five.member(3, "ACTIVE");
        assertThat(five.plan().hold().map(Hold::reason)).contains(Hold.Reason.TOPOLOGY_UNKNOWN);
        five.pod(4, true);
        five.places.remove("worker-4");
        five.template = "v2";
        assertThat(five.plan().operation().map(Operation::type)).contains(Operation.Type.RESTART);
    }

    @Test
    void whoLostItsVolumeBeforeItWasAdmittedKeepsNobodyFromBeingAdmitted() {
        World four = World.of(3);
        four.desired = 4;
        four.replicas = OptionalInt.of(4);
        UUID dead = new UUID(2, 1);
        UUID alive = new UUID(2, 2);
        four.pod(3, true).member(dead, 3, "JOINING", false).member(alive, 3, "JOINING", false);
        four.silent.add(dead);
        Operation removal = four.plan().operation().orElseThrow();
        assertThat(removal.type()).isEqualTo(Operation.Type.REMOVE);
        assertThat(removal.members()).containsExactly(dead);
        four.member(dead, 3, "REMOVED", false);
        Operation admission = four.plan().operation().orElseThrow();
        assertThat(admission.type()).isEqualTo(Operation.Type.ADMIT);
        assertThat(admission.members()).containsExactly(alive);
    }
}
