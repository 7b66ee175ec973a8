package io.lilio.chunk.backend.local;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** What is free on the medium, as of the latest look, less what was written since. Thread-safe. */
final class FreeSpace {

    private final Path root;
    private final long reserveBytes;
    private final AtomicLong free = new AtomicLong();
    private volatile long capacity;

    FreeSpace(Path root, long reserveBytes) {
        this.root = root;
        this.reserveBytes = reserveBytes;
        look();
    }

    /** Asks the file system. */
    void look() {
        capacity = root.toFile().getTotalSpace();
        free.set(root.toFile().getUsableSpace());
    }

    /** Whether that many bytes more leave the reserve alone; asks the file system when in doubt. */
    boolean hasRoomFor(long bytes) {
        if (free.addAndGet(-bytes) >= reserve()) {
            return true;
        }
        look();
        return free.addAndGet(-bytes) >= reserve();
    }

    /** Whether there is clearly more room than the reserve: so that health does not flutter. */
    boolean hasRecovered() {
        return free.get() >= reserve() + reserve() / 8;
    }

    /** Whether the reserve is touched. */
    boolean isLow() {
        return free.get() < reserve();
    }

    /** Whether that many bytes more, which others give back soon, leave half the reserve. */
    boolean leavesHalfReserve(long bytes) {
        return free.get() - bytes >= reserve() / 2;
    }

    long capacityBytes() {
        return capacity;
    }

    /** What puts may still take. */
    long freeBytes() {
        return Math.max(0, free.get() - reserve());
    }

    /** What puts leave alone. */
    long reserve() {
        return Math.min(reserveBytes, capacity / 20);
    }
}
