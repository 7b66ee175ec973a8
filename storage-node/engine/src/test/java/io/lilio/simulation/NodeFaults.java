package io.lilio.simulation;

import io.lilio.chunk.ChunkHeader;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.RingView;
import io.lilio.simulation.Network.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Faults of processes, networks, disks and metadata. */
final class NodeFaults {

    private static final int MOST_NODES = 6;

    private final Cluster cluster;
    private final SimulatedProcess chaos;
    private final Random random;

    NodeFaults(Cluster cluster, SimulatedProcess chaos) {
        this.cluster = cluster;
        this.chaos = chaos;
        this.random = cluster.newRandom();
    }

    /**
     * @param victim whose process it is meant to meet
     * @return whether it could be done
     */
    boolean strike(Fault fault, @Nullable SimulatedProcess victim) {
        Optional<SimulatedNode> chosen = choose(victim);
        if (chosen.isEmpty()) {
            return false;
        }
        SimulatedNode node = chosen.get();
        return switch (fault) {
            case NODE_KILLED -> killed(node);
            case NODE_FROZEN -> frozen(node);
            case CUT_FROM_PEERS -> cutFromPeers(node);
            case CUT_FROM_METADATA -> cutFromMetadata(node);
            case METADATA_LOSSY -> lossyMetadata();
            case NETWORK_LOSSY -> lossyNetwork();
            case LEASE_ENDED -> cluster.metadata().endAny(random);
            case WATCHES_DELAYED -> watchesDelayed();
            case WATCHES_LOST -> watchesLost();
            case DISK_ERRORS -> disk(node, disk -> disk.errors(0.3));
            case DISK_FULL -> disk(node, disk -> disk.full(true));
            case DISK_SLOW -> disk(node, disk -> disk.slow(true));
            case DISK_WIPED -> wiped();
            case CHUNKS_LOST -> chunksLost();
            case BIT_ROT -> rot();
            default -> throw new IllegalArgumentException(fault + " is not of nodes");
        };
    }

    private Optional<SimulatedNode> choose(@Nullable SimulatedProcess victim) {
        List<SimulatedNode> running =
                cluster.nodes().stream().filter(node -> node.running().isPresent()).toList();
        Optional<SimulatedNode> meant =
                running.stream().filter(node -> node.process() == victim).findFirst();
        if (meant.isPresent()) {
            return meant;
        }
        return running.isEmpty()
                ? Optional.empty()
                : Optional.of(running.get(random.nextInt(running.size())));
    }

    private void later(int atLeastMillis, int atMostMillis, Runnable repair) {
        cluster.scheduler()
                .after(
                        Duration.ofMillis(
                                atLeastMillis + random.nextInt(atMostMillis - atLeastMillis)),
                        chaos,
                        repair);
    }

    /** One more node, which announces itself. */
    boolean addNode() {
        int number = cluster.nodes().size() + 1;
        if (number > MOST_NODES) {
            return false;
        }
        cluster.add(number).start();
        return true;
    }

    private boolean killed(SimulatedNode node) {
        cluster.phases().met(Fault.NODE_KILLED, node.process());
        node.kill();
        later(50, 8_000, () -> restart(node));
        return true;
    }

    /** Its disk may be gone meanwhile: then it never comes back. */
    void restart(SimulatedNode node) {
        if (node.process().isDead() && !node.isGone()) {
            node.start();
        }
    }

    private boolean frozen(SimulatedNode node) {
        SimulatedProcess frozen = node.process();
        cluster.phases().met(Fault.NODE_FROZEN, frozen);
        frozen.freeze();
        later(random.nextInt(3) == 0 ? 200 : 5_000, 12_000, frozen::thaw);
        return true;
    }

    private boolean cutFromPeers(SimulatedNode node) {
        cluster.phases().met(Fault.CUT_FROM_PEERS, node.process());
        boolean inward = random.nextInt(3) != 0;
        boolean outward = !inward || random.nextInt(3) != 0;
        for (SimulatedNode other : cluster.nodes()) {
            if (other != node) {
                cut(node.name(), other.name(), outward);
                cut(other.name(), node.name(), inward);
            }
        }
        return true;
    }

