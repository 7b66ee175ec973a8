package io.lilio.replication;

import io.lilio.chunk.ChunkConflictException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.placement.MemberId;
import io.lilio.replication.QuorumTracker.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One chunk on its way to its members. Thread-safe. */
public final class ChunkWrite {

    private final ChunkWriter writer;
    private final BlobReplicas blob;
    private final ChunkHeader header;
    private final PooledBuffer payload;
    private final List<MemberId> slots;
    private final @Nullable SlotPut[] puts;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition decided = lock.newCondition();
    private final QuorumTracker tracker;
    private final WriteFailures failures = new WriteFailures();
    private @Nullable CompletableFuture<WriteOutcome> completion;

    // Bit by bit, by place among the slots.
    private long launched;
    private long begun;
    private long over;
    private long straggling;

    /** Members that are behind: asked only if the others are not enough. */
    private long reserve;

    private boolean retained;
    private boolean rolledBack;
    private boolean reported;
    private boolean finished;

    ChunkWrite(
            ChunkWriter writer,
            BlobReplicas blob,
            ChunkHeader header,
            PooledBuffer payload,
            List<MemberId> slots) {
        this.writer = writer;
        this.blob = blob;
        this.header = header;
        this.payload = payload;
        this.slots = slots;
        this.puts = new SlotPut[slots.size()];
        this.tracker = new QuorumTracker(slots.size(), writer.writeQuorum());
    }

    /**
     * Waits until W members have the chunk durably, or until that has become impossible. An
     * interrupt does not end the wait; deadlines do.
     *
     * @throws io.lilio.ObjectStoreException UNAVAILABLE when fewer than W members can take it,
     *     STORAGE_FULL or SLOW_DOWN when that is because they are full or overloaded. The caller
     *     rolls the blob back
     */
    public void await() {
        lock.lock();
        try {
            while (tracker.verdict() == Verdict.OPEN) {
                decided.awaitUninterruptibly();
            }
            if (tracker.verdict() == Verdict.IMPOSSIBLE) {
                throw failures.toException(writer.writeQuorum(), slots.size());
            }
        } finally {
            lock.unlock();
        }
    }

    /** How it stands. */
    public WriteOutcome outcome() {
        lock.lock();
        try {
            List<MemberId> acked = new ArrayList<>();
            List<MemberId> failed = new ArrayList<>();
            List<MemberId> open = new ArrayList<>();
            for (int place = 0; place < slots.size(); place++) {
                List<MemberId> group =
                        tracker.saidYes(place) ? acked : tracker.saidNo(place) ? failed : open;
                group.add(slots.get(place));
            }
            return new WriteOutcome(List.copyOf(acked), List.copyOf(failed), List.copyOf(open));
        } finally {
            lock.unlock();
        }
    }

