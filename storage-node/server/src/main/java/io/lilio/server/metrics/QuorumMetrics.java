package io.lilio.server.metrics;

import io.lilio.chunk.ChunkId;
import io.lilio.replication.BreakerState;
import io.lilio.replication.MemberStore;
import io.lilio.replication.ReplicationListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what replication does, and logs what an operator should look at. Thread-safe. */
public final class QuorumMetrics implements ReplicationListener {

    private static final Logger LOG = LoggerFactory.getLogger(QuorumMetrics.class);

    private final MeterRegistry registry;
    private final Quorum writes;
    private final Quorum reads;
    private final Counter hedgesWon;
    private final Counter hedgesLost;
    private final Counter repairsFailed;
    private final Counter conflicts;
    private final Counter confirmationsDropped;
    private final Map<String, Counter> repairs = new ConcurrentHashMap<>();
    private final Map<String, Counter> corrupt = new ConcurrentHashMap<>();
    private final Map<String, Counter> dropped = new ConcurrentHashMap<>();
    private final Map<Breaker, AtomicInteger> breakers = new ConcurrentHashMap<>();

    /** What has a gauge of its own. */
    private record Breaker(String member, boolean writes) {}

    public QuorumMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.writes = new Quorum(registry, "write");
        this.reads = new Quorum(registry, "read");
        this.hedgesWon = hedges("true");
        this.hedgesLost = hedges("false");
        this.repairsFailed = counter("lilio.repairs.failed", "Read repairs that were not done");
        this.conflicts =
                counter(
                        "lilio.conflicting.replicas",
                        "Chunks of which members hold different bytes: an alarm");
        this.confirmationsDropped =
                counter(
                        "lilio.confirmations.dropped",
                        "Chunks that members have to look up themselves");
    }

    private Counter hedges(String won) {
        return Counter.builder("lilio.hedged.reads")
                .description("Reads backed by a second replica because the first was slow")
                .tag("won", won)
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private Counter perNode(
            Map<String, Counter> known, MemberStore member, String name, String description) {
        return known.computeIfAbsent(
                member.name(),
                node ->
                        Counter.builder(name)
                                .description(description)
                                .tag("node", node)
                                .register(registry));
    }

    @Override
    public void quorumWrite(boolean reached, int attempted, int succeeded) {
        writes.count(reached, attempted, succeeded);
    }

    @Override
    public void quorumRead(boolean served, int attempted, int succeeded) {
        reads.count(served, attempted, succeeded);
    }

    @Override
    public void hedged(boolean won) {
        (won ? hedgesWon : hedgesLost).increment();
    }

    @Override
    public void stragglerDropped(MemberStore member) {
        perNode(dropped, member, "lilio.stragglers.dropped", "Slow writes not waited for")
                .increment();
    }

    @Override
    public void corruptReplica(MemberStore member, ChunkId chunk) {
        perNode(corrupt, member, "lilio.corrupt.replicas", "Copies that were not what was written")
                .increment();
        LOG.warn("Backend {} holds a damaged copy of chunk {}", member.name(), chunk);
    }

    /**
     * How often a backend's copy of a chunk was found damaged since the start; a copy that is found
     * again before it is mended counts again.
     */
    public long corruptReplicas(String backend) {
        Counter found = corrupt.get(backend);
        return found == null ? 0 : (long) found.count();
    }

    @Override
    public void conflictingReplicas(ChunkId chunk) {
        conflicts.increment();
        LOG.error("Members hold different bytes as chunk {}", chunk);
    }

    @Override
    public void repaired(MemberStore member, ChunkId chunk) {
        perNode(repairs, member, "lilio.read.repairs", "Copies mended after a read found them bad")
                .increment();
    }

    @Override
    public void repairFailed(ChunkId chunk) {
        repairsFailed.increment();
    }

    @Override
    public void confirmationsDropped(int count) {
        confirmationsDropped.increment(count);
    }

    @Override
    public void breakerChanged(MemberStore member, boolean writes, BreakerState state) {
        breakers.computeIfAbsent(new Breaker(member.name(), writes), this::breaker)
                .set(
                        switch (state) {
                            case CLOSED -> 0;
                            case HALF_OPEN -> 1;
                            case OPEN -> 2;
                        });
    }

    private AtomicInteger breaker(Breaker its) {
        var state = new AtomicInteger();
        Gauge.builder("lilio.member.breaker", state, AtomicInteger::doubleValue)
                .description("Whether a member is asked: 0 as ever, 1 on trial, 2 not for a while")
                .tag("node", its.member())
                .tag("calls", its.writes() ? "writes" : "reads")
                .register(registry);
        return state;
    }

    /** How often a quorum was reached or not, and how many members that took. */
    private static final class Quorum {
        private final Counter reached;
        private final Counter failed;
        private final Counter attempted;
        private final Counter succeeded;

        Quorum(MeterRegistry registry, String kind) {
            reached = status(registry, kind, "success");
            failed = status(registry, kind, "failure");
            attempted =
                    Counter.builder("lilio.quorum." + kind + ".attempted")
                            .description("Members asked")
                            .register(registry);
            succeeded =
                    Counter.builder("lilio.quorum." + kind + ".succeeded")
                            .description("Members that did what they were asked")
                            .register(registry);
        }

        private static Counter status(MeterRegistry registry, String kind, String status) {
            return Counter.builder("lilio.quorum." + kind)
                    .description("Chunks, by whether the quorum was reached")
                    .tag("status", status)
                    .register(registry);
        }

        void count(boolean success, int asked, int did) {
            (success ? reached : failed).increment();
            attempted.increment(asked);
            succeeded.increment(did);
        }
    }
}
