package io.lilio.replication;

import io.lilio.chunk.ChunkDeletedException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.placement.MemberId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings replicas level that a read found missing, corrupt or different. Works in the background on
 * a bounded queue; before it writes, it reads the chunk's owner anew (rule REPAIR_READS_OWNER), so
 * that nothing is brought back that was deleted meanwhile, and holds back its sweep until it has
 * written (rule REGISTER_BEFORE_READ). Copies carry the unconfirmed mark. Thread-safe; one per
 * process.
 */
public final class ReadRepair implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ReadRepair.class);

    private final Members members;
    private final ChunkLocator locator;
    private final OwnerCheck owners;
    private final Supplier<SweepHold> holding;
    private final ChunkCopier copier;
    private final ReplicationSettings.Repair settings;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final ArrayDeque<Task> queue = new ArrayDeque<>();
    private final Set<ChunkId> queued = new HashSet<>();
    private int workers;
    private boolean closed;

    private boolean scheduled;

    private record Task(ChunkHeader header, Set<MemberId> suspects, long dueNanos) {}

    /**
     * @param members whose replicas are compared
     * @param locator where chunks belong
     * @param owners says whether a chunk is still wanted
     * @param holding begins to hold back sweeps of what is found to be wanted
     * @param buffers carry the copies
     */
    public ReadRepair(
            Members members,
            ChunkLocator locator,
            OwnerCheck owners,
            Supplier<SweepHold> holding,
            BufferPool buffers) {
        this.members = members;
        this.locator = locator;
        this.owners = owners;
        this.holding = holding;
        this.copier = new ChunkCopier(members, buffers);
        this.settings = members.settings().repair();
    }

    /** Chunks that wait to be mended. */
    public int waitingCount() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more, and returns when the repairs under way have ended. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            queue.clear();
            queued.clear();
            while (workers > 0) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Queues a chunk, unless it waits already or there is no room.
     *
     * @param header of a good copy
     * @param suspects members whose copy could not be read, whatever they claim to have
     */
    void offer(ChunkHeader header, Set<MemberId> suspects) {
        boolean refused = false;
        lock.lock();
        try {
            if (closed || queued.contains(header.id())) {
                return;
            }
            if (queue.size() >= settings.capacity()) {
                refused = true;
            } else {
                long due = members.time().nanos() + settings.delay().toNanos();
                queue.add(new Task(header, suspects, due));
                queued.add(header.id());
                schedule();
            }
        } finally {
            lock.unlock();
        }
        if (refused) {
            members.listener().repairFailed(header.id());
        }
    }

    /** Wakes a worker when the oldest task is due, unless all are awake. */
    private void schedule() {
        Task oldest = queue.peek();
        if (oldest != null && !scheduled && workers < settings.workers()) {
            scheduled = true;
            long delay = Math.max(0, oldest.dueNanos() - members.time().nanos());
            members.time().schedule(Duration.ofNanos(delay), this::work);
        }
    }

    private void work() {
        lock.lock();
        try {
            scheduled = false;
            workers++;
        } finally {
            lock.unlock();
        }
        try {
            for (Task task = next(); task != null; task = next()) {
                try {
                    repair(task);
                } catch (ChunkDeletedException e) {
                    log.debug("nobody wants it any more", e);
                } catch (RuntimeException e) {
                    log.warn("chunk {} was not mended: {}", task.header().id(), e.toString());
                    members.listener().repairFailed(task.header().id());
                }
            }
        } finally {
            leave();
        }
    }

    private void leave() {
        lock.lock();
        try {
            workers--;
            schedule();
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The oldest task if it is due. */
    private @Nullable Task next() {
        lock.lock();
        try {
            Task oldest = queue.peek();
            if (oldest != null && oldest.dueNanos() - members.time().nanos() <= 0) {
                queue.remove();
                queued.remove(oldest.header().id());
                schedule();
                return oldest;
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void repair(Task task) {
        try (SweepHold _ = holding.get()) {
            repairHolding(task);
        }
    }

    private void repairHolding(Task task) {
        ChunkHeader header = task.header();
        if (!owners.isOwned(header)) {
            return;
        }
        ChunkId chunk = header.id();
        List<MemberId> slots = locator.slots(chunk, header.epoch());
        CopyOutcome outcome = copier.bringLevel(chunk, slots, slots, task.suspects());
        for (MemberId copied : outcome.copied()) {
            members.find(copied)
                    .ifPresent(client -> members.listener().repaired(client.member(), chunk));
        }
        if (!outcome.level()) {
            members.listener().repairFailed(chunk);
        }
    }
}
