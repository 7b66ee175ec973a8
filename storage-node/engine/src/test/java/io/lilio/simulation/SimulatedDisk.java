package io.lilio.simulation;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.MarkedChunk;
import io.lilio.chunk.backend.memory.MemoryChunkStore;
import io.lilio.chunk.backend.memory.MemoryChunkStoreSettings;
import io.lilio.placement.MemberId;
import io.lilio.time.Time;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A member's disk, which outlives the processes that use it. Each call takes a while, in which its
 * process may die: what was not stored by then is lost, and what was confirmed a moment before may
 * be unconfirmed again.
 */
final class SimulatedDisk implements ChunkStore {

    private static final long CAPACITY_BYTES = 4 << 20;
    private static final int REMEMBERED = 16;

    private final Cluster cluster;
    private final MemberId member;
    private final Random random;
    private final Set<ChunkId> rotten = new TreeSet<>();
    private final Set<ChunkId> confirmedLately = new LinkedHashSet<>();
    private MemoryChunkStore memory;
    private Time time;
    private double errorRate;
    private boolean full;
    private boolean slow;
    private long losses;
    private long loss;

    SimulatedDisk(Cluster cluster, MemberId member) {
        this.cluster = cluster;
        this.member = member;
        this.random = cluster.newRandom();
        this.time = cluster.hardware().time();
        this.memory = newMemory();
    }

    private MemoryChunkStore newMemory() {
        return new MemoryChunkStore(
                new MemoryChunkStoreSettings("disk", Cluster.PARTITIONS, CAPACITY_BYTES),
                cluster.hardware().time());
    }

    /** A process takes the disk into use. */
    void mountedBy(SimulatedProcess process) {
        time = process.time();
    }

    /** The process that used it is gone: what was not synced yet comes back as it was. */
    void crashed() {
        for (ChunkId id : confirmedLately) {
            if (random.nextBoolean()) {
                markAnew(id);
            }
        }
        confirmedLately.clear();
    }

    /** A chunk is there, unconfirmed, that somebody had sent before. */
    void leave(ChunkHeader header, ByteBuffer payload) {
        memory.put(header, payload);
    }

    /** What it holds of a chunk. */
    ByteBuffer payload(ChunkHeader header) {
        ByteBuffer payload = ByteBuffer.allocate(header.length());
        memory.read(header.id(), 0, payload);
        return payload.flip();
    }

    /** One of its chunks is gone. */
    void lose(ChunkId id) {
        memory.delete(List.of(id));
    }

    /** One of its chunks is unconfirmed again. */
    void markAnew(ChunkId id) {
        Optional<ChunkHeader> header = memory.stat(id);
        if (header.isPresent()) {
            ByteBuffer payload = payload(header.get());
            memory.delete(List.of(id));
            memory.put(header.get(), payload);
        }
    }

    /**
     * Chunks are gone, which it tells until it is filled again.
     *
     * @param share of those that it holds, 0 to 1; it is a loss in any case
     */
    void loseSome(double share) {
        List<ChunkId> gone =
                stored().stream()
                        .map(ChunkHeader::id)
                        .filter(_ -> random.nextDouble() < share)
                        .toList();
        memory.delete(gone);
        gone.forEach(rotten::remove);
        gone.forEach(confirmedLately::remove);
        loss = ++losses;
    }

    /** Whether it has lost chunks and was not filled again since. */
    boolean isRefilling() {
        return loss != 0;
    }

    /** All that it holds is gone. */
    void wipe() {
        memory.close();
        memory = newMemory();
        rotten.clear();
        confirmedLately.clear();
    }

    void errors(double rate) {
        errorRate = rate;
    }

    void full(boolean now) {
        full = now;
    }

    void slow(boolean now) {
        slow = now;
    }

    void heal() {
        errorRate = 0;
        full = false;
        slow = false;
    }

    /** One of its chunks cannot be read any more. */
    void rot(ChunkId id) {
        rotten.add(id);
    }

    boolean isRotten() {
        return !rotten.isEmpty();
    }

    /** Everything that is there and can be read, without waiting. */
    List<ChunkHeader> held() {
        return stored().stream().filter(header -> !rotten.contains(header.id())).toList();
    }

