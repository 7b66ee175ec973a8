package io.lilio.replication;

import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.placement.MemberId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells members in batches which chunks all N hold, so that they drop their unconfirmed marks
 * (DESIGN §8). Only {@link BlobReplicas} feeds it, with chunks whose last copy landed before they
 * could be swept: should they be deleted before they are told, nothing happens. Bounded: what finds
 * no room, or whose member does not take it, is dropped, since a member looks up by itself what
 * stays unconfirmed. So is what was decided under an older ring, which no member would take (see
 * {@link ChunkStore#confirm}). At most one call is under way per member. Thread-safe.
 */
public final class Confirmations {

    private static final Logger log = LoggerFactory.getLogger(Confirmations.class);

    private final Members members;
    private final LongSupplier newestEpoch;
    private final LongPredicate sessionLives;
    private final ReplicationSettings.Confirmation settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();
    private final Map<MemberId, Outbox> outboxes = new HashMap<>();
    private List<WrittenChunk> added = new ArrayList<>();
    private boolean scheduled;
    private int dropped;

    /** Under which all that waits was decided. */
    private long waitingEpoch;

    /** What waits for one member, and whether a call to it is under way. */
    private static final class Outbox {
        List<ChunkId> waiting = new ArrayList<>();
        boolean sending;
    }

    /**
     * Sends through these members, by their settings.
     *
     * @param newestEpoch of the ring, as far as it is known here
     * @param sessionLives whether a session of this process, named by its incarnation, is known to
     *     live still. May wait for whoever knows it
     */
    public Confirmations(Members members, LongSupplier newestEpoch, LongPredicate sessionLives) {
        this.members = members;
        this.newestEpoch = newestEpoch;
        this.sessionLives = sessionLives;
        this.settings = members.settings().confirmations();
    }

    /**
     * All members hold a chunk, and its blob is committed. Until both were so its request has held
     * the session's mark, so that the blob was not swept before, provided that the session has
     * lived: that is asked before the chunk is confirmed, once for all that come within an interval
     * (rules STRAGGLERS_ASK_SESSION, LANDED_BEFORE_COMMIT). A session that had ended may have let
     * go of the blob, and the copy have landed when the others had been swept: also one that had
     * landed when the commit was answered, since it was applied before.
     */
    void add(WrittenChunk chunk) {
        lock.lock();
        try {
            if (added.size() >= settings.capacity()) {
                dropped += chunk.slots().size();
            } else {
                added.add(chunk);
            }
            schedule();
        } finally {
            lock.unlock();
        }
    }

    /** May wait when something was added. */
    private void admitAdded() {
        List<WrittenChunk> chunks;
        lock.lock();
        try {
            chunks = added;
            added = new ArrayList<>();
        } finally {
            lock.unlock();
        }
        Map<Long, Boolean> sessions = new HashMap<>();
        for (WrittenChunk chunk : chunks) {
            if (sessions.computeIfAbsent(chunk.session(), sessionLives::test)) {
                admit(chunk.id(), chunk.epoch(), chunk.slots());
            } else {
                drop(chunk.slots().size());
            }
        }
    }

    /**
     * All these members hold the chunk for certain, and its blob is committed.
     *
     * @param epoch of the ring that named them
     */
    void admit(ChunkId chunk, long epoch, List<MemberId> slots) {
        List<ConfirmCall> full = new ArrayList<>(0);
        lock.lock();
        try {
            dropOlder();
            if (epoch != waitingEpoch) {
                dropped += slots.size();
                schedule();
                return;
            }
            for (MemberId slot : slots) {
                Outbox outbox = outboxes.computeIfAbsent(slot, _ -> new Outbox());
                if (outbox.waiting.size() >= settings.capacity()) {
                    dropped++;
                } else {
                    outbox.waiting.add(chunk);
                    take(slot, outbox, settings.batch(), full);
                }
            }
            schedule();
        } finally {
            lock.unlock();
        }
        full.forEach(MemberCall::launch);
    }

    private void drop(int count) {
        lock.lock();
        try {
            dropped += count;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends what waits, now, and returns when the members have answered or cannot. For shutdown.
     */
    public void flush() {
        admitAdded();
        while (true) {
            List<ConfirmCall> calls = new ArrayList<>();
            lock.lock();
            try {
                takeAll(calls);
                if (calls.isEmpty()) {
                    if (outboxes.values().stream().noneMatch(outbox -> outbox.sending)) {
                        return;
                    }
                    answered.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
            calls.forEach(MemberCall::launch);
        }
    }

    /** Confirmations that wait to be sent, of all members together. */
    public int waitingCount() {
        lock.lock();
        try {
            return added.stream().mapToInt(chunk -> chunk.slots().size()).sum()
                    + outboxes.values().stream().mapToInt(outbox -> outbox.waiting.size()).sum();
        } finally {
            lock.unlock();
        }
    }

    void answered(MemberId member, int count, @Nullable RuntimeException failure) {
        List<ConfirmCall> next = new ArrayList<>(0);
        lock.lock();
        try {
            if (failure != null) {
                log.debug("{} confirmations were not taken by {}", count, member, failure);
                dropped += count;
            }
            Outbox outbox = outboxes.computeIfAbsent(member, _ -> new Outbox());
            outbox.sending = false;
            dropOlder();
            take(member, outbox, settings.batch(), next);
            if (!outbox.waiting.isEmpty() || dropped > 0) {
                schedule();
            }
            answered.signalAll();
        } finally {
            lock.unlock();
        }
        next.forEach(MemberCall::launch);
    }

    private void dropOlder() {
        long newest = newestEpoch.getAsLong();
        if (newest != waitingEpoch) {
            waitingEpoch = newest;
            for (Outbox outbox : outboxes.values()) {
                dropped += outbox.waiting.size();
                outbox.waiting = new ArrayList<>();
            }
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            members.time().schedule(settings.interval(), this::intervalOver);
        }
    }

    private void intervalOver() {
        admitAdded();
        List<ConfirmCall> calls = new ArrayList<>();
        int lost;
        lock.lock();
        try {
            scheduled = false;
            takeAll(calls);
            lost = dropped;
            dropped = 0;
        } finally {
            lock.unlock();
        }
        if (lost > 0) {
            members.listener().confirmationsDropped(lost);
        }
        calls.forEach(MemberCall::launch);
    }

    private void takeAll(List<ConfirmCall> calls) {
        dropOlder();
        outboxes.forEach((member, outbox) -> take(member, outbox, 1, calls));
    }

    /** Takes a call's worth, when at least that many wait and no call is under way. */
    private void take(MemberId member, Outbox outbox, int atLeast, List<ConfirmCall> calls) {
        List<ChunkId> waiting = outbox.waiting;
        if (outbox.sending || waiting.size() < atLeast) {
            return;
        }
        List<ChunkId> batch = waiting;
        if (waiting.size() > settings.batch()) {
            batch = List.copyOf(waiting.subList(0, settings.batch()));
            outbox.waiting = new ArrayList<>(waiting.subList(batch.size(), waiting.size()));
        } else {
            outbox.waiting = new ArrayList<>();
        }
        MemberClient client = members.find(member).orElse(null);
        ConfirmCall call =
                client == null ? null : new ConfirmCall(client, batch, waitingEpoch, this);
        if (call == null || !call.admit()) {
            dropped += batch.size();
            return;
        }
        outbox.sending = true;
        calls.add(call);
    }
}
