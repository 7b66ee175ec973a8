package io.lilio.replication;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkMissingException;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.placement.MemberId;
import io.lilio.replication.Replica.Knowledge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One chunk on its way to a reader. Thread-safe.
 *
 * <p>There is no thread that drives it: each answer, and the hedge's alarm, takes the lock and asks
 * {@link #advance} what follows.
 */
public final class ChunkRead implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ChunkRead.class);

    /**
     * After that a hedge for which there was no buffer, or no place at a member, is tried again.
     */
    private static final Duration HEDGE_AGAIN = Duration.ofMillis(100);

    /** Whether the locator was asked to look again. */
    private enum Relocation {
        NOT_YET,
        UNDER_WAY,
        DONE
    }

    private final ChunkReader reader;
    private final ChunkRange range;
    private final long beganNanos;
    private final HedgeAlarm hedge = new HedgeAlarm();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition decided = lock.newCondition();
    private final List<Replica> replicas = new ArrayList<>();
    private Relocation relocation = Relocation.NOT_YET;
    private int slots;
    private int reading;
    private @Nullable DataCall latest;
    private int asking;
    private boolean hedged;
    private @Nullable VerifiedBytes data;
    private @Nullable ChunkHeader header;
    private @Nullable RuntimeException latestFailure;
    private @Nullable ObjectStoreException failure;
    private boolean ready;
    private boolean closed;
    private boolean finished;

    ChunkRead(ChunkReader reader, ChunkRange range) {
        this.reader = reader;
        this.range = range;
        this.beganNanos = reader.members().time().nanos();
    }

    /**
     * Waits for verified bytes; called once. An interrupt does not end the wait; deadlines do.
     *
     * @return the bytes, which the caller owns and releases
     * @throws io.lilio.ObjectStoreException UNAVAILABLE when no member delivered them, whether they
     *     could not be asked or do not have them: never a "not found", since a record names the
     *     chunk
     */
    public VerifiedBytes await() {
        lock.lock();
        try {
            while (!ready && failure == null && !closed) {
                decided.awaitUninterruptibly();
            }
            if (failure != null) {
                throw failure;
            }
            VerifiedBytes taken = data;
            if (taken == null) {
                throw new IllegalStateException("the bytes were awaited before, or given up");
            }
            data = null;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the read up: bytes that nobody awaited are released as soon as that is possible. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (data != null) {
                data.close();
                data = null;
            }
            decided.signalAll();
        } finally {
            lock.unlock();
        }
        settle();
    }

    void begin(List<MemberId> members, PooledBuffer buffer) {
        lock.lock();
        try {
            slots = members.size();
            replicas.addAll(reader.order().of(members));
            readNext(buffer, false);
            if (reader.isPresenceInDoubt(range.id(), replicas)) {
                askPresence(reader.replication().readQuorum() - 1);
            }
            if (reading > 0) {
                reader.members().hedges().set(hedge, reader.hedgeDelay().nanos());
            }
            advance();
        } finally {
            lock.unlock();
        }
        settle();
    }

    /** Decides what follows from what is known. */
    private void advance() {
        if (ready || failure != null || closed) {
            return;
        }
        if (data != null) {
            if (!strictlyConfirmed() && asking == 0) {
                askPresence(1);
            }
            if (strictlyConfirmed()) {
                becomeReady();
            } else if (asking == 0 && reading == 0) {
                fail("fewer than the read quorum of its members answered");
            }
            return;
        }
        if (reading == 0) {
            readNext(null, false);
        }
        boolean nothingOpen = reading == 0 && asking == 0;
        if (relocation == Relocation.NOT_YET && (nothingOpen || agreedMissing())) {
            relocate();
        } else if (nothingOpen && relocation == Relocation.DONE) {
            fail(
                    agreedMissing()
                            ? "a read quorum of its members does not have it"
                            : "none of its members could deliver it");
        }
    }

    /** Whether as many as a read quorum say that they do not have it. */
    private boolean agreedMissing() {
        return count(Knowledge.MISSING) >= readQuorum();
    }

    private boolean strictlyConfirmed() {
        return !reader.replication().strictReads()
                || replicas.stream().filter(Replica::answered).count() >= readQuorum();
    }

    /** While fewer members than N are there, fewer than R may be enough. */
    private int readQuorum() {
        return Math.max(1, Math.min(reader.replication().readQuorum(), slots));
    }

    private long count(Knowledge knowledge) {
        return replicas.stream().filter(replica -> replica.knowledge == knowledge).count();
    }

    /** Asks the best replica that was not tried for the bytes: one that is known to have them. */
    private void readNext(@Nullable PooledBuffer buffer, boolean asHedge) {
        PooledBuffer unused = buffer;
        for (Knowledge wanted : List.of(Knowledge.PRESENT, Knowledge.UNKNOWN)) {
            for (Replica replica : replicas) {
                MemberClient client = replica.client;
                if (client == null || !replica.promising() || replica.knowledge != wanted) {
                    continue;
                }
                DataCall call = new DataCall(this, replica, client, unused, asHedge);
                if (call.admit()) {
                    replica.tried = true;
                    replica.asked = true;
                    reading++;
                    latest = call;
                    call.launch();
                    return;
                }
                latestFailure = call.refusal();
                // A hedge comes back to it: what is under way may never end.
                if (!asHedge) {
                    replica.tried = true;
                    replica.knowledge = Knowledge.UNREACHABLE;
                }
            }
        }
        if (unused != null) {
            unused.release();
        }
    }

    /**
     * Asks so many replicas that nothing was asked of yet whether they have the chunk; first of all
     * one whose breaker waits for a call that decides, since nobody else would make that call.
     */
    private void askPresence(int howMany) {
        int left = howMany;
        if (!reader.replication().strictReads()) {
            left -= askPresence(left, BreakerState.HALF_OPEN);
        }
        left -= askPresence(left, BreakerState.CLOSED);
        askPresence(left, BreakerState.HALF_OPEN);
    }

    /** Asks at most so many of those whose breaker is in that state. */
    private int askPresence(int atMost, BreakerState state) {
        int asked = 0;
        for (Replica replica : replicas) {
            MemberClient client = replica.client;
            boolean eligible =
                    client != null
                            && !replica.asked
                            && replica.knowledge == Knowledge.UNKNOWN
                            && client.readState() == state;
            if (client == null || !eligible || asked == atMost) {
                continue;
            }
            PresenceCall call =
                    new PresenceCall(
                            client,
                            range.id(),
                            (found, failed) -> presenceAnswered(replica, found, failed));
            if (call.admit()) {
                replica.asked = true;
                asking++;
                asked++;
                call.launch();
            }
        }
        return asked;
    }

    private void relocate() {
        relocation = Relocation.UNDER_WAY;
        reader.members().start(this::lookAgain);
    }

    private void lookAgain() {
        List<MemberId> members = List.of();
        RuntimeException failed = null;
        try {
            members = reader.locator().slotsReadAnew(range.id(), range.blobEpoch());
        } catch (RuntimeException e) {
            log.info("chunk {} could not be looked up again: {}", range.id(), e.toString());
            failed = e;
        }
        lock.lock();
        try {
            relocation = Relocation.DONE;
            if (failed != null) {
                latestFailure = failed;
            }
            Set<MemberId> known = new HashSet<>();
            replicas.forEach(replica -> known.add(replica.member));
            List<MemberId> others = members.stream().filter(m -> !known.contains(m)).toList();
            if (!others.isEmpty()) {
                replicas.addAll(reader.order().of(others));
                readNext(null, false);
            }
            advance();
        } finally {
            lock.unlock();
        }
        settle();
    }

    void dataAnswered(DataCall call, @Nullable RuntimeException failed) {
        lock.lock();
        try {
            reading--;
            Replica replica = call.replica();
            if (failed == null) {
                replica.knowledge = Knowledge.PRESENT;
                replica.header = call.header();
                accept(call);
            } else {
                note(replica, failed);
                boolean again = wantsData() && reading == 0 && !call.abandoned();
                if (again) {
                    readNext(call.takeBuffer(), false);
                }
            }
            advance();
        } finally {
            lock.unlock();
        }
        settle();
    }

    private void accept(DataCall call) {
        ChunkHeader found = call.header();
        if (data != null || ready || closed || failure != null || found == null) {
            return;
        }
        PooledBuffer buffer = call.takeBuffer();
        if (buffer == null) {
            throw new IllegalStateException("a read without a buffer");
        }
        header = found;
        data =
                new VerifiedBytes(
                        found, buffer, range.offset() - range.blockStart(), range.length());
        reader.members().hedges().off(hedge);
        reader.hedgeDelay().sample(reader.members().time().nanos() - beganNanos);
        if (hedged) {
            reader.members().listener().hedged(call.isHedge());
        }
    }

    private void presenceAnswered(
            Replica replica, @Nullable ChunkHeader found, @Nullable RuntimeException failed) {
        lock.lock();
        try {
            asking--;
            if (failed != null) {
                note(replica, failed);
            } else if (found == null) {
                replica.knowledge = Knowledge.MISSING;
            } else if (replica.knowledge == Knowledge.UNKNOWN) {
                replica.knowledge = Knowledge.PRESENT;
                replica.header = found;
            }
            advance();
        } finally {
            lock.unlock();
        }
        settle();
    }

    private void note(Replica replica, RuntimeException failed) {
        latestFailure = failed;
        replica.knowledge =
                switch (failed) {
                    case ChunkMissingException _ -> Knowledge.MISSING;
                    case ChunkCorruptException _ -> Knowledge.CORRUPT;
                    default -> Knowledge.UNREACHABLE;
                };
        MemberClient client = replica.client;
        if (replica.knowledge == Knowledge.CORRUPT && client != null) {
            log.warn("member {}: {}", client.member().name(), failed.getMessage());
            reader.members().listener().corruptReplica(client.member(), range.id());
        }
    }

    private void becomeReady() {
        ready = true;
        decided.signalAll();
    }

    private void fail(String why) {
        if (data != null) {
            data.close();
            data = null;
        }
        reader.members().hedges().off(hedge);
        failure =
                new ObjectStoreException(
                        Kind.UNAVAILABLE,
                        "chunk %s cannot be read: %s".formatted(range.id(), why),
                        latestFailure);
        decided.signalAll();
    }

    /**
     * When everyone asked has answered: counts the read unless its caller gave it up, and has
     * mended what was amiss.
     */
    private void settle() {
        ChunkHeader good;
        boolean counts;
        int attempted;
        int succeeded;
        lock.lock();
        try {
            boolean over = ready || failure != null || closed;
            boolean open = reading > 0 || asking > 0 || relocation == Relocation.UNDER_WAY;
            if (finished || !over || open) {
                return;
            }
            finished = true;
            counts = ready || failure != null;
            attempted = (int) replicas.stream().filter(replica -> replica.asked).count();
            succeeded = (int) count(Knowledge.PRESENT);
            boolean amiss = replicas.stream().anyMatch(this::isAmiss);
            good = amiss ? header : null;
            if (!amiss && ready && succeeded >= readQuorum()) {
                reader.foundComplete(range.id());
            }
        } finally {
            lock.unlock();
        }
        reader.members().hedges().off(hedge);
        if (counts) {
            reader.members().listener().quorumRead(ready, attempted, succeeded);
        }
        if (good != null) {
            reader.repair().offer(good, suspects());
        }
    }

    private boolean isAmiss(Replica replica) {
        boolean differs =
                header != null && replica.header != null && !header.samePayload(replica.header);
        return differs || replica.bad();
    }

    /** Members that failed to read what they may well claim to have. */
    private Set<MemberId> suspects() {
        Set<MemberId> suspects = new HashSet<>();
        for (Replica replica : replicas) {
            if (replica.bad() && replica.tried || replica.knowledge == Knowledge.CORRUPT) {
                suspects.add(replica.member);
            }
        }
        return suspects;
    }

    /** Whether the bytes are there. */
    boolean isReady() {
        lock.lock();
        try {
            return ready;
        } finally {
            lock.unlock();
        }
    }

    BufferPool buffers() {
        return reader.buffers();
    }

    ChunkRange range() {
        return range;
    }

    /** Whether the bytes are still to be had. */
    boolean wantsData() {
        lock.lock();
        try {
            return data == null && !ready && failure == null && !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Asks a second replica when the first takes long, and the next when that does too. */
    private final class HedgeAlarm extends Alarm {
        @Override
        protected void ring() {
            lock.lock();
            try {
                if (!wantsData() || reading == 0) {
                    return;
                }
                if (latest != null) {
                    latest.overdue();
                }
                int before = reading;
                reader.buffers()
                        .tryAcquire(range.blockBytes())
                        .ifPresent(buffer -> readNext(buffer, true));
                if (reading > before) {
                    hedged = true;
                    reader.members().hedges().set(this, reader.hedgeDelay().nanos());
                } else if (replicas.stream().anyMatch(Replica::promising)) {
                    reader.members().hedges().set(this, HEDGE_AGAIN.toNanos());
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
