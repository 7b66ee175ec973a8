package io.lilio.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.RingOperation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What goes before what (DESIGN §13, rule 2): repair, then what is cancelled or goes back, then
 * what is to be finished, then upgrades, scaling last. Each row has two reasons at least to do
 * something, in a cluster of five pods.
 */
class PlannerOrderTest {

    private static final UUID HEIR = new UUID(2, 2);
    private static final UUID OPERATION = new UUID(5, 99);
    private static final UUID FOREIGN = new UUID(7, 7);

    /**
     * A row of the table.
     *
     * @param name what is decided
     * @param world what is asked for and seen
     * @param running the operation under way
     * @param type of the operation that there is then; null for none
     * @param phase of it
     * @param steps that are taken in the same pass
     */
    record Row(
            String name,
            Consumer<World> world,
            Optional<Operation> running,
            Operation.@Nullable Type type,
            Operation.@Nullable Phase phase,
            List<Class<? extends Step>> steps) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Row begins(String name, Consumer<World> world, Operation.Type type) {
        Operation.Phase phase =
                switch (type) {
                    case RESTART -> Operation.Phase.RESTARTING;
                    case SHRINK -> Operation.Phase.SHRINKING;
                    default -> Operation.Phase.ASKING;
                };
        return new Row(name, world, Optional.empty(), type, phase, List.of());
    }

    private static Row runs(
            String name,
            Consumer<World> world,
            Operation running,
            Operation.Type type,
            Operation.Phase phase,
            List<Class<? extends Step>> steps) {
        return new Row(name, world, Optional.of(running), type, phase, steps);
    }

    private static Row ends(String name, Consumer<World> world, Operation running) {
        return new Row(name, world, Optional.of(running), null, null, List.of());
    }

    private static Operation operation(
            Operation.Type type, Operation.Phase phase, int ordinal, UUID... members) {
        return new Operation(
                OPERATION,
                type,
                phase,
                1,
                List.of(members),
                ordinal,
                ordinal < 0 ? "" : "uid-%d-v1".formatted(ordinal),
                World.NOW);
    }

    private static final Operation DRAIN =
            operation(Operation.Type.DRAIN, Operation.Phase.MOVING, 4, World.id(4));
    private static final Operation REPLACE =
            operation(Operation.Type.REPLACE, Operation.Phase.MOVING, 1, World.id(1));
    private static final Operation ADMIT =
            operation(Operation.Type.ADMIT, Operation.Phase.MOVING, -1, World.id(4));
    private static final Operation RESTART =
            operation(Operation.Type.RESTART, Operation.Phase.RESTARTING, 2);
    private static final Operation SHRINK =
            operation(Operation.Type.DRAIN, Operation.Phase.SHRINKING, 4, World.id(4));

    private static void lost(World world) {
        world.lost.add(World.id(3));
        world.silent.add(World.id(3));
    }

    private static void draining(World world) {
        world.member(4, "DRAINING").changing(DRAIN);
    }