    /** Completes, never exceptionally, when no member's answer is open any more. */
    public CompletionStage<WriteOutcome> completion() {
        lock.lock();
        try {
            if (completion == null) {
                completion = new CompletableFuture<>();
                if (tracker.complete()) {
                    completion.complete(outcome());
                }
            }
            return completion;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends it, unless too few members would get it: then it fails without any having been sent.
     */
    void begin() {
        admitAll();
        if (Long.bitCount(launched) < writer.writeQuorum()) {
            callOff();
        } else {
            payload.retain();
            retained = true;
            // Not under the lock, for which those that are launched would wait.
            long toLaunch = launched;
            for (int place = 0; place < puts.length; place++) {
                if ((toLaunch & bit(place)) != 0) {
                    putAt(place).launch();
                }
            }
        }
        settle();
    }

    private void admitAll() {
        boolean sparing = writer.stragglers().exhausted();
        for (int place = 0; place < puts.length; place++) {
            MemberClient client = writer.members().find(slots.get(place)).orElse(null);
            if (client == null) {
                failures.addUnknown();
                tracker.no(place);
                continue;
            }
            puts[place] = new SlotPut(client, this, place);
            if (sparing && client.stragglers().get() > 0) {
                reserve |= bit(place);
            } else {
                admit(place);
            }
        }
        askReserve(false);
    }

    private boolean admit(int place) {
        SlotPut put = putAt(place);
        if (put.admit()) {
            launched |= bit(place);
            return true;
        }
        failures.add(put.refusal());
        tracker.no(place);
        return false;
    }

    /** Asks as many members in reserve as it takes to make the quorum possible. */
    private void askReserve(boolean launch) {
        while (reserve != 0 && tracker.verdict() == Verdict.OPEN && !possibleWithoutReserve()) {
            int place = Long.numberOfTrailingZeros(reserve);
            reserve &= ~bit(place);
            if (admit(place) && launch) {
                putAt(place).launch();
            }
        }
    }

    private boolean possibleWithoutReserve() {
        int left = slots.size() - tracker.noCount() - Long.bitCount(reserve);
        return left >= writer.writeQuorum();
    }

    /** Nobody in reserve is needed, or would help. */
    private void dropReserve() {
        while (reserve != 0) {
            int place = Long.numberOfTrailingZeros(reserve);
            reserve &= ~bit(place);
            tracker.no(place);
            writer.members().listener().stragglerDropped(putAt(place).client().member());
        }
    }

    /** Too few could be asked. */
    private void callOff() {
        for (int place = 0; place < puts.length; place++) {
            if ((launched & bit(place)) != 0) {
                putAt(place).withdraw();
                tracker.no(place);
            }
        }
        launched = 0;
        dropReserve();
    }

    ChunkHeader header() {
        return header;
    }

    List<MemberId> slots() {
        return slots;
    }

    /** A view of its own for each put. */
    ByteBuffer payload() {
        return payload.view(0, header.length());
    }

    /** Whether the put at that place, whose thread has just begun to run, is to be made. */
    boolean wants(int place) {
        boolean dropped;
        lock.lock();
        try {
            dropped = tracker.verdict() == Verdict.REACHED && writer.stragglers().exhausted();
            boolean wanted = !dropped && !rolledBack && tracker.verdict() != Verdict.IMPOSSIBLE;
            if (wanted) {
                begun |= bit(place);
                return true;
            }
        } finally {
            lock.unlock();
        }
        if (dropped) {
            writer.members().listener().stragglerDropped(putAt(place).client().member());
        }
        return false;
    }

    /**
     * @param ioGoesOn whether it was only abandoned
     */
    void answered(int place, @Nullable RuntimeException failure, boolean ioGoesOn) {
        if (failure instanceof ChunkConflictException) {
            writer.members().listener().conflictingReplicas(header.id());
        }
        boolean delete;
        lock.lock();
        try {
            delete = !ioGoesOn && markOver(place);
            Verdict before = tracker.verdict();
            if (failure == null) {
                tracker.yes(place);
            } else {
                failures.add(failure);
                tracker.no(place);
                askReserve(true);
            }
            if (before == Verdict.OPEN && tracker.verdict() != Verdict.OPEN) {
                decided.signalAll();
                dropReserve();
                countStragglers();
            }
        } finally {
            lock.unlock();
        }
        follow(place, delete);
    }

    private void countStragglers() {
        straggling = launched & ~over;
        if (straggling == 0) {
            return;
        }
        writer.stragglers().hold(payload.size());
        for (int place = 0; place < puts.length; place++) {
            if ((straggling & bit(place)) != 0) {
                putAt(place).client().stragglers().incrementAndGet();
            }
        }
    }

    void ended(int place) {
        boolean delete;
        lock.lock();
        try {
            delete = markOver(place);
        } finally {
            lock.unlock();
        }
        follow(place, delete);
    }

    /**
     * The I/O of a put is over.
     *
     * @return whether what it wrote has to be deleted
     */
    private boolean markOver(int place) {
        if ((over & bit(place)) != 0) {
            return false;
        }
        over |= bit(place);
        if ((straggling & bit(place)) != 0) {
            putAt(place).client().stragglers().decrementAndGet();
        }
        return rolledBack && (begun & bit(place)) != 0;
    }

    private void follow(int place, boolean delete) {
        if (delete) {
            writer.deleteLater(header.id(), slots.get(place));
        }
        settle();
    }

    /** Does, once each, what is to be done when no answer is open and when all I/O is over. */
    private void settle() {
        finish();
        report();
    }

    /**
     * No answer is open any more, though I/O that was abandoned may go on for as long as it likes.
     */
    private void report() {
        CompletableFuture<WriteOutcome> waiting;
        boolean reached;
        int attempted;
        int succeeded;
        lock.lock();
        try {
            if (reported || !tracker.complete()) {
                return;
            }
            reported = true;
            waiting = completion;
            reached = reached();
            attempted = Long.bitCount(launched);
            succeeded = tracker.yesCount();
        } finally {
            lock.unlock();
        }
        writer.members().listener().quorumWrite(reached, attempted, succeeded);
        if (waiting != null) {
            waiting.complete(outcome());
        }
    }

    /** All I/O is over: gives the memory back and tells the blob. */
    private void finish() {
        WrittenChunk written;
        lock.lock();
        try {
            if (finished || !tracker.complete() || over != launched) {
                return;
            }
            finished = true;
            if (straggling != 0) {
                writer.stragglers().release(payload.size());
            }
            if (retained) {
                payload.release();
            }
            boolean everywhere = tracker.yesCount() == slots.size();
            written =
                    new WrittenChunk(
                            header.id(),
                            header.epoch(),
                            header.session(),
                            slots,
                            begun,
                            reached(),
                            everywhere);
        } finally {
            lock.unlock();
        }
        blob.finished(this, written);
    }

    boolean reached() {
        lock.lock();
        try {
            return tracker.verdict() == Verdict.REACHED;
        } finally {
            lock.unlock();
        }
    }

    /**
     * From now on, no put begins and each that ends is followed by a delete.
     *
     * @return bit by bit, the places where a put has ended already
     */
    long rollback() {
        lock.lock();
        try {
            rolledBack = true;
            return begun & over;
        } finally {
            lock.unlock();
        }
    }

    private SlotPut putAt(int place) {
        SlotPut put = puts[place];
        if (put == null) {
            throw new IllegalStateException("no put at place " + place);
        }
        return put;
    }

    static long bit(int place) {
        return 1L << place;
    }
}
