package io.lilio.server.rpc;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connections to one peer: those in use, and idle ones, the latest used first. Thread-safe. */
final class PeerPool {

    /** One that was used so lately is tried as it is; if it fails, the call is made again. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final PeerAddress peer;
    private final RpcClientSettings settings;
    private final RpcRuntime runtime;
    private final Dialler dialler;
    private final Overseer overseer;
    private final Semaphore permits;
    private final Deque<PeerConnection> idle = new ArrayDeque<>();
    private int stores;

    PeerPool(
            PeerAddress peer,
            RpcClientSettings settings,
            RpcRuntime runtime,
            Dialler dialler,
            Overseer overseer) {
        this.peer = peer;
        this.settings = settings;
        this.runtime = runtime;
        this.dialler = dialler;
        this.overseer = overseer;
        this.permits = new Semaphore(settings.connections());
    }

    PeerAddress peer() {
        return peer;
    }

    /** Counts a store that uses it. */
    synchronized void join() {
        stores++;
    }

    /** Counts one less; the last one closes what is idle. */
    boolean leave() {
        synchronized (this) {
            stores--;
            if (stores > 0) {
                return false;
            }
        }
        discardIdle();
        return true;
    }

    /** The connections that one store may use at once: not all, as its disk may hang. */
    Semaphore newShare() {
        return new Semaphore(Math.max(1, settings.connections() * 3 / 4));
    }

    /**
     * Waits until another connection may be used.
     *
     * @param share of the store that asks
     * @return false when none became free in time
     */
    boolean admit(Semaphore share, long deadlineNanos) {
        if (!take(share, deadlineNanos)) {
            return false;
        }
        boolean admitted = take(permits, deadlineNanos);
        if (!admitted) {
            share.release();
        }
        return admitted;
    }

    private boolean take(Semaphore from, long deadlineNanos) {
        if (from.tryAcquire()) {
            return true;
        }
        try {
            long nanos = Math.max(0, deadlineNanos - runtime.time().nanos());
            return from.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** After {@link #admit}, when its connection has been given back or discarded. */
    void dismiss(Semaphore share) {
        permits.release();
        share.release();
    }

    /** One that was used before and seems to be open still. */
    @Nullable PeerConnection reuse() {
        while (true) {
            @Nullable PeerConnection last;
            synchronized (this) {
                last = idle.pollFirst();
            }
            if (last == null) {
                return null;
            }
            boolean doubtful =
                    last.idleNanos(runtime.time().nanos()) > FRESH.toNanos()
                            && last.frames().isStale();
            if (!doubtful) {
                return last;
            }
            discard(last);
        }
    }

    /** A new one. */
    PeerConnection dial(long deadlineNanos) throws IOException {
        Duration left = Duration.ofNanos(deadlineNanos - runtime.time().nanos());
        Duration most = settings.deadlines().connect();
        PeerConnection connection = dialler.dial(peer, left.compareTo(most) < 0 ? left : most);
        runtime.listener().connections(RpcListener.Side.CLIENT, 1);
        return connection;
    }

    void giveBack(PeerConnection connection) {
        connection.idleSince(runtime.time().nanos());
        synchronized (this) {
            if (stores > 0) {
                idle.addFirst(connection);
                return;
            }
        }
        discard(connection);
    }

    void discard(PeerConnection connection) {
        overseer.forget(connection.frames().deadline());
        connection.close();
        runtime.listener().connections(RpcListener.Side.CLIENT, -1);
    }

    /** The peer has gone: whatever is idle is worth nothing. */
    void discardIdle() {
        Deque<PeerConnection> all;
        synchronized (this) {
            all = new ArrayDeque<>(idle);
            idle.clear();
        }
        all.forEach(this::discard);
    }

    /** Closes those that nobody has used for long. */
    void discardUnused() {
        Deque<PeerConnection> unused = new ArrayDeque<>();
        long now = runtime.time().nanos();
        synchronized (this) {
            Iterator<PeerConnection> oldestFirst = idle.descendingIterator();
            while (oldestFirst.hasNext()) {
                PeerConnection oldest = oldestFirst.next();
                if (oldest.idleNanos(now) < settings.idle().toNanos()) {
                    break;
                }
                oldestFirst.remove();
                unused.add(oldest);
            }
        }
        unused.forEach(this::discard);
    }
}