    /** A node hears of no other and is heard by none, for some seconds. */
    void silence(SimulatedNode node) {
        cluster.phases().met(Fault.CUT_FROM_PEERS, node.process());
        for (SimulatedNode other : cluster.nodes()) {
            if (other != node) {
                cluster.network().cut(node.name(), other.name());
                cluster.network().cut(other.name(), node.name());
            }
        }
        later(
                3_000,
                7_000,
                () ->
                        cluster.nodes()
                                .forEach(
                                        other -> {
                                            cluster.network().heal(node.name(), other.name());
                                            cluster.network().heal(other.name(), node.name());
                                        }));
    }

    private boolean cutFromMetadata(SimulatedNode node) {
        cluster.phases().met(Fault.CUT_FROM_METADATA, node.process());
        boolean inward = random.nextInt(3) != 0;
        boolean outward = !inward || random.nextInt(3) != 0;
        cut(node.name(), cluster.metadata().process().name(), outward);
        cut(cluster.metadata().process().name(), node.name(), inward);
        return true;
    }

    private void cut(String from, String to, boolean now) {
        if (now) {
            cluster.network().cut(from, to);
            later(300, 8_000, () -> cluster.network().heal(from, to));
        }
    }

    private boolean lossyMetadata() {
        lossy(cluster.metadata().process().name(), new Conditions(0.12, 0.15, 0));
        return true;
    }

    private boolean lossyNetwork() {
        for (SimulatedNode node : cluster.nodes()) {
            if (random.nextBoolean()) {
                lossy(node.name(), new Conditions(0.06, 0.08, 0.2));
            }
        }
        return true;
    }

    private void lossy(String process, Conditions bad) {
        cluster.network().fare(process, bad);
        later(1_000, 8_000, () -> cluster.network().fare(process, Conditions.GOOD));
    }

    private boolean watchesDelayed() {
        Duration delay = Duration.ofMillis(500 + random.nextInt(6_000));
        cluster.nodes().forEach(n -> n.metadata().ifPresent(m -> m.delayWatches(delay)));
        later(
                1_000,
                8_000,
                () ->
                        cluster.nodes()
                                .forEach(
                                        n ->
                                                n.metadata()
                                                        .ifPresent(
                                                                m ->
                                                                        m.delayWatches(
                                                                                Duration.ZERO))));
        return true;
    }

    private boolean watchesLost() {
        cluster.nodes().forEach(n -> n.metadata().ifPresent(SimulatedMetadata::loseWatches));
        return true;
    }

    private boolean disk(SimulatedNode node, Consumer<SimulatedDisk> trouble) {
        trouble.accept(node.disk());
        later(500, 6_000, node.disk()::heal);
        return true;
    }

    /** Some node and all that its disk held are gone, when the others have all of it. */
    private boolean wiped() {
        List<SimulatedNode> spare = cluster.nodes().stream().filter(this::maySpare).toList();
        if (spare.isEmpty() || !addNode()) {
            return false;
        }
        cluster.phases().met(Fault.DISK_WIPED, (SimulatedProcess) null);
        SimulatedNode node = spare.get(random.nextInt(spare.size()));
        node.kill();
        node.lose();
        cluster.truth().copiesAreGone();
        return true;
    }

    /** Some member loses chunks, and knows it. */
    private boolean chunksLost() {
        List<SimulatedNode> able = cluster.nodes().stream().filter(this::mayLoseChunks).toList();
        if (able.isEmpty()) {
            return false;
        }
        SimulatedNode node = able.get(random.nextInt(able.size()));
        if (random.nextInt(3) == 0) {
            killed(node);
        }
        node.disk().loseSome(random.nextBoolean() ? 1 : random.nextDouble());
        return true;
    }

