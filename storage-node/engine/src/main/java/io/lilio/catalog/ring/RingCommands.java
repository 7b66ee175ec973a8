package io.lilio.catalog.ring;

import io.lilio.catalog.ring.RingCommandRefused.Reason;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.placement.Endangered;
import io.lilio.placement.EndedOperation;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import io.lilio.placement.RingView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the ring can be asked for (DESIGN §5). Each command is validated against the ring document
 * as it is stored and made by compare-and-set on it, so of two at once one is refused. A change
 * begins here; movers carry it out and end it ({@code maintenance.move}). One is under way at a
 * time, except that losing a member supersedes whatever is, and that it can be cancelled.
 *
 * <p>Asking again under the same operation id changes nothing and answers with the change, as long
 * as the ring remembers it ({@link Ring#REMEMBERED}).
 *
 * <p>Thread-safe. Every command may throw {@link RingCommandRefused}, when nothing has changed, and
 * {@link MetadataUnavailableException}, also when it is not known whether the ring was changed: ask
 * again under the same id.
 */
public final class RingCommands {

    private final RingStore store;
    private final RingBackends backends;

    public RingCommands(RingStore store, RingBackends backends) {
        this.store = store;
        this.backends = backends;
    }

    /** What a command makes of the ring. */
    private interface Plan {
        List<Member> members(Ring ring);
    }

    /** A command: who asks, for what, about whom, and how ({@link ArgumentDigest}). */
    private record Command(
            Intent intent, RingOperation.Type type, List<MemberId> targets, String arguments) {
        Command(Intent intent, RingOperation.Type type, Collection<MemberId> targets) {
            this(intent, type, targets, "");
        }

        Command(
                Intent intent,
                RingOperation.Type type,
                Collection<MemberId> targets,
                String arguments) {
            this(intent, type, targets.stream().distinct().sorted().toList(), arguments);
            if (this.targets.isEmpty() && type != RingOperation.Type.CANCEL) {
                throw new RingCommandRefused(Reason.BAD_ARGUMENT, "no member is named");
            }
        }
    }

    /** As {@link Announcements#announce}. */
    public Ring announce(Member member) {
        return new Announcements(store).announce(member);
    }

    /** JOINING members become ACTIVE: they take their share of all partitions. */
    public RingChange admit(Intent intent, List<MemberPlace> admissions) {
        List<MemberId> targets = admissions.stream().map(MemberPlace::member).toList();
        var command =
                new Command(
                        intent, RingOperation.Type.ADMIT, targets, ArgumentDigest.of(admissions));
        return change(command, ring -> MemberChanges.admit(ring, admissions));
    }

    /** ACTIVE members become DRAINING, and REMOVED once they hold nothing that is needed. */
    public RingChange drain(Intent intent, Collection<MemberId> members) {
        var command = new Command(intent, RingOperation.Type.DRAIN, members);
        return change(command, ring -> MemberChanges.drain(ring, command.targets()));
    }

    /**
     * Goes back to the members before the change under way, which is another change. Those that it
     * admitted are drained and JOINING again; those that were removed meanwhile stay removed.
     */
    public RingChange cancel(Intent intent) {
        var command = new Command(intent, RingOperation.Type.CANCEL, List.of());
        return change(command, MemberChanges::cancel);
    }

    /**
     * Members are acknowledged as gone for good: nobody waits for them any more, and others take
     * over what they held. Supersedes the change under way. Those that lost chunks themselves, and
     * were not filled again since, or do not answer, are not taken for holders of what the lost
     * ones held.
     *
     * @param acceptDataLoss whether that is done even where no copy of some chunk may remain
     */
    public RingChange markLost(
            Intent intent, Collection<MemberId> members, boolean acceptDataLoss) {
        var command = new Command(intent, RingOperation.Type.MARK_LOST, members);
        return apply(
                command,
                view -> {
                    List<Member> next = MemberChanges.lose(view.ring(), command.targets());
                    RingChecks.requireActive(view.ring(), next);
                    if (!acceptDataLoss) {
                        RingChecks.requireNoLoss(view, next, backends);
                    }
                    return begin(view.ring(), next, command, EndedOperation.Outcome.SUPERSEDED);
                });
    }

    /**
     * Of which chunks no copy may remain if members were lost, by what the others tell now. Changes
     * nothing.
     *
     * @param members those among them that are LOST are taken as they are
     */
    public Endangered endangeredBy(Collection<MemberId> members) {
        RingView view = load();
        List<MemberId> toLose =
                members.stream()
                        .filter(id -> view.ring().member(id).filter(RingCommands::isLost).isEmpty())
                        .toList();
        List<Member> next = MemberChanges.lose(view.ring(), toLose);
        return new Endangered(view, Survivors.of(view, next, backends).remaining());
    }

    private static boolean isLost(Member member) {
        return member.state() == MemberState.LOST;
    }

    /**
     * One member takes over from another in one change, so that it is legal where there are no more
     * members than replicas. The old one may be ACTIVE (it is drained), LOST, or RETURNED (it is
     * left as it is).
     */
    public RingChange replace(Intent intent, MemberId old, MemberPlace replacement) {
        var command =
                new Command(
                        intent,
                        RingOperation.Type.REPLACE,
                        List.of(old, replacement.member()),
                        ArgumentDigest.of(old, replacement));
        return change(command, ring -> MemberChanges.replace(ring, old, replacement));
    }

    /**
     * An ACTIVE member gets another share of the partitions.
     *
     * @param weight 1 to {@link Member#MAX_WEIGHT}
     */
    public RingChange reweigh(Intent intent, MemberId member, int weight) {
        var command =
                new Command(
                        intent,
                        RingOperation.Type.REWEIGH,
                        List.of(member),
                        ArgumentDigest.of(weight));
        return change(command, ring -> MemberChanges.reweigh(ring, member, weight));
    }

    /**
     * ACTIVE members are elsewhere than the ring knows: replicas that would be on one machine, or
     * in one zone, move apart. Changes nothing else where they are apart already.
     */
    public RingChange relocate(Intent intent, List<MemberPlace> places) {
        List<MemberId> targets = places.stream().map(MemberPlace::member).toList();
        var command =
                new Command(
                        intent, RingOperation.Type.RELOCATE, targets, ArgumentDigest.of(places));
        return change(command, ring -> MemberChanges.relocate(ring, places));
    }

    /**
     * RETURNED members become ACTIVE. All their chunks are marked unconfirmed first, so that the
     * members themselves find out which of them nobody owns any more.
     */
    public RingChange readmit(Intent intent, Collection<MemberId> members) {
        var command = new Command(intent, RingOperation.Type.READMIT, members);
        return change(
                command,
                ring -> {
                    List<Member> next = MemberChanges.readmit(ring, command.targets());
                    command.targets().forEach(this::markUnconfirmed);
                    return next;
                });
    }

    /**
     * Members that no table needs (JOINING, LOST, RETURNED, drained) become tombstones. Done at
     * once, whatever is under way.
     */
    public RingChange remove(Intent intent, Collection<MemberId> members) {
        var command = new Command(intent, RingOperation.Type.REMOVE, members);
        return apply(
                command,
                view -> {
                    List<Member> next = MemberChanges.remove(view, command.targets());
                    Ring ring = view.ring().withSameTables(next);
                    var removal = operation(view.ring(), next, command);
                    return ring.withEnded(removal, EndedOperation.Outcome.DONE);
                });
    }

    private void markUnconfirmed(MemberId member) {
        try {
            backends.markAllUnconfirmed(member);
        } catch (ChunkStoreException e) {
            throw new RingCommandRefused(
                    Reason.UNREACHABLE,
                    "the chunks of member %s cannot be marked for a check: %s"
                            .formatted(member, e.getMessage()));
        }
    }

    /** A change that moves chunks to members who have to have room for them. */
    private RingChange change(Command command, Plan plan) {
        boolean cancels = command.type() == RingOperation.Type.CANCEL;
        return apply(
                command,
                view -> {
                    Ring ring = view.ring();
                    if (!cancels) {
                        RingChecks.requireIdle(ring);
                    }
                    List<Member> next = plan.members(ring);
                    RingChecks.requireActive(ring, next);
                    Ring changed = begin(ring, next, command, EndedOperation.Outcome.CANCELLED);
                    if (!cancels) {
                        RingChecks.requireSlots(changed, backends);
                        if (!command.intent().ignoresCapacity()) {
                            RingChecks.requireSpace(ring, changed, backends);
                        }
                    }
                    return changed;
                });
    }

    private RingChange apply(Command command, Function<RingView, Ring> plan) {
        while (true) {
            RingView view = load();
            Ring ring = view.ring();
            Optional<RingChange> before = RingChange.find(ring, command.intent().operationId());
            if (before.isPresent()) {
                requireSame(before.get().operation(), command);
                return before.get();
            }
            RingChecks.requireEpoch(ring, command.intent());
            Optional<Ring> stored = store.replace(ring, plan.apply(view));
            if (stored.isPresent()) {
                return RingChange.find(stored.get(), command.intent().operationId()).orElseThrow();
            }
        }
    }

    private static Ring begin(
            Ring ring, List<Member> next, Command command, EndedOperation.Outcome ofRunning) {
        return ring.withOperationEnded(ofRunning)
                .withMembers(next, Optional.of(operation(ring, next, command)));
    }

    /** Its token is the revision that it replaces: greater than that of every change before. */
    private static RingOperation operation(Ring ring, List<Member> next, Command command) {
        List<Member> changed =
                ring.members().stream().filter(member -> !next.contains(member)).toList();
        return new RingOperation(
                command.intent().operationId(),
                command.type(),
                ring.revision(),
                command.targets(),
                changed,
                returning(ring, next, command.type()),
                command.arguments());
    }

    /** Operations stored by earlier versions tell no arguments: these are not compared. */
    private static void requireSame(RingOperation there, Command command) {
        boolean sameArguments =
                there.arguments().isEmpty() || there.arguments().equals(command.arguments());
        if (there.type() != command.type()
                || !there.targets().equals(command.targets())
                || !sameArguments) {
            throw new RingCommandRefused(
                    Reason.OPERATION_ID_REUSED,
                    "operation %s is %s of %s already, or with other arguments"
                            .formatted(there.id(), there.type(), there.targets()));
        }
    }

    private static List<MemberId> returning(Ring ring, List<Member> next, RingOperation.Type type) {
        if (ring.operation().isEmpty()) {
            return List.of();
        }
        RingOperation running = ring.operation().get();
        List<MemberId> returning = new ArrayList<>(running.returning());
        if (type == RingOperation.Type.CANCEL) {
            running.before().stream()
                    .filter(member -> MemberChanges.wasOutside(member.state()))
                    .map(Member::id)
                    .forEach(returning::add);
        }
        return next.stream()
                .filter(member -> member.state() == MemberState.DRAINING)
                .map(Member::id)
                .filter(returning::contains)
                .toList();
    }

    private RingView load() {
        return store.load()
                .orElseThrow(
                        () -> new MetadataUnavailableException("the metadata hold no ring", null));
    }
}
