package io.lilio.server.rpc;

import io.lilio.time.Time;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections that have not proved who they are. Their number is bounded, so that they take
 * neither memory nor the places of nodes. Nodes that connect all at once need a place only for the
 * few milliseconds of a handshake: the others wait for theirs. Where none becomes free, who has had
 * one for longest, and long enough, loses it: it says nothing, most likely, and however many such
 * there are, they keep no node out. Thread-safe.
 */
final class Strangers {

    private final int most;
    private final Duration turn;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final SequencedMap<SocketChannel, Long> since = new LinkedHashMap<>();
    private boolean closed;

    /**
     * @param most at once
     * @param turn how long each may have its place when others wait
     */
    Strangers(int most, Duration turn, Time time) {
        this.most = most;
        this.turn = turn;
        this.time = time;
    }

    /**
     * Gives a connection a place, for which it waits no longer than a turn.
     *
     * @return the one that has lost its place for it, and is to be closed
     */
    Optional<SocketChannel> admit(SocketChannel channel) throws InterruptedException {
        lock.lock();
        try {
            Optional<SocketChannel> loser = Optional.empty();
            while (since.size() >= most && loser.isEmpty() && !closed) {
                Map.Entry<SocketChannel, Long> longest = since.firstEntry();
                long rest = longest.getValue() + turn.toNanos() - time.nanos();
                if (rest > 0) {
                    boolean _ = left.await(rest, TimeUnit.NANOSECONDS);
                } else {
                    since.remove(longest.getKey());
                    loser = Optional.of(longest.getKey());
                }
            }
            since.put(channel, time.nanos());
            return loser;
        } finally {
            lock.unlock();
        }
    }

    /** It has proved who it is, or it is closed. */
    void leave(SocketChannel channel) {
        lock.lock();
        try {
            if (since.remove(channel) != null) {
                left.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Who waits waits no longer. */
    void close() {
        lock.lock();
        try {
            closed = true;
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