    /** Whether some other slot has what a member would lose, and nobody is to be filled yet. */
    boolean mayLoseChunks(SimulatedNode node) {
        RingView view = cluster.truth().view();
        return view.ring()
                        .member(node.memberId())
                        .filter(member -> member.state().counted())
                        .isPresent()
                && !isAnyLost()
                && cluster.truth().readable().stream()
                        .allMatch(chunk -> isAtAnotherSlot(chunk, node, view));
    }

    private boolean isAtAnotherSlot(ChunkHeader chunk, SimulatedNode node, RingView view) {
        Set<MemberId> holders = cluster.truth().holders(chunk.id());
        return view.slots(chunk.id().partition(view.partitions()), chunk.epoch()).stream()
                .anyMatch(slot -> !slot.equals(node.memberId()) && holders.contains(slot));
    }

    /** Whether nothing is lost with it. */
    private boolean maySpare(SimulatedNode node) {
        return mayBeLost(node) && cluster.truth().unevenness().isEmpty();
    }

    /** Whether the others have all that can be read. */
    boolean mayBeLost(SimulatedNode node) {
        List<Member> active =
                cluster.truth().view().ring().members().stream()
                        .filter(member -> member.state() == MemberState.ACTIVE)
                        .toList();
        return active.size() >= 3
                && active.stream().anyMatch(member -> member.id().equals(node.memberId()))
                && !isAnyLost()
                && cluster.truth().readable().stream().allMatch(cluster.truth()::isLevel);
    }

    /** Whether somebody is gone, lost, or to be filled again who is needed. */
    private boolean isAnyLost() {
        RingView view = cluster.truth().view();
        return view.ring().members().stream()
                .filter(
                        member ->
                                member.state() == MemberState.LOST
                                        || cluster.host(member.id())
                                                .filter(NodeFaults::lacksSome)
                                                .isPresent())
                .anyMatch(member -> view.epochThatNeeds(member.id()).isPresent());
    }

    private static boolean lacksSome(SimulatedNode node) {
        return node.isGone() || node.disk().isRefilling();
    }

    /** One copy of some chunk, of which there are enough. */
    private boolean rot() {
        Optional<ChunkHeader> chunk = spareChunk();
        if (chunk.isEmpty()) {
            return false;
        }
        List<SimulatedNode> holders = holders(chunk.get());
        holders.get(random.nextInt(holders.size())).disk().rot(chunk.get().id());
        return true;
    }

    /** Some chunk of which one copy can go, as all its slots have one. */
    Optional<ChunkHeader> spareChunk() {
        if (isAnyLost()) {
            return Optional.empty();
        }
        List<ChunkHeader> chunks =
                cluster.truth().readable().stream()
                        .filter(cluster.truth()::isLevel)
                        .filter(chunk -> holders(chunk).size() >= 3)
                        .toList();
        return chunks.isEmpty()
                ? Optional.empty()
                : Optional.of(chunks.get(random.nextInt(chunks.size())));
    }

    List<SimulatedNode> holders(ChunkHeader chunk) {
        return cluster.nodes().stream().filter(node -> node.disk().holds(chunk.id())).toList();
    }

    /** Messages about what is at a phase fare badly for a while. */
    boolean trouble(Fault fault, Phase phase) {
        cluster.network().trouble(phase, fault, 0.3);
        later(800, 5_000, () -> cluster.network().trouble(phase, fault, 0));
        return true;
    }

    /** Whether it could be done now. */
    boolean isPossible(Fault fault) {
        return switch (fault) {
            case DISK_WIPED ->
                    cluster.nodes().size() < MOST_NODES
                            && cluster.nodes().stream().anyMatch(this::maySpare);
            case CHUNKS_LOST -> cluster.nodes().stream().anyMatch(this::mayLoseChunks);
            case BIT_ROT -> spareChunk().isPresent();
            default -> true;
        };
    }

    /** Everything works again; who is dead and not gone is started. */
    void heal() {
        cluster.network().heal();
        cluster.delayWatches(Duration.ZERO);
        for (SimulatedNode node : cluster.nodes()) {
            node.disk().heal();
            node.process().thaw();
            node.metadata().ifPresent(metadata -> metadata.delayWatches(Duration.ZERO));
            restart(node);
        }
    }
}