    static final List<Row> ORDER =
            List.of(
                    // Repair goes before all else.
                    runs(
                            "a loss before a drain that is taken back",
                            world -> {
                                draining(world);
                                lost(world);
                            },
                            DRAIN,
                            Operation.Type.MARK_LOST,
                            Operation.Phase.ASKING,
                            List.of()),
                    runs(
                            "a loss before an upgrade that is halted",
                            world -> {
                                world.template = "bad";
                                world.stuck(2, "bad");
                                lost(world);
                            },
                            RESTART,
                            Operation.Type.MARK_LOST,
                            Operation.Phase.ASKING,
                            List.of()),
                    begins(
                            "a loss before somebody else's change",
                            world -> {
                                foreign(world);
                                lost(world);
                            },
                            Operation.Type.MARK_LOST),
                    // What is taken back goes before what is to be finished.
                    runs(
                            "a drain is taken back before an upgrade",
                            world -> {
                                draining(world);
                                world.template = "v2";
                            },
                            DRAIN,
                            Operation.Type.DRAIN,
                            Operation.Phase.CANCELLING,
                            List.of()),
                    runs(
                            "a replacement is taken back before a scale-down",
                            world -> {
                                world.member(1, "DRAINING").changing(REPLACE);
                                world.desired = 4;
                            },
                            REPLACE,
                            Operation.Type.REPLACE,
                            Operation.Phase.CANCELLING,
                            List.of()),
                    runs(
                            "a bad image goes back before a scale-down",
                            world -> {
                                world.stuck(2, "bad");
                                world.desired = 4;
                            },
                            RESTART,
                            Operation.Type.RESTART,
                            Operation.Phase.RESTARTING,
                            List.of()),
                    ends(
                            "a restart that is not wanted any more ends before a scale-down",
                            world -> world.desired = 4,
                            RESTART),
                    // What is begun is finished.
                    runs(
                            "a drain is finished before an upgrade",
                            world -> {
                                draining(world);
                                world.desired = 4;
                                world.template = "v2";
                            },
                            DRAIN,
                            Operation.Type.DRAIN,
                            Operation.Phase.MOVING,
                            List.of(Step.Move.class)),
                    runs(
                            "whoever is being admitted is, before an upgrade and a scale-up",
                            world -> {
                                world.changing(ADMIT);
                                world.desired = 6;
                                world.template = "v2";
                            },
                            ADMIT,
                            Operation.Type.ADMIT,
                            Operation.Phase.MOVING,
                            List.of(Step.Move.class)),
                    runs(
                            "a drained pod goes before an upgrade",
                            world -> {
                                world.member(4, "REMOVED");
                                world.desired = 4;
                                world.template = "v2";
                            },
                            SHRINK,
                            Operation.Type.DRAIN,
                            Operation.Phase.SHRINKING,
                            List.of(Step.Shrink.class)),
                    runs(
                            "a restart is finished before a scale-down",
                            world -> {
                                world.template = "v2";
                                world.desired = 4;
                            },
                            RESTART,
                            Operation.Type.RESTART,
                            Operation.Phase.RESTARTING,
                            List.of(Step.Evict.class)),
                    new Row(
                            "somebody else's change before an upgrade",
                            world -> {
                                foreign(world);
                                world.template = "v2";
                            },
                            Optional.empty(),
                            null,
                            null,
                            List.of(Step.Move.class)),
                    begins(
                            "an heir takes over before an upgrade",
                            world -> {
                                world.member(2, "LOST").member(HEIR, 2, "JOINING", false);
                                world.template = "v2";
                            },
                            Operation.Type.REPLACE),
                    begins(
                            "who returned is taken in before an upgrade",
                            world -> {
                                world.member(2, "RETURNED");
                                world.template = "v2";
                            },
                            Operation.Type.READMIT),
                    begins(
                            "a replacement before an upgrade",
                            world -> {
                                world.replace = Optional.of(World.id(1));
                                world.template = "v2";
                            },
                            Operation.Type.REPLACE),
                    begins(
                            "a tombstone before an upgrade",
                            world -> {
                                world.member(World.id(2), 2, "LOST", false);
                                world.template = "v2";
                            },
                            Operation.Type.REMOVE),
                    begins(
                            "who has joined is admitted before an upgrade",
                            world -> {
                                world.member(4, "JOINING");
                                world.template = "v2";
                            },
                            Operation.Type.ADMIT),
                    begins(
                            "a move to another machine before an upgrade",
                            world -> {
                                world.places.put("worker-1", new Place("worker-9", "zone-2"));
                                world.template = "v2";
                            },
                            Operation.Type.RELOCATE),
                    // Upgrades go before scaling.
                    begins(
                            "an upgrade before a scale-down",
                            world -> {
                                world.template = "v2";
                                world.desired = 4;
                            },
                            Operation.Type.RESTART),
                    begins(
                            "an upgrade before a scale-up",
                            world -> {
                                world.template = "v2";
                                world.desired = 6;
                            },
                            Operation.Type.RESTART),
                    // Scaling is last.
                    begins(
                            "a scale-down, which has a pod drained first",
                            world -> world.desired = 3,
                            Operation.Type.DRAIN),
                    begins(
                            "a scale-down of a pod that holds nothing",
                            world -> {
                                world.replicas = OptionalInt.of(6);
                                world.pod(5, true);
                            },
                            Operation.Type.SHRINK));

    private static void foreign(World world) {
        world.change = new RingOperation(FOREIGN, "REWEIGH", 1, List.of(World.id(1)));
    }

    @ParameterizedTest
    @FieldSource("ORDER")
    void reasonsToActHaveAnOrder(Row row) {
        World world = World.of(5);
        row.world().accept(world);
        Plan plan = row.running().map(world::plan).orElseGet(world::plan);
        assertThat(plan.operation().map(Operation::type))
                .isEqualTo(Optional.ofNullable(row.type()));
        assertThat(plan.operation().map(Operation::phase))
                .isEqualTo(Optional.ofNullable(row.phase()));
        assertThat(plan.steps()).hasSameSizeAs(row.steps());
        for (int i = 0; i < row.steps().size(); i++) {
            assertThat(plan.steps().get(i)).isInstanceOf(row.steps().get(i));
        }
        assertThat(plan.pods())
                .as("no pod is made or taken away meanwhile")
                .isEqualTo(world.size());
    }
}
