package io.lilio.operator.cluster;

import io.lilio.admin.api.RingApi;
import io.lilio.admin.api.RingChangeStatus;
import io.lilio.admin.api.RingCommand;
import io.lilio.admin.api.RingOperation;
import io.lilio.admin.api.RingPlace;
import io.lilio.admin.api.RingStatus;
import io.lilio.operator.admin.AdminApiException;
import io.lilio.operator.plan.Answers.Change;
import io.lilio.operator.plan.Operation;
import io.lilio.operator.plan.Place;
import io.lilio.operator.plan.Step.Relocation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks the ring for the change of an operation, or what became of it. A change is named by the
 * operation's id, and asking again under the same id answers with what there is, so nothing has to
 * be remembered between two passes.
 */
final class RingAsking {

    /** The epoch of no ring: a command that expects it is carried out by none. */
    private static final long NEVER = -1;

    private final RingApi ring;

    RingAsking(RingApi ring) {
        this.ring = ring;
    }

    /**
     * What became of an operation's command.
     *
     * <p>Where it is not under way the same command is sent again, for an epoch that no ring has:
     * one that the ring knows is answered, any other refused.
     *
     * @param now the ring as it is
     * @return empty when the ring knows of no such command
     */
    Optional<Change> whatBecameOf(Operation operation, RingStatus now) {
        @Nullable RingOperation running = now.operation();
        if (running != null && running.id().equals(operation.id())) {
            return Optional.of(new Change.UnderWay());
        }
        boolean asks =
                operation.phase() == Operation.Phase.ASKING
                        || operation.phase() == Operation.Phase.MOVING;
        if (!asks) {
            return Optional.empty();
        }
        Change answer = send(operation, List.of(), false, NEVER);
        return answer instanceof Change.Refused ? Optional.empty() : Optional.of(answer);
    }

    /**
     * Asks for an operation's change.
     *
     * @param acceptsDataLoss whether members are given up although no copy of something may remain
     */
    Change ask(Operation operation, List<Relocation> places, boolean acceptsDataLoss) {
        return send(operation, places, acceptsDataLoss, operation.epoch());
    }

    /**
     * Asks the ring to go back.
     *
     * @return false when it is refused: the ring has moved on
     */
    boolean cancel(UUID id, long epoch) {
        try {
            ring.cancel(command(id, epoch).build());
            return true;
        } catch (AdminApiException _) {
            return false;
        }
    }

    private Change send(
            Operation operation, List<Relocation> places, boolean acceptsDataLoss, long epoch) {
        try {
            return change(dispatch(operation, places, acceptsDataLoss, epoch));
        } catch (AdminApiException e) {
            // The ring knows the id, with places that were others then: it was carried out.
            return e.code().equals("OperationIdReused")
                    ? new Change.Ended(true)
                    : new Change.Refused(e.code(), String.valueOf(e.getMessage()));
        }
    }

    private static Change change(RingChangeStatus answer) {
        @Nullable String outcome = answer.outcome();
        return outcome == null ? new Change.UnderWay() : new Change.Ended(outcome.equals("DONE"));
    }

    private RingChangeStatus dispatch(
            Operation operation, List<Relocation> places, boolean acceptsDataLoss, long epoch) {
        Command command = command(operation.id(), epoch);
        List<UUID> members = operation.members();
        return switch (operation.type()) {
            case ADMIT -> ring.admit(command.admissions(places(members, places)).build());
            case RELOCATE -> ring.relocate(command.places(places(members, places)).build());
            case DRAIN -> ring.drain(command.members(members).build());
            case MARK_LOST ->
                    ring.markLost(command.members(members).accepting(acceptsDataLoss).build());
            case READMIT -> ring.readmit(command.members(members).build());
            case REMOVE -> ring.remove(command.members(members).build());
            case REPLACE ->
                    operation.renewsVolume()
                            ? ring.drain(command.members(members).build())
                            : ring.replace(
                                    command.replacing(
                                                    members.getFirst(),
                                                    places(members.subList(1, 2), places)
                                                            .getFirst())
                                            .build());
            case SHRINK, RESTART ->
                    throw new IllegalArgumentException(
                            operation.type() + " is nothing that the ring is asked for");
        };
    }

    private static List<RingPlace> places(List<UUID> members, List<Relocation> known) {
        Map<UUID, Place> places =
                known.stream().collect(Collectors.toMap(Relocation::member, Relocation::place));
        return members.stream().map(id -> place(id, places.get(id))).toList();
    }

    private static RingPlace place(UUID member, @Nullable Place place) {
        return place == null
                ? new RingPlace(member, null, null)
                : new RingPlace(member, place.host(), place.zone());
    }

    private static Command command(UUID id, long epoch) {
        return new Command(id, epoch, null, null, null, null, null, null);
    }

    /** A command under way to be one: each has a few of the fields. */
    private record Command(
            UUID id,
            long epoch,
            @Nullable List<UUID> whom,
            @Nullable List<RingPlace> admitted,
            @Nullable List<RingPlace> moved,
            @Nullable UUID old,
            @Nullable RingPlace replacement,
            @Nullable Boolean acceptDataLoss) {

        Command members(List<UUID> members) {
            return new Command(id, epoch, members, null, null, null, null, null);
        }

        Command accepting(boolean dataLoss) {
            return new Command(id, epoch, whom, null, null, null, null, dataLoss ? true : null);
        }

        Command admissions(List<RingPlace> places) {
            return new Command(id, epoch, null, places, null, null, null, null);
        }

        Command places(List<RingPlace> places) {
            return new Command(id, epoch, null, null, places, null, null, null);
        }

        Command replacing(UUID member, RingPlace by) {
            return new Command(id, epoch, null, null, null, member, by, null);
        }

        RingCommand build() {
            return new RingCommand(
                    id,
                    epoch,
                    whom,
                    admitted,
                    moved,
                    null,
                    null,
                    old,
                    replacement,
                    null,
                    acceptDataLoss);
        }
    }
}
