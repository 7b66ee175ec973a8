package io.lilio.server.rpc;

import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.server.rpc.message.Call;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What all connections of a server share: this node's members, and the bounds. Thread-safe. */
final class ServedCalls {

    private final RpcServerSettings settings;
    private final LocalNode node;
    private final RpcRuntime runtime;
    private final BufferPool buffers;
    private final MemberCalls members;
    private final Semaphore permits;

    ServedCalls(RpcServerSettings settings, LocalNode node, RpcRuntime runtime) {
        this.settings = settings;
        this.node = node;
        this.runtime = runtime;
        this.buffers =
                new BufferPool(
                        BufferPoolSettings.ofCapacity(settings.limits().bufferBytes()),
                        runtime.time());
        this.members = new MemberCalls(buffers);
        this.permits = new Semaphore(settings.limits().calls(), true);
    }

    RpcServerSettings settings() {
        return settings;
    }

    LocalNode node() {
        return node;
    }

    RpcRuntime runtime() {
        return runtime;
    }

    BufferPool buffers() {
        return buffers;
    }

    MemberCalls members() {
        return members;
    }

    /** How long a call may wait here before it begins: no longer than its sender does. */
    Duration patience(Call call) {
        Duration most = settings.timeouts().queue();
        int millis = call.getPatienceMillis();
        return millis > 0 && millis < most.toMillis() ? Duration.ofMillis(millis) : most;
    }

    /** Waits until one more call may begin, which then leaves; false when it took too long. */
    boolean enter(Duration patience) {
        if (permits.tryAcquire()) {
            return true;
        }
        try {
            return permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void leave() {
        permits.release();
    }
}
