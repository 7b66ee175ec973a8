package io.lilio.simulation;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.ring.Intent;
import io.lilio.catalog.ring.MemberPlace;
import io.lilio.catalog.ring.RingCommandRefused;
import io.lilio.catalog.ring.RingCommands;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks for changes of the ring, at some node, as an administrator would. */
final class RingFaults {

    private final Cluster cluster;
    private final NodeFaults nodes;
    private final Random random;
    private int operations;

    RingFaults(Cluster cluster, NodeFaults nodes) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.random = cluster.newRandom();
    }

    /** A command that can be given as things are. */
    private interface Command {
        void give(RingCommands commands, Intent intent);
    }

    /**
     * Has some node asked for a change, if there is one of that kind that makes sense. It is
     * counted when the ring has taken it. A member that was wiped is marked lost before all else.
     */
    void ask(Fault wanted) {
        ask(wanted, () -> {});
    }

    /**
     * The same.
     *
     * @param over run when it was taken, or is not going to be
     */
    void ask(Fault wanted, Runnable over) {
        List<SimulatedNode> running =
                cluster.nodes().stream()
                        .filter(node -> node.running().isPresent() && node.process().isRunning())
                        .toList();
        if (running.isEmpty()) {
            over.run();
            return;
        }
        SimulatedNode asked = running.get(random.nextInt(running.size()));
        Fault fault = mourned().isPresent() ? Fault.MARK_LOST : wanted;
        Command command = command(fault, asked);
        if (command == null) {
            over.run();
            return;
        }
        give(asked, fault, command, over);
    }

    private void give(SimulatedNode asked, Fault fault, Command command, Runnable over) {
        Intent intent =
                new Intent(new UUID(77, ++operations), cluster.truth().view().epoch())
                        .ignoringCapacity();
        asked.process()
                .start(
                        () -> {
                            try {
                                command.give(asked.commands(), intent);
                                cluster.phases().met(fault, (SimulatedProcess) null);
                            } catch (RingCommandRefused
                                    | MetadataUnavailableException
                                    | ChunkStoreException
                                    | ObjectStoreException e) {
                                return; // nothing has changed, or nobody knows
                            } finally {
                                over.run();
                            }
                        });
    }

    /** Whether a command of this kind, which waits for copies, could be given now. */
    boolean isPossible(Fault fault) {
        return fault != Fault.MARK_LOST
                || mourned().isPresent()
                || cluster.nodes().stream().anyMatch(nodes::mayBeLost);
    }

    /** The ring changes so that a member is likely to get more. */
    void giveMoreTo(SimulatedNode node, Runnable over) {
        SimulatedNode asked = cluster.nodes().getFirst();
        Member member = ring().member(node.memberId()).orElse(null);
        if (member == null || asked.running().isEmpty() || !asked.process().isRunning()) {
            over.run();
            return;
        }
        MemberId id = member.id();
        switch (member.state()) {
            case JOINING ->
                    give(
                            asked,
                            Fault.ADMIT,
                            (commands, intent) ->
                                    commands.admit(intent, List.of(MemberPlace.of(id))),
                            over);
            case ACTIVE -> {
                int weight = 6 + random.nextInt(6);
                give(
                        asked,
                        Fault.REWEIGH,
                        (commands, intent) -> commands.reweigh(intent, id, weight),
                        over);
            }
            default -> give(asked, Fault.CANCEL, RingCommands::cancel, over);
        }
    }

    /** A member is to hand over what it holds, where others are left. */
    void drain(SimulatedNode node) {
        List<SimulatedNode> others =
                cluster.nodes().stream()
                        .filter(each -> each != node && each.running().isPresent())
                        .toList();
        if (!others.isEmpty() && mayLoseOne()) {
            List<MemberId> drained = List.of(node.memberId());
            give(
                    others.get(random.nextInt(others.size())),
                    Fault.DRAIN,
                    (commands, intent) -> commands.drain(intent, drained),
                    () -> {});
        }
    }

    /**
     * Does one thing of what has to be done before a change makes sense.
     *
     * @return whether it makes sense already
     */
    boolean prepare(Fault fault) {
        return switch (fault) {
            case ADMIT, REPLACE -> isAnyone(MemberState.JOINING) || !nodes.addNode();
            case DRAIN, MARK_LOST -> mayLoseOne() || !asked(towardsMore());
            case CANCEL -> ring().operation().isPresent() || !asked(Fault.REWEIGH);
            case RETURN -> anyLost().isPresent() || !asked(towardsLoss());
            case READMIT ->
                    isAnyone(MemberState.RETURNED)
                            || !asked(anyLost().isPresent() ? Fault.RETURN : towardsLoss());
            default -> true;
        };
    }

    private boolean asked(Fault fault) {
        if (fault == Fault.ADMIT && !isAnyone(MemberState.JOINING)) {
            nodes.addNode();
        } else {
            ask(fault);
        }
        return true;
    }

    private boolean mayLoseOne() {
        return active() > 2;
    }

    private Fault towardsLoss() {
        return mayLoseOne() ? Fault.MARK_LOST : towardsMore();
    }

    private Fault towardsMore() {
        return isAnyone(MemberState.RETURNED) ? Fault.READMIT : Fault.ADMIT;
    }

    /** Has the ring change if all is settled, so that something is to be moved. */
    void unsettle() {
        if (ring().operation().isPresent() || cluster.truth().view().unsettled() > 0) {
            return;
        }
        boolean few = active() <= Cluster.REPLICATION.factor();
        if (isAnyone(MemberState.JOINING) && (few || random.nextBoolean())) {
            ask(Fault.ADMIT);
        } else if (few) {
            nodes.addNode(); // where all members hold everything nothing can move
        } else {
            ask(random.nextBoolean() ? Fault.REWEIGH : Fault.DRAIN);
        }
    }

    private @Nullable Command command(Fault fault, SimulatedNode asked) {
        return switch (fault) {
            case ADMIT ->
                    some(MemberState.JOINING)
                            .<Command>map(
                                    id ->
                                            (commands, intent) ->
                                                    commands.admit(
                                                            intent, List.of(MemberPlace.of(id))))
                            .orElse(null);
            case DRAIN ->
                    some(MemberState.ACTIVE)
                            .filter(_ -> active() > 2)
                            .<Command>map(
                                    id -> (commands, intent) -> commands.drain(intent, List.of(id)))
                            .orElse(null);
            case CANCEL -> RingCommands::cancel;
            case REWEIGH -> {
                int weight = 1 + random.nextInt(4);
                yield some(MemberState.ACTIVE)
                        .<Command>map(
                                id -> (commands, intent) -> commands.reweigh(intent, id, weight))
                        .orElse(null);
            }
            case REPLACE -> replace();
            case MARK_LOST -> markLost(asked);
            case RETURN -> returned();
            case READMIT ->
                    some(MemberState.RETURNED)
                            .<Command>map(
                                    id ->
                                            (commands, intent) ->
                                                    commands.readmit(intent, List.of(id)))
                            .orElse(null);
            default -> throw new IllegalArgumentException(fault + " is not of the ring");
        };
    }

    private @Nullable Command replace() {
        Optional<MemberId> fresh = some(MemberState.JOINING);
        Optional<MemberId> old = some(MemberState.LOST).or(() -> some(MemberState.ACTIVE));
        if (fresh.isEmpty() || old.isEmpty()) {
            return null;
        }
        return (commands, intent) ->
                commands.replace(intent, old.get(), MemberPlace.of(fresh.get()));
    }

    /** A member whose node is gone for good, and of which the ring does not know that yet. */
    private Optional<MemberId> mourned() {
        Ring ring = ring();
        return cluster.nodes().stream()
                .filter(SimulatedNode::isGone)
                .map(SimulatedNode::memberId)
                .filter(
                        id ->
                                ring.member(id)
                                        .filter(member -> member.state().counted())
                                        .isPresent())
                .findFirst();
    }

    /** One that is gone; else one that is well, whose node may be dead or alive. */
    private @Nullable Command markLost(SimulatedNode asked) {
        Optional<MemberId> mourned = mourned();
        if (mourned.isPresent()) {
            return (commands, intent) -> commands.markLost(intent, List.of(mourned.get()), false);
        }
        Optional<MemberId> chosen = some(MemberState.ACTIVE);
        if (chosen.isEmpty()) {
            return null;
        }
        SimulatedNode node = cluster.host(chosen.get()).orElseThrow();
        if (!nodes.mayBeLost(node)) {
            return null;
        }
        if (random.nextInt(3) == 0 && node != asked && !node.process().isDead()) {
            node.kill();
        }
        return (commands, intent) -> commands.markLost(intent, List.of(chosen.get()), false);
    }

    /** Its node starts, or it is announced where its node runs already. */
    private @Nullable Command returned() {
        Optional<MemberId> lost = anyLost();
        if (lost.isEmpty()) {
            return null;
        }
        SimulatedNode node = cluster.host(lost.get()).orElseThrow();
        nodes.restart(node);
        return (commands, _) -> commands.announce(ring().member(lost.get()).orElseThrow());
    }

    /** A member that was marked lost and can come back. */
    private Optional<MemberId> anyLost() {
        return some(MemberState.LOST).filter(id -> !cluster.host(id).orElseThrow().isGone());
    }

    private Optional<MemberId> some(MemberState state) {
        List<MemberId> found =
                ring().members().stream()
                        .filter(member -> member.state() == state)
                        .map(Member::id)
                        .toList();
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(found.get(random.nextInt(found.size())));
    }

    private long active() {
        return ring().members().stream()
                .filter(member -> member.state() == MemberState.ACTIVE)
                .count();
    }

    private Ring ring() {
        return cluster.truth().view().ring();
    }

    /** Whether something is left that has to be done before the cluster is whole. */
    boolean isUnfinished() {
        return mourned().isPresent() || isAnyone(MemberState.RETURNED) || isAnyoneBack();
    }

    private boolean isAnyone(MemberState state) {
        return ring().members().stream().anyMatch(member -> member.state() == state);
    }

    /** A member that was marked lost, and whose node lives. */
    private boolean isAnyoneBack() {
        return ring().members().stream()
                .filter(member -> member.state() == MemberState.LOST)
                .map(Member::id)
                .map(id -> cluster.host(id).orElseThrow())
                .anyMatch(node -> !node.isGone());
    }

    /** Mourns, takes back and readmits: what an administrator does before all is well. */
    void finish() {
        if (mourned().isPresent()) {
            ask(Fault.MARK_LOST);
        } else if (isAnyoneBack()) {
            ask(Fault.RETURN);
        } else if (ring().operation().isEmpty() && isAnyone(MemberState.RETURNED)) {
            ask(Fault.READMIT);
        }
    }
}
