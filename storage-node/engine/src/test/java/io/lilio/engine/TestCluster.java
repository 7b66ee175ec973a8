package io.lilio.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.owner.Owner;
import io.lilio.catalog.ring.Intent;
import io.lilio.catalog.ring.MemberPlace;
import io.lilio.catalog.ring.RingChange;
import io.lilio.catalog.ring.RingCommands;
import io.lilio.catalog.ring.RingStore;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.object.ObjectAddress;
import io.lilio.object.ObjectCalls;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import io.lilio.time.SystemTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Engines of several nodes on one metadata store in memory, each with a backend of its own, which
 * reach each other's without a network, but with the ring epoch that callers know. Nothing runs by
 * itself but sessions and what requests start: a test says when maintenance does.
 */
public final class TestCluster implements AutoCloseable {

    public static final String BUCKET = "bucket";
    public static final int CHUNK = 64 * 1024;
    private static final UUID CLUSTER = new UUID(3, 3);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    final SystemTime time = new SystemTime();
    final MemoryMetadataStore metadata = new MemoryMetadataStore(time);
    final int partitions;
    final Replication replication = new Replication(3, 2, 2, Replication.Spread.HOST, false);
    final Set<String> founders = new TreeSet<>();
    private final RingStore rings = new RingStore(metadata);
    private final Map<Integer, TestNode> nodes = new LinkedHashMap<>();
    private final List<TestNode> all = new ArrayList<>();
    private int operations;

    private TestCluster(int partitions) {
        this.partitions = partitions;
    }