    private List<ChunkHeader> stored() {
        List<ChunkHeader> stored = new ArrayList<>();
        for (int partition = 0; partition < Cluster.PARTITIONS; partition++) {
            stored.addAll(memory.list(partition, null, 10_000));
        }
        return stored;
    }

    boolean holds(ChunkId id) {
        return !rotten.contains(id) && memory.stat(id).isPresent();
    }

    /** The same, be it that it cannot be read. */
    boolean keeps(ChunkId id) {
        return memory.stat(id).isPresent();
    }

    /** Marks that are still to be looked up. */
    long unconfirmedCount() {
        return memory.usage().unconfirmed();
    }

    private <T> T use(Supplier<T> work) {
        pause();
        if (random.nextDouble() < errorRate) {
            throw new BackendException(Reason.IO, "the disk of " + member + " failed", null);
        }
        T result = work.get();
        pause();
        return result;
    }

    private void pause() {
        long most = slow ? 400_000_000 : 2_000_000;
        try {
            time.sleep(Duration.ofNanos(10_000 + (long) (random.nextDouble() * most)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean done(Runnable work) {
        return use(
                () -> {
                    work.run();
                    return true;
                });
    }

    @Override
    public void put(ChunkHeader header, ByteBuffer payload) {
        cluster.phases().puts();
        done(
                () -> {
                    if (full) {
                        throw new BackendException(Reason.FULL, "the disk is full", null);
                    }
                    if (rotten.remove(header.id())) {
                        memory.delete(List.of(header.id()));
                    }
                    memory.put(header, payload);
                });
    }

    @Override
    public ChunkHeader read(ChunkId id, int offset, ByteBuffer target) {
        return use(
                () -> {
                    requireSound(id);
                    return memory.read(id, offset, target);
                });
    }

    private void requireSound(ChunkId id) {
        if (rotten.contains(id)) {
            throw new ChunkCorruptException(id, "its bytes are not what was written");
        }
    }

    @Override
    public Optional<ChunkHeader> stat(ChunkId id) {
        return use(() -> memory.stat(id));
    }

    @Override
    public void delete(Collection<ChunkId> ids) {
        cluster.phases().deletes();
        done(
                () -> {
                    cluster.truth().beforeDeletion(member, ids);
                    memory.delete(ids);
                    rotten.removeAll(ids);
                    cluster.truth().afterDeletion(member);
                });
    }

    @Override
    public List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) {
        cluster.phases().lists();
        cluster.takeLong();
        return use(() -> memory.list(partition, after, limit));
    }

    @Override
    public void confirm(Collection<ChunkId> ids, long epoch) {
        done(
                () -> {
                    memory.confirm(ids, epoch);
                    confirmedLately.addAll(ids);
                    while (confirmedLately.size() > REMEMBERED) {
                        confirmedLately.remove(confirmedLately.iterator().next());
                    }
                });
    }

    @Override
    public List<MarkedChunk> unconfirmed(Duration age, @Nullable MarkedChunk after, int limit) {
        return use(() -> memory.unconfirmed(age, after, limit));
    }

    @Override
    public void markAllUnconfirmed() {
        done(memory::markAllUnconfirmed);
    }

    @Override
    public void refilled(long told) {
        done(
                () -> {
                    if (told == loss) {
                        cluster.truth().beforeRefilled();
                        loss = 0;
                        cluster.truth().afterRefilled(member);
                    }
                });
    }

    @Override
    public void verify(ChunkId id) {
        done(
                () -> {
                    requireSound(id);
                    memory.verify(id);
                });
    }

    @Override
    public BackendHealth health() {
        BackendHealth health = memory.health();
        return full
                ? new BackendHealth(
                        BackendHealth.State.FULL, health.capacityBytes(), 0, "it is full", 0)
                : health;
    }

    @Override
    public BackendUsage usage() {
        BackendUsage usage = memory.usage();
        return new BackendUsage(
                usage.chunks(),
                usage.payloadBytes(),
                usage.storedBytes(),
                usage.unconfirmed(),
                loss);
    }

    @Override
    public void close() {
        memory.close();
    }
}
