package io.lilio.replication;

import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.MarkedChunk;
import io.lilio.chunk.PartitionDigest;
import io.lilio.chunk.buffer.PooledBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One member behind its circuit breakers: the calls of {@link ChunkStore}, each with a deadline. A
 * call that exceeds it is abandoned: its caller gets a {@link io.lilio.chunk.BackendException} with
 * reason TIMEOUT, while its thread goes on and keeps the buffer it uses retained until it really
 * ends. With the breaker open a call fails at once with reason IO, so do payloads while several
 * abandoned calls go on, with too many calls under way with reason OVERLOADED.
 *
 * <p>For whoever talks to single members (maintenance, repair). Blocking and thread-safe. What else
 * the calls do and throw is as {@link ChunkStore} says.
 */
public final class MemberClient {

    /** How long a member may take to mark all its chunks, of which it may have many millions. */
    public static final Duration MARK_ALL_DEADLINE = Duration.ofMinutes(10);

    private final Members members;
    private final MemberStore member;
    private final Lane reads;
    private final Lane writes;
    private final Latency readLatency = new Latency();
    private final AtomicInteger stragglers = new AtomicInteger();

    MemberClient(Members members, MemberStore member) {
        this.members = members;
        this.member = member;
        this.reads = lane(false);
        this.writes = lane(true);
    }

    private Lane lane(boolean forWrites) {
        ReplicationSettings settings = members.settings();
        Consumer<BreakerState> changes = state -> members.breakerChanged(member, forWrites, state);
        return new Lane(
                (forWrites ? "writing to " : "reading from ") + member.name(),
                settings.maxInFlight(),
                new CircuitBreaker(settings.breaker(), members.time(), changes));
    }

    /** Who it is. */
    public MemberStore member() {
        return member;
    }

    /** Whether reads, stats and listings are tried; OPEN also while several reads hang. */
    public BreakerState readState() {
        return reads.state();
    }

    /** Whether puts, deletes and confirmations are tried; OPEN also while several of them hang. */
    public BreakerState writeState() {
        return writes.state();
    }

    /** Calls whose deadline has passed while their I/O goes on. */
    public int hangingCalls() {
        return reads.abandoned() + writes.abandoned();
    }

    /**
     * Stores a whole chunk.
     *
     * @param payload its first {@code header.length()} bytes; the caller keeps its own reference
     */
    public void put(ChunkHeader header, PooledBuffer payload) {
        Consumer<ChunkStore> io = store -> store.put(header, payload.view(0, header.length()));
        call(writes, Lane.Load.PAYLOAD, members.settings().putDeadline(), io, payload);
    }

    /**
     * Reads and verifies part of a chunk.
     *
     * @param offset a multiple of {@link ChunkHeader#BLOCK_BYTES}
     * @param target receives {@code length} bytes from its index 0; the caller keeps its own
     *     reference. After a TIMEOUT the bytes may still be written to: release it
     */
    public ChunkHeader read(ChunkId id, int offset, PooledBuffer target, int length) {
        Function<ChunkStore, ChunkHeader> io =
                store -> store.read(id, offset, target.view(0, length));
        Duration deadline = members.settings().readDeadline();
        return new BlockingCall<>(this, reads, Lane.Load.PAYLOAD, deadline, io, target).await();
    }

    public Optional<ChunkHeader> stat(ChunkId id) {
        return ask(store -> store.stat(id));
    }

    public void delete(Collection<ChunkId> ids) {
        control(members.settings().controlDeadline(), store -> store.delete(ids));
    }

    public void confirm(Collection<ChunkId> ids, long epoch) {
        control(members.settings().controlDeadline(), store -> store.confirm(ids, epoch));
    }

    public List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) {
        return ask(store -> store.list(partition, after, limit));
    }

    /** Has the deadline of a put, as it looks at every chunk of the partition. */
    public PartitionDigest digest(int partition) {
        Duration deadline = members.settings().putDeadline();
        Function<ChunkStore, PartitionDigest> io = store -> store.digest(partition);
        return new BlockingCall<>(this, reads, Lane.Load.CONTROL, deadline, io, null).await();
    }

    public List<MarkedChunk> unconfirmed(Duration age, @Nullable MarkedChunk after, int limit) {
        return ask(store -> store.unconfirmed(age, after, limit));
    }

    /** Has a deadline of its own, {@link #MARK_ALL_DEADLINE}, as it may write much. */
    public void markAllUnconfirmed() {
        control(MARK_ALL_DEADLINE, ChunkStore::markAllUnconfirmed);
    }

    public void refilled(long loss) {
        control(members.settings().controlDeadline(), store -> store.refilled(loss));
    }

    /** Has the deadline of a read. */
    public void verify(ChunkId id) {
        Duration deadline = members.settings().readDeadline();
        call(reads, Lane.Load.PAYLOAD, deadline, store -> store.verify(id), null);
    }

    /** As the store tells, without deadline or breaker. */
    public BackendHealth health() {
        return member.store().health();
    }

    /** As the store tells, without deadline or breaker. */
    public BackendUsage usage() {
        return member.store().usage();
    }

    Members members() {
        return members;
    }

    Lane reads() {
        return reads;
    }

    Lane writes() {
        return writes;
    }

    Latency readLatency() {
        return readLatency;
    }

    /** Puts under way whose writes have their quorum already. */
    AtomicInteger stragglers() {
        return stragglers;
    }

    private <T> T ask(Function<ChunkStore, T> io) {
        Duration deadline = members.settings().controlDeadline();
        return new BlockingCall<>(this, reads, Lane.Load.CONTROL, deadline, io, null).await();
    }

    private void control(Duration deadline, Consumer<ChunkStore> io) {
        call(writes, Lane.Load.CONTROL, deadline, io, null);
    }

    private void call(
            Lane lane,
            Lane.Load load,
            Duration deadline,
            Consumer<ChunkStore> io,
            @Nullable PooledBuffer buffer) {
        Function<ChunkStore, Boolean> answering =
                store -> {
                    io.accept(store);
                    return true;
                };
        new BlockingCall<>(this, lane, load, deadline, answering, buffer).await();
    }
}