    /** Nodes 1 to so many, each of which holds its share. */
    public static TestCluster of(int founding, int partitions) {
        var cluster = new TestCluster(partitions);
        for (int number = 1; number <= founding; number++) {
            cluster.founders.add(TestNode.name(number));
        }
        try (ExecutorService starts = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<TestNode>> begun = new ArrayList<>();
            for (int number = 1; number <= founding; number++) {
                int each = number;
                begun.add(starts.submit(() -> new TestNode(cluster, each)));
            }
            for (Future<TestNode> node : begun) {
                cluster.know(node.get());
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        cluster.anyNode().engine().objects().buckets().create(BUCKET, "me", CHUNK);
        return cluster;
    }

    private void know(TestNode node) {
        nodes.put(node.number(), node);
        all.add(node);
        for (TestNode each : nodes.values()) {
            eventually(
                    "nodes reach each other",
                    () ->
                            nodes.values().stream()
                                    .allMatch(other -> each.reaches(other.memberId())));
        }
    }

    static UUID cluster() {
        return CLUSTER;
    }

    /** A node comes that nobody has admitted yet. */
    public TestNode start(int number) {
        var node = new TestNode(this, number);
        know(node);
        return node;
    }

    /** The node, its requests and its backend are gone for good. */
    public void kill(int number) {
        node(number).lose();
        nodes.remove(number);
    }

    public TestNode node(int number) {
        return Objects.requireNonNull(nodes.get(number), () -> "no node " + number);
    }

    /** The one that hosts a member, dead or alive; null when it never was. */
    Optional<TestNode> host(MemberId member) {
        return List.copyOf(all).stream()
                .filter(node -> node.memberId().equals(member))
                .reduce((_, latest) -> latest);
    }

    public List<TestNode> nodes() {
        return List.copyOf(nodes.values());
    }

    public TestNode anyNode() {
        return nodes.values().iterator().next();
    }

    public SystemTime time() {
        return time;
    }

    public RingStore rings() {
        return rings;
    }

    /** The ring as it is stored. */
    public RingView view() {
        return rings.load().orElseThrow();
    }

    public Ring ring() {
        return view().ring();
    }

    public MemberState stateOf(int number) {
        return ring().member(TestNode.memberId(number)).map(Member::state).orElseThrow();
    }

    public RingCommands commands() {
        return anyNode().commands();
    }

    /** For a change of the ring as it is now. */
    public Intent intent() {
        return new Intent(new UUID(77, ++operations), ring().epoch());
    }

    public RingChange admit(int... numbers) {
        return commands()
                .admit(
                        intent(),
                        Arrays.stream(numbers)
                                .mapToObj(number -> MemberPlace.of(TestNode.memberId(number)))
                                .toList());
    }

    public RingChange drain(int number) {
        return commands().drain(intent(), List.of(TestNode.memberId(number)));
    }

    static ObjectAddress at(String key) {
        return new ObjectAddress(BUCKET, key);
    }

    /** Calls of one that is not cut off from the metadata. */
    ObjectCalls someNode(Random random) {
        List<TestNode> there = nodes().stream().filter(node -> !node.isCut()).toList();
        TestNode node = there.get(random.nextInt(there.size()));
        return new ObjectCalls(node.engine().objects(), BUCKET);
    }

    /** Every node knows the ring as it is stored. */
    public void refreshAll() {
        nodes().forEach(node -> node.engine().ring().refresh());
    }

    /** Runs the rebalance on a node until the ring change under way is done. */
    public void moveUntilDone(int number) {
        eventually(
                "the ring change does not end",
                () -> {
                    node(number).rebalance();
                    return ring().operation().isEmpty();
                });
        refreshAll();
    }

    /**
     * Runs all other maintenance until members hold exactly what they have to: of each chunk that
     * has an owner a copy wherever its table says and nowhere else, and no trash.
     */
    public void tidy() {
        eventuallyEmpty(
                () -> {
                    nodes().forEach(TestNode::maintain);
                    return amiss();
                });
    }

    /** Runs all other maintenance a few times. */
    public void tidyBesideClients() {
        for (int i = 0; i < 5; i++) {
            nodes().forEach(TestNode::maintain);
        }
    }

    /** Empty when members hold exactly what they have to. */
    public String amiss() {
        refreshAll();
        TestNode asked = anyNode();
        RingView view = asked.engine().ring().current();
        long trash = asked.engine().catalog().trash().count();
        if (trash > 0) {
            return trash + " trash records";
        }
        for (Map.Entry<ChunkId, Map<MemberId, ChunkHeader>> chunk : inventory().entrySet()) {
            ChunkHeader header = chunk.getValue().values().iterator().next();
            Owner owner =
                    asked.engine().catalog().ownerLookup().find(header.owner(), header.id().blob());
            if (!(owner instanceof Owner.Live)) {
                return "%s, at %s, is nobody's: %s"
                        .formatted(header, chunk.getValue().keySet(), owner);
            }
            Set<MemberId> slots =
                    Set.copyOf(
                            view.slots(header.id().partition(view.partitions()), header.epoch()));
            if (!chunk.getValue().keySet().equals(slots)) {
                return "%s is at %s instead of %s"
                        .formatted(header.id(), chunk.getValue().keySet(), slots);
            }
        }
        return "";
    }

    /** Which members hold each chunk. */
    public Map<ChunkId, Map<MemberId, ChunkHeader>> inventory() {
        Map<ChunkId, Map<MemberId, ChunkHeader>> inventory = new TreeMap<>();
        for (TestNode node : nodes()) {
            for (ChunkHeader header : node.held()) {
                inventory
                        .computeIfAbsent(header.id(), _ -> new HashMap<>())
                        .put(node.memberId(), header);
            }
        }
        return inventory;
    }

    /** Payload on all nodes. */
    public long bytes() {
        return nodes().stream().mapToLong(TestNode::bytes).sum();
    }

    /** Waits for something that has to come about by itself. */
    public static void eventually(String what, Callable<Boolean> condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!condition.call()) {
                assertThat(System.nanoTime()).as(what).isLessThan(end);
                Thread.sleep(5);
            }
        } catch (RuntimeException | AssertionError e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(what, e);
        }
    }

    /** The same, telling what was amiss at last. */
    public static void eventuallyEmpty(Supplier<String> amiss) {
        String[] last = new String[1];
        try {
            eventually(
                    "becomes well",
                    () -> {
                        last[0] = amiss.get();
                        return last[0].isEmpty();
                    });
        } catch (AssertionError e) {
            throw new AssertionError(last[0], e);
        }
    }

    @Override
    public void close() {
        all.forEach(TestNode::close);
        metadata.close();
        time.close();
    }
}
