package io.lilio.server.rpc;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What the calls of one member may take at once of what all members of a node share: its even part,
 * and a quarter at least. So a disk that hangs, whose calls keep what they have taken for as long
 * as it likes, leaves the others theirs. Thread-safe; who waits does so in line.
 */
final class MemberShare {

    private static final int LEAST_PART = 4;

    private final Semaphore calls;
    private final Semaphore kibibytes;
    private final int allKibibytes;

    /**
     * @param limits of all members together
     * @param members how many share them
     */
    MemberShare(RpcServerSettings.Limits limits, int members) {
        int parts = Math.clamp(members, 1, LEAST_PART);
        this.calls = new Semaphore(Math.max(1, limits.calls() / parts), true);
        this.allKibibytes = (int) (limits.bufferBytes() / 1024 / parts);
        this.kibibytes = new Semaphore(allKibibytes, true);
    }

    /** Waits until one more call may begin, which then leaves; false when it took too long. */
    boolean enter(Duration patience) {
        return take(calls, 1, patience);
    }

    void leave() {
        calls.release();
    }

    /** Waits until a payload may be held, which is then given back; false when it took too long. */
    boolean take(int bytes, Duration patience) {
        return take(kibibytes, room(bytes), patience);
    }

    void giveBack(int bytes) {
        kibibytes.release(room(bytes));
    }

    /** Buffers have a power of two; one buffer is always allowed. */
    private int room(int bytes) {
        int buffer = bytes <= 1024 ? 1024 : Integer.highestOneBit(bytes - 1) * 2;
        return bytes == 0 ? 0 : Math.min(allKibibytes, buffer / 1024);
    }

    /**
     * With a time, however short: without one a semaphore serves who asks past all who wait, and a
     * large payload would never see its room free.
     */
    private static boolean take(Semaphore from, int permits, Duration patience) {
        if (permits == 0) {
            return true; // it takes nothing from those who wait
        }
        try {
            return from.tryAcquire(permits, patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
